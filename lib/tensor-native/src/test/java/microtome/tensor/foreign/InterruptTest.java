package microtome.tensor.foreign;

import static microtome.tensor.DType.F32;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;
import java.util.function.Supplier;
import microtome.tensor.BackendException;
import microtome.tensor.Engine;
import microtome.tensor.Tensor;
import microtome.tensor.WaitInterruptedException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What an interrupt stops, and what it leaves alone. One native thread, so that products take long. */
class InterruptTest {
    private static final String THREADS = "microtome.threads";
    private static final int LARGE = 3072;
    private static final int ATTEMPTS = 5;

    private Engine engine;

    @BeforeEach
    void open() {
        var library = NativeLibrary.instance();
        Assumptions.assumeTrue(library.isLoaded(), library::place);
        System.setProperty(THREADS, "1");
        engine = Engine.open("cpu");
        System.clearProperty(THREADS);
        Assumptions.assumeFalse(
                engine.device().facts().containsKey("calls"),
                "the implementation that tests use works when it is waited for: no operation runs that could be stopped");
    }

    @AfterEach
    void close() {
        if (engine != null) {
            engine.close();
        }
    }

    /** A thread that waits for something; its operations have been submitted when this returns. */
    private final class Waiter {
        private final AtomicReference<Throwable> thrown = new AtomicReference<>();
        private final AtomicReference<Tensor> result = new AtomicReference<>();
        private final CountDownLatch about = new CountDownLatch(1);
        private final Thread thread;

        Waiter(Supplier<Tensor> making) throws InterruptedException {
            this(making, Tensor::toFloats);
        }

        Waiter(Supplier<Tensor> making, Consumer<Tensor> waiting) throws InterruptedException {
            thread = Thread.ofPlatform().name("waiter").start(() -> {
                try {
                    result.set(making.get());
                    about.countDown();
                    waiting.accept(result.get());
                } catch (RuntimeException | AssertionError failure) {
                    thrown.set(failure);
                    about.countDown();
                }
            });
            assertThat(about.await(60, TimeUnit.SECONDS)).isTrue();
        }

        /** Interrupts it while its work is running; gives the milliseconds until it has ended. */
        long interrupt() throws InterruptedException {
            Thread.sleep(60);
            long start = System.nanoTime();
            thread.interrupt();
            thread.join();
            assertThat(thrown.get()).isInstanceOf(WaitInterruptedException.class);
            return (System.nanoTime() - start) / 1_000_000;
        }

        Tensor result() {
            return result.get();
        }
    }

    private Tensor large() {
        return engine.filled(1.0 / LARGE, F32, LARGE, LARGE);
    }

    /** Seconds of work in one operation. */
    private Tensor product(Tensor large) {
        return large.matmul(large);
    }

    /** Each value is a sum of equal terms that makes 1 / LARGE, whose rounding adds up to one unit per term at most. */
    private static void assertRight(Tensor product) {
        for (float value : product.slice(0, LARGE - 1, LARGE).toFloats()) {
            assertThat(value * LARGE).isCloseTo(1, within(LARGE * 0x1p-24f));
        }
    }

    @Test
    void aLongProductEndsSoonAndTheEngineComputesRight() throws InterruptedException {
        long best = Long.MAX_VALUE;
        for (int attempt = 0; attempt < ATTEMPTS && best > 200; attempt++) {
            try (var _ = engine.openScope()) {
                var large = large();
                engine.synchronize();
                var waiter = new Waiter(() -> {
                    var product = large;
                    for (int i = 0; i < 20; i++) {
                        product = product(product);
                    }
                    return product;
                });
                long start = System.nanoTime();
                waiter.interrupt();
                engine.synchronize(); // the operation itself has ended, and those that need it have been skipped
                assertThat(engine.filled(2, F32, 3).plus(1).toFloats()).containsExactly(3, 3, 3);
                best = Math.min(best, (System.nanoTime() - start) / 1_000_000 - 60);
                assertThatThrownBy(() -> waiter.result().toFloats())
                        .isInstanceOf(BackendException.class)
                        .hasMessage("matmul: interrupted by thread 'waiter', "
                                + "which was waiting for a download; compute it again");
            }
        }
        // Other programs can only make it longer; twenty products take more than ten seconds.
        System.out.printf("a product stopped and another operation done %d ms after the interrupt%n", best);
        assertThat(best).as("milliseconds until the engine was free").isLessThanOrEqualTo(200);
    }

    @Test
    void whatDoesNotNeedTheStoppedOperationIsStillDone() throws InterruptedException {
        var large = large();
        engine.synchronize();
        var independent = new AtomicReference<Tensor>();
        var waiter = new Waiter(() -> {
            var product = product(product(large));
            independent.set(engine.filled(4, F32, 2).plus(1));
            return product;
        });
        waiter.interrupt();
        assertThat(independent.get().toFloats()).containsExactly(5, 5);
        assertThatThrownBy(() -> waiter.result().plus(1).sum(0).toFloats())
                .hasMessageStartingWith("matmul: interrupted by thread 'waiter'");
        assertThat(large.slice(0, 0, 1).slice(1, 0, 1).times(LARGE).toFloats()).containsExactly(1);
        engine.synchronize(); // a stop that somebody asked for is no failure to report
    }

    @Test
    void anotherThreadsOperationGoesOn() throws InterruptedException {
        var large = large();
        engine.synchronize();
        var product = product(large);
        var waiter = new Waiter(() -> engine.filled(1, F32, 4).exp().plus(1));
        assertThat(waiter.interrupt()).isLessThan(2000);
        assertRight(product);
        assertThatThrownBy(() -> waiter.result().toFloats())
                .hasMessage("fill: interrupted by thread 'waiter', which was waiting for a download; compute it again");
    }

    @Test
    void anOperationThatTheThreadDidNotWaitForGoesOn() throws InterruptedException {
        var large = large();
        var small = engine.filled(1, F32, 4);
        engine.synchronize();
        var product = new AtomicReference<Tensor>();
        var waiter = new Waiter(() -> {
            product.set(product(large));
            return small.plus(1);
        });
        waiter.interrupt();
        assertRight(product.get());
    }

    @Test
    void valuesForOthersAreNotStopped() throws InterruptedException {
        var large = large();
        engine.synchronize();
        var waiter = new Waiter(() -> engine.outsideScopes(() -> product(large)));
        waiter.interrupt();
        assertRight(waiter.result());
    }

    @Test
    void waitingForEverythingStopsTheRunningOperation() throws InterruptedException {
        var large = large();
        engine.synchronize();
        var waiter = new Waiter(() -> product(large), _ -> engine.synchronize());
        waiter.interrupt();
        assertThatThrownBy(() -> waiter.result().toFloats())
                .hasMessageStartingWith("matmul: interrupted by thread 'waiter', which was waiting for all work");
    }

    @Test
    void interruptsAtAnyMomentGiveTheRightAnswerOrNone() {
        var numbers = new float[100];
        for (int i = 0; i < numbers.length; i++) {
            numbers[i] = i;
        }
        var input = engine.tensor(numbers, 100);
        var other = engine.tensor(numbers, 100);
        int interrupted = 0;
        var mine = Thread.currentThread();
        var stop = new CountDownLatch(1);
        var pest = Thread.ofPlatform().start(() -> {
            while (stop.getCount() > 0) {
                mine.interrupt();
                LockSupport.parkNanos(30_000);
            }
        });
        for (int i = 0; i < 2000; i++) {
            var sum = input.plus(i).times(2);
            var untouched = engine.outsideScopes(() -> other.plus(1));
            try {
                assertThat(sum.toFloats()[50]).isEqualTo(2 * (50f + i));
            } catch (WaitInterruptedException | BackendException stopped) {
                interrupted++;
            }
            Thread.interrupted();
            assertThat(answer(untouched)[7]).isEqualTo(8);
        }
        stop.countDown();
        while (pest.isAlive()) {
            LockSupport.parkNanos(100_000);
            Thread.interrupted();
        }
        Thread.interrupted();
        assertThat(interrupted).isBetween(1, 1999);
        assertThat(input.plus(1).toFloats()[99]).isEqualTo(100);
    }

    /** Reads what must be right, however often the wait is interrupted. */
    private static float[] answer(Tensor tensor) {
        while (true) {
            try {
                return tensor.toFloats();
            } catch (WaitInterruptedException again) {
                Thread.interrupted();
            }
        }
    }
}
