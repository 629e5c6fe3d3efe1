package microtome.tensor.conformance;

import static microtome.tensor.DType.F32;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.atomic.AtomicReference;
import microtome.tensor.Tensor;
import microtome.tensor.TensorType;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Memory: who owns it, when it goes, and what may be done from which thread. */
public abstract class LifetimeConformance extends BackendConformance {
    private static final int MANY = 10_000;

    /** For subclasses. */
    protected LifetimeConformance() {}

    @Test
    void tenThousandTensorsLeakNothing() {
        for (int round = 0; round < 10; round++) {
            try (var _ = engine().openScope()) {
                var tensor = engine().tensor(new float[33], 33);
                for (int i = 0; i < MANY / 10; i++) {
                    tensor = tensor.plus(1);
                }
                assertThat(tensor.toFloats()[32]).isEqualTo(MANY / 10);
            }
        }
        assertThat(engine().liveTensors()).isZero();
        assertThat(engine().liveBytes()).isZero();
    }

    @Test
    void tenThousandClosedAndForgottenTensorsLeakNothing() throws InterruptedException {
        long pooled = 0;
        for (int round = 0; round < 10; round++) {
            for (int i = 0; i < MANY / 20; i++) {
                var closed = engine().filled(i, F32, 1000);
                closed.plus(1).close();
                closed.close();
            }
            for (int i = 0; i < MANY / 20; i++) {
                engine().filled(i, F32, 1000); // nobody keeps it
            }
            collect();
            assertThat(engine().liveTensors()).as("after round %d", round).isZero();
            assertThat(engine().liveBytes()).isZero();
            pooled = Math.max(pooled, engine().pooledBytes());
        }
        // What nobody keeps may pile up until it is found, in blocks of its size; nothing piles up over the rounds.
        assertThat(pooled).isLessThan(MANY / 20 * 4096L + (64 << 10));
    }

    private void collect() throws InterruptedException {
        for (int attempt = 0; attempt < 200 && engine().liveTensors() > 0; attempt++) {
            System.gc();
            Thread.sleep(5);
        }
    }

    @Test
    void unreachableTensorsMakeRoomBeforeTheBudgetRefuses() {
        engine().setBudget(8L << 20);
        for (int i = 0; i < 40; i++) {
            var tensor = engine().filled(i, F32, 1 << 18);
            assertThat(tensor.slice(0, 5, 6).toFloats()).containsExactly(i);
            assertThat(engine().liveBytes()).isLessThanOrEqualTo(8L << 20);
        }
        assertThat(engine().pooledBytes()).isLessThanOrEqualTo(8L << 20);
    }

    @Test
    void aClosedTensorSaysWhichLineClosedIt() {
        var tensor = engine().filled(1, F32, 3);
        tensor.close();
        assertThatThrownBy(() -> tensor.plus(1))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageStartingWith("tensor F32 [3] is closed: close() was called on it at LifetimeConformance."
                        + "aClosedTensorSaysWhichLineClosedIt(LifetimeConformance.java:");
        engine().close();
        assertThatThrownBy(() -> engine().filled(1, F32, 3))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining(" is closed, by close() at LifetimeConformance."
                        + "aClosedTensorSaysWhichLineClosedIt(LifetimeConformance.java:");
    }

    @Test
    void unreachableTensorsAreFreedOutsideScopes() throws InterruptedException {
        for (int i = 0; i < 100; i++) {
            engine().tensor(new float[33], 33).plus(1);
        }
        collect();
        assertThat(engine().liveTensors()).isZero();
        assertThat(engine().liveBytes()).isZero();
    }

    @Test
    void aTensorThatItsScopeFreedSaysWhichScope() {
        Tensor inside;
        try (var _ = engine().openScope()) {
            inside = engine().filled(1, F32, 3);
        }
        assertThatThrownBy(() -> inside.plus(1))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageStartingWith("tensor F32 [3] is closed: the scope opened at LifetimeConformance."
                        + "aTensorThatItsScopeFreedSaysWhichScope(LifetimeConformance.java:");
    }

    @Test
    void aKeptTensorOutlivesItsScope() {
        Tensor kept;
        try (var scope = engine().openScope()) {
            kept = scope.keep(engine().filled(1, F32, 3).plus(1));
        }
        assertThat(kept.toFloats()).containsExactly(2, 2, 2);
    }

    @Test
    void closingAnInputRightAfterItsUseIsFine() {
        for (int i = 0; i < 100; i++) {
            var input = normal(F32, 257);
            var tensor = input.on(engine());
            var sum = tensor.plus(tensor);
            tensor.close();
            var other = engine().filled(7, F32, 257);
            assertExact(sum, Expected.map(input.values(), x -> 2 * x));
            other.close();
        }
    }

    @Test
    void theArrayMayChangeAfterItWasUploaded() {
        for (int size : new int[] {3, 1 << 20}) {
            var values = new float[size];
            java.util.Arrays.fill(values, 5);
            var tensor = engine().tensor(values, size);
            java.util.Arrays.fill(values, -1);
            assertThat(tensor.toFloats()).containsOnly(5);
        }
    }

    @Test
    void downloadsIntoEveryKindOfMemory() {
        int size = 700_001;
        var input = normal(F32, size);
        var tensor = input.on(engine());
        try (var confined = Arena.ofConfined();
                var shared = Arena.ofShared()) {
            var targets = new MemorySegment[] {
                confined.allocate(4L * size, 1),
                shared.allocate(4L * size, 1),
                MemorySegment.ofArray(new float[size]),
                MemorySegment.ofArray(new byte[4 * size])
            };
            for (var target : targets) {
                tensor.download(target);
                assertThat(target.get(ValueLayout.JAVA_FLOAT_UNALIGNED, 0)).isEqualTo((float) input.values()[0]);
                assertThat(target.mismatch(targets[0])).isEqualTo(-1);
            }
            assertThatThrownBy(() -> tensor.download(shared.allocate(4)))
                    .hasMessage("download: 4 bytes of host memory for F32 [700001], which takes 2800004");
        }
    }

    @Test
    void wrapsMemoryOfEveryKind(@TempDir Path folder) throws IOException {
        var values = new float[] {1.5f, -2, 3};
        var file = Files.write(folder.resolve("weights"), bytes(values));
        try (var confined = Arena.ofConfined();
                var shared = Arena.ofShared();
                var channel = FileChannel.open(file)) {
            var mapped = channel.map(FileChannel.MapMode.READ_ONLY, 0, 13, shared);
            var own = confined.allocate(13);
            own.copyFrom(mapped);
            for (var memory : new MemorySegment[] {mapped, own, MemorySegment.ofArray(bytes(values))}) {
                var tensor = engine().wrap(memory.asSlice(1), TensorType.of(F32, 3));
                assertThat(tensor.toFloats()).containsExactly(values);
                assertThat(tensor.times(2).toFloats()).containsExactly(3, -4, 6);
                tensor.close();
            }
            engine().synchronize();
        }
    }

    /** One byte, then the floats: an address that no float has. */
    private static byte[] bytes(float... values) {
        var bytes = MemorySegment.ofArray(new byte[1 + 4 * values.length]);
        for (int i = 0; i < values.length; i++) {
            bytes.set(ValueLayout.JAVA_FLOAT_UNALIGNED, 1 + 4L * i, values[i]);
        }
        return bytes.toArray(ValueLayout.JAVA_BYTE);
    }

    @Test
    void packingAMappedWeightLeavesItReadable(@TempDir Path folder) throws IOException {
        var weight = normal(F32, 300, 257);
        var raw = MemorySegment.ofArray(new byte[4 * 300 * 257]);
        for (int i = 0; i < weight.values().length; i++) {
            raw.set(ValueLayout.JAVA_FLOAT_UNALIGNED, 4L * i, (float) weight.values()[i]);
        }
        var file = Files.write(folder.resolve("weights"), raw.toArray(ValueLayout.JAVA_BYTE));
        try (var shared = Arena.ofShared();
                var channel = FileChannel.open(file)) {
            var mapped = channel.map(FileChannel.MapMode.READ_ONLY, 0, raw.byteSize(), shared);
            var tensor = engine().wrap(mapped, weight.type());
            var packed = engine().pack(tensor, F32);
            assertExact(tensor.plus(0), weight.values());
            packed.close();
            tensor.close();
            engine().synchronize();
        }
    }

    @Test
    void worksFromAVirtualThread() throws InterruptedException {
        var outcome = new AtomicReference<Object>();
        var engine = engine();
        var thread = Thread.ofVirtual().start(() -> {
            try (var scope = engine.openScope()) {
                outcome.set(scope.keep(engine.tensor(new float[] {1, 2, 3}, 3)
                                .softmax(0)
                                .sum(0))
                        .toFloats()[0]);
            } catch (RuntimeException | AssertionError failure) {
                outcome.set(failure);
            }
        });
        thread.join();
        assertThat(outcome.get()).isInstanceOf(Float.class);
        assertThat((Float) outcome.get()).isCloseTo(1, org.assertj.core.api.Assertions.within(1e-6f));
    }

    @Test
    void theSecondCloseDoesNothing() {
        var tensor = engine().filled(1, F32, 3);
        tensor.close();
        tensor.close();
        assertThat(engine().liveTensors()).isZero();
        engine().close();
        engine().close();
    }
}
