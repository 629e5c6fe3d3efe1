package microtome.tensor.foreign;

import static microtome.tensor.DType.BF16;
import static microtome.tensor.DType.F32;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.lang.foreign.MemorySegment;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicReference;
import microtome.tensor.BackendException;
import microtome.tensor.BufferRange;
import microtome.tensor.DType;
import microtome.tensor.Engine;
import microtome.tensor.WaitInterruptedException;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class NativeBackendTest {
    private static final int CALLS = 2_000;

    @BeforeAll
    static void needsTheLibrary() {
        var library = NativeLibrary.instance();
        Assumptions.assumeTrue(library.isLoaded(), library::place);
    }

    @Test
    void isTheBestBackendAndSaysWhatItRunsOn() {
        try (var engine = Engine.open()) {
            assertThat(engine.device().backend()).isEqualTo("cpu");
            assertThat(engine.notes()).isEmpty();
            assertThat(engine.device().facts()).containsKeys("processor", "lane", "threads", "matrix_library");
            assertThat(engine.device().facts().get("matrix_library")).startsWith("oneDNN 3.");
            assertThat(engine.device().facts().get("lane")).isEqualTo(EngineFunctions.activeIsa());
        }
    }

    @Test
    void theLaneIsAtMostTheCap() {
        var cap = System.getenv().getOrDefault("MT_ISA_CAP", "x86-64-v4");
        assertThat(EngineFunctions.activeIsa()).startsWith("x86-64-v").isLessThanOrEqualTo(cap);
    }

    @ParameterizedTest
    @CsvSource({"3, 3", "' 1 ', 1"})
    void theNumberOfThreadsIsASetting(String setting, int threads) {
        assertThat(NativeProvider.threads(setting)).isEqualTo(threads);
        try (var backend = NativeBackend.open(threads)) {
            assertThat(backend.device().facts()).containsEntry("threads", Integer.toString(threads));
        }
    }

    @Test
    void theNumberOfThreadsIsOnePerProcessorUnlessItIsSet() {
        assertThat(NativeProvider.threads(null)).isEqualTo(Runtime.getRuntime().availableProcessors());
        assertThatThrownBy(() -> NativeProvider.threads("many"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageStartingWith("property microtome.threads is 'many'; it must be a number of threads from 1");
    }

    @Test
    void doublesAreStoredAndNarrowedButNotComputed() {
        try (var engine = Engine.open("cpu")) {
            var tensor = engine.tensor(new double[] {0.1, 0.2}, 2);
            assertThat(tensor.toDoubles()).containsExactly(0.1, 0.2);
            assertThat(tensor.cast(F32).toFloats()).containsExactly(0.1f, 0.2f);
            assertThatThrownBy(tensor::exp)
                    .isInstanceOf(BackendException.class)
                    .hasMessage("exp: backend cpu does not compute it on [F64 [2]]; "
                            + "cast to F32, or use Engine.open(\"reference\")");
        }
    }

    @Test
    void noProductIsFasterThanThePeakOfArithmetic() {
        try (var engine = Engine.open("cpu")) {
            double peak = engine.arithmeticPeak(F32).orElseThrow();
            assertThat(peak).isGreaterThan(1e9);
            var left = engine.filled(1, F32, 128, 512);
            var right = engine.pack(engine.filled(1, F32, 512, 512), F32);
            double best = Double.POSITIVE_INFINITY;
            for (int repeat = 0; repeat < 20; repeat++) {
                engine.synchronize();
                long began = System.nanoTime();
                try (var _ = left.matmulTransposed(right)) {
                    engine.synchronize();
                    best = Math.min(best, (System.nanoTime() - began) / 1e9);
                }
            }
            double speed = 2.0 * 128 * 512 * 512 / best;
            // A busy machine may disturb every burst of one measurement; a wrong count would be off by two or more.
            assertThat(speed).isLessThan(1.9 * peak);
            assertThat(engine.arithmeticPeak(DType.I32)).isEmpty();
            boolean brain = "native".equals(engine.device().facts().get("bf16_products"));
            assertThat(engine.arithmeticPeak(BF16).isPresent()).isEqualTo(brain);
        }
        try (var engine = Engine.open("reference")) {
            assertThat(engine.arithmeticPeak(F32)).isEmpty();
        }
    }

    @Test
    void anInterruptEndsTheWaitWithinASecond() throws InterruptedException {
        try (var engine = Engine.open("cpu")) {
            var about = new CountDownLatch(1);
            var thrown = new AtomicReference<Throwable>();
            var thread = Thread.ofPlatform().start(() -> {
                try (var _ = engine.openScope()) {
                    var matrix = engine.filled(1e-3, F32, 1536, 1536);
                    for (int i = 0; i < 10; i++) {
                        matrix = matrix.matmul(matrix);
                    }
                    about.countDown();
                    matrix.toFloats();
                } catch (WaitInterruptedException interrupted) {
                    thrown.set(interrupted);
                }
            });
            about.await();
            long start = System.nanoTime();
            thread.interrupt();
            thread.join();
            assertThat((System.nanoTime() - start) / 1_000_000)
                    .as("milliseconds until the exception")
                    .isLessThan(1000);
            assertThat(thrown.get())
                    .isInstanceOf(WaitInterruptedException.class)
                    .hasMessageStartingWith("interrupted while waiting for the device to finish a download");
            assertThat(engine.tensor(new float[] {1}, 1).plus(1).toFloats()).containsExactly(2);
        }
    }

    @ParameterizedTest
    @CsvSource({"F32, 0, 8, 16", "F64, 8, 16, 40", "BF16, 2, 6, 10", "Q5_0, 22, 44, 22", "F32, 4, 0, 12"})
    void copiesBytesBetweenBuffers(DType type, long from, long to, long bytes) {
        try (var backend = NativeBackend.open(1)) {
            long elements = 3L * 64 / type.blockElements() * type.blockElements();
            var values = new byte[(int) type.bytes(elements)];
            for (int i = 0; i < values.length; i++) {
                values[i] = (byte) i;
            }
            var source = backend.allocate(type, elements);
            var target = backend.allocate(type, elements);
            backend.upload(MemorySegment.ofArray(values), source);
            backend.upload(MemorySegment.ofArray(new byte[values.length]), target);
            backend.copy(new BufferRange(source, from, bytes), new BufferRange(target, to, bytes));
            var result = new byte[values.length];
            backend.download(new BufferRange(target, 0, values.length), MemorySegment.ofArray(result));
            var expected = new byte[values.length];
            System.arraycopy(values, (int) from, expected, (int) to, (int) bytes);
            assertThat(result).isEqualTo(expected);
        }
    }

    @Test
    void aClosedBackendRefusesToWaitAndIgnoresTheRest() {
        var backend = NativeBackend.open(1);
        var buffer = backend.allocate(F32, 4);
        backend.close();
        backend.close();
        backend.release(buffer);
        var target = MemorySegment.ofArray(new float[4]);
        assertThatThrownBy(() -> backend.download(new BufferRange(buffer, 0, 16), target))
                .isInstanceOf(BackendException.class)
                .hasMessage("download: the engine is closed");
    }

    @Test
    void nativeMemoryGoesBackWhenTensorsAreClosed() {
        try (var engine = Engine.open("cpu")) {
            for (int i = 0; i < 50; i++) {
                try (var _ = engine.openScope()) {
                    engine.filled(1, F32, 1 << 20).plus(1).cast(BF16);
                    engine.synchronize();
                }
            }
            assertThat(engine.liveBytes()).isZero();
        }
    }

    @Test
    void printsWhatOneCallCosts() {
        try (var engine = Engine.open("cpu")) {
            long submitting = Long.MAX_VALUE;
            long whole = Long.MAX_VALUE;
            for (int round = 0; round < 40; round++) {
                try (var _ = engine.openScope()) {
                    var tensor = engine.tensor(new float[16], 16);
                    engine.synchronize();
                    long start = System.nanoTime();
                    for (int i = 0; i < CALLS; i++) {
                        tensor = tensor.plus(tensor);
                    }
                    submitting = Math.min(submitting, System.nanoTime() - start);
                    engine.synchronize();
                    whole = Math.min(whole, System.nanoTime() - start);
                }
            }
            System.out.printf(
                    "one operation on 16 numbers: %d ns to queue it, %d ns until it is done (best of 40 rounds)%n",
                    submitting / CALLS, whole / CALLS);
            // One step of decoding is about 360 operations. The implementation that only tests use counts and copies
            // calls.
            boolean second = engine.device().facts().containsKey("calls");
            assertThat(second ? 0 : 360 * whole / CALLS)
                    .as("nanoseconds of 360 operations")
                    .isLessThan(2_000_000);
        }
    }
}
