package microtome.tensor.foreign;

import static microtome.tensor.DType.BF16;
import static microtome.tensor.DType.F32;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import microtome.tensor.Engine;
import microtome.tensor.OutOfMemory;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

class NativeMemoryTest {
    private static final long MIB = 1 << 20;

    @BeforeAll
    static void needsTheLibrary() {
        var library = NativeLibrary.instance();
        Assumptions.assumeTrue(library.isLoaded(), library::place);
    }

    @Test
    void tenThousandTensorsLeaveThePoolTheProcessAndTheHandlesAsTheyWere() throws IOException, InterruptedException {
        try (var engine = Engine.open("cpu")) {
            engine.setBudget(256 * MIB);
            round(engine);
            long resident = residentBytes();
            long pooled = engine.pooledBytes();
            for (int i = 0; i < 9; i++) {
                round(engine);
                assertThat(engine.liveTensors()).isZero();
                assertThat(engine.liveBytes()).isZero();
            }
            // One round makes 130 MiB; a leak of one in ten tensors would show.
            assertThat(engine.pooledBytes() - pooled)
                    .as("more bytes in the pool")
                    .isLessThan(8 * MIB);
            assertThat(residentBytes() - resident)
                    .as("more bytes in the process")
                    .isLessThan(96 * MIB);
            assertThat(buffersOf(engine)).contains("; 0 bytes live in 0 buffers,");
        }
    }

    /** A thousand tensors of up to 256 KiB: ended with a scope, closed, or forgotten. */
    private static void round(Engine engine) throws InterruptedException {
        for (int i = 0; i < 333; i++) {
            try (var _ = engine.openScope()) {
                engine.filled(i, F32, 256L * i);
            }
            var tensor = engine.tensor(new float[77], 77);
            tensor.close();
            engine.filled(i, BF16, 256L * i);
        }
        for (int attempt = 0; attempt < 200 && engine.liveTensors() > 0; attempt++) {
            System.gc();
            Thread.sleep(5);
        }
        engine.synchronize();
    }

    /** What the native library says about its buffers when it refuses one. */
    private static String buffersOf(Engine engine) {
        long budget = engine.budget();
        engine.setBudget(Long.MAX_VALUE);
        try (var _ = engine.openScope()) {
            engine.filled(1, F32, 1L << 50).slice(0, 0, 1).toFloats();
            throw new AssertionError("no machine has that much memory");
        } catch (OutOfMemory refused) {
            return refused.getMessage();
        } finally {
            engine.setBudget(budget);
        }
    }

    private static long residentBytes() throws IOException {
        var line = Files.readAllLines(Path.of("/proc/self/status")).stream()
                .filter(each -> each.startsWith("VmRSS:"))
                .findFirst()
                .orElseThrow();
        return Long.parseLong(line.replaceAll("\\D", "")) << 10;
    }

    @Test
    void thePoolGivesWayToTheBudget() {
        try (var engine = Engine.open("cpu")) {
            Assumptions.assumeFalse(
                    engine.device().facts().containsKey("calls"),
                    "the implementation that tests use gives memory back only when it is waited for");
            engine.setBudget(48 * MIB);
            engine.filled(1, F32, 8 * MIB).close();
            assertThat(engine.pooledBytes()).isEqualTo(32 * MIB);
            var other = engine.filled(1, F32, 5 * MIB);
            assertThat(engine.pooledBytes()).as("20 and 32 MiB are too much").isZero();
            other.close();
            assertThat(engine.pooledBytes()).isEqualTo(20 * MIB);
            engine.trim();
            assertThat(engine.pooledBytes()).isZero();
        }
    }

    @Test
    void aDeviceThatIsFullFirstGetsBackWhatIsQueuedToBeReleased() throws InterruptedException {
        var thread = EngineThread.start(1);
        var used = NativeBuffer.planned(F32, 4);
        var unused = NativeBuffer.planned(F32, 4);
        var attempts = new AtomicInteger();
        var queued = new CountDownLatch(1);
        var found = new StringBuilder();
        thread.submit(new Command("make", List.of(used, unused), null, session -> waitFor(queued)));
        var full = new Command("full", List.of(), NativeBuffer.planned(F32, 4), session -> {
                    if (attempts.incrementAndGet() == 1) {
                        throw new OutOfMemory("none left");
                    }
                    found.append(used.isCreated() + " " + unused.isCreated());
                })
                .awaited();
        thread.submit(full);
        thread.submit(Command.release(unused));
        var reading = MemorySegment.ofArray(new float[4]);
        thread.submit(
                new Command("read", List.of(used), null, session -> Transfers.download(session, used, 0, reading)));
        thread.submit(Command.release(used));
        queued.countDown();
        thread.await(full, "room");
        assertThat(attempts).hasValue(2);
        assertThat(found).hasToString("true false");
        thread.submitAndAwait(new Command("", List.of(), null, thread::reportFailures).awaited(), "all work");
        assertThat(used.isCreated()).isFalse();
        thread.stop();
        thread.join();
    }

    @Test
    void aDeviceThatStaysFullFailsAfterAWhile() throws InterruptedException {
        var thread = EngineThread.start(1);
        var attempts = new AtomicInteger();
        var full = new Command("full", List.of(), null, session -> {
                    attempts.incrementAndGet();
                    throw new OutOfMemory("none left");
                })
                .awaited();
        assertThatThrownBy(() -> thread.submitAndAwait(full, "room"))
                .isInstanceOf(OutOfMemory.class)
                .hasMessage("full: none left");
        assertThat(attempts).hasValue(1);
        thread.stop();
        thread.join();
    }

    private static void waitFor(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException interrupted) {
            throw new AssertionError(interrupted);
        }
    }
}
