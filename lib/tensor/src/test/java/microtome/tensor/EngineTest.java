package microtome.tensor;

import static microtome.tensor.DType.BF16;
import static microtome.tensor.DType.F16;
import static microtome.tensor.DType.F32;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import microtome.tensor.reference.ReferenceProvider;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class EngineTest {
    @Test
    void anUnknownBackendNamesTheKnownOnes() {
        assertThatThrownBy(() -> Engine.open("metal"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("backend 'metal' is unknown; found: reference (available)");
        assertThatThrownBy(() -> Engine.open("nd4j"))
                .hasMessage("backend 'nd4j' is not on the class path: add microtome-tensor-nd4j; "
                        + "found: reference (available)");
    }

    @Test
    void aMissingBackendGivesItsReasonAndTheOthers() {
        var providers = new Providers(List.of(new ReferenceProvider(), new Missing(10)));
        assertThatThrownBy(() -> providers.open("missing"))
                .hasMessage("backend 'missing' is missing: no driver, install it; "
                        + "found: missing (missing: no driver, install it), reference (available)");
    }

    @Test
    void fallsToTheNextBackendAndNotesWhy() {
        var providers = new Providers(List.of(new ReferenceProvider(), new Missing(10)));
        try (var engine = providers.openBest()) {
            assertThat(engine.device().backend()).isEqualTo("reference");
            assertThat(engine.notes()).containsExactly("backend missing is missing: no driver, install it");
        }
    }

    @Test
    void aWorseMissingBackendIsNotWorthANote() {
        var providers = new Providers(List.of(new ReferenceProvider(), new Missing(-1)));
        try (var engine = providers.openBest()) {
            assertThat(engine.notes()).isEmpty();
        }
        assertThat(providers.availability()).extracting(Availability::backend).containsExactly("reference", "missing");
    }

    @Test
    void aClassPathOfSlowBackendsOnlyIsWorthANote() {
        for (var found : List.of(
                List.<BackendProvider>of(new ReferenceProvider()),
                List.<BackendProvider>of(new ReferenceProvider(), new Missing("nd4j", -1)))) {
            try (var engine = new Providers(found).openBest()) {
                assertThat(engine.notes())
                        .containsExactly("backend cpu is missing: microtome-tensor-native is not on the class path; "
                                + "add it for speed");
            }
        }
    }

    @Test
    void readsAMappedFileAtAnyByte(@TempDir Path folder) throws IOException {
        var bytes = ByteBuffer.allocate(1 + 8)
                .order(ByteOrder.LITTLE_ENDIAN)
                .position(1)
                .putFloat(1.5f)
                .putFloat(-2);
        var file = Files.write(folder.resolve("weights"), bytes.array());
        try (var engine = Engine.open("reference");
                var arena = Arena.ofShared();
                var channel = FileChannel.open(file)) {
            var mapped = channel.map(FileChannel.MapMode.READ_ONLY, 0, 9, arena);
            var tensor = engine.wrap(mapped.asSlice(1), TensorType.of(F32, 2));
            assertThat(tensor.toFloats()).containsExactly(1.5f, -2);
            assertThat(engine.liveBytes()).isZero();
            assertThat(tensor.plus(1).toFloats()).containsExactly(2.5f, -1);
        }
    }

    @Test
    void wrapRefusesMemoryOfAnotherSize() {
        try (var engine = Engine.open("reference")) {
            var memory = MemorySegment.ofArray(new byte[6]);
            assertThatThrownBy(() -> engine.wrap(memory, TensorType.of(F32, 2)))
                    .hasMessage("wrap: 6 bytes of host memory for F32 [2], which takes 8");
            assertThatThrownBy(() -> engine.tensor(new float[5], 2, 3))
                    .hasMessage("5 values given for [2, 3], which has 6 elements");
        }
    }

    @Test
    void packedWeightsMultiplyAndDoNothingElse() {
        try (var engine = Engine.open("reference")) {
            var weight = engine.tensor(new float[] {1, 2, 3, 4}, 2, 2);
            var packed = engine.pack(weight, F32);
            assertThat(packed.isPacked()).isTrue();
            assertThat(weight.matmulTransposed(packed).toFloats()).containsExactly(5, 11, 11, 25);
            assertThatThrownBy(() -> packed.plus(1))
                    .hasMessage("plus: input 0 is the packed weight F32 [2, 2], "
                            + "which only products accept, on the right");
            assertThatThrownBy(packed::toFloats)
                    .hasMessage("tensor F32 [2, 2] is packed and cannot be read; keep the plain weight");
            assertThatThrownBy(() -> engine.pack(weight, F16)).hasMessageStartingWith("pack: F32 [2, 2] to F16;");
        }
    }

    @Test
    void storesWhatItIsGivenInEveryType() {
        try (var engine = Engine.open("reference")) {
            assertThat(engine.tensor(new double[] {1e-300}, 1).toDoubles()).containsExactly(1e-300);
            assertThat(engine.indices(new int[] {7, -7}, 2).toInts()).containsExactly(7, -7);
            var brain = MemorySegment.ofArray(new short[] {0x3F80, (short) 0xC049, 1});
            assertThat(engine.tensor(brain, TensorType.of(BF16, 3)).toFloats())
                    .containsExactly(1f, -3.140625f, Float.intBitsToFloat(1 << 16));
            assertThat(engine.filled(0.1, F16, 2).toFloats()).containsExactly(0.0999755859375f, 0.0999755859375f);
        }
    }

    @Test
    void downloadCopiesTheBytesOfAViewOnly() {
        try (var engine = Engine.open("reference");
                var arena = Arena.ofConfined()) {
            var target = arena.allocate(ValueLayout.JAVA_FLOAT, 2);
            engine.tensor(new float[] {1, 2, 3, 4}, 2, 2).slice(0, 1, 2).download(target);
            assertThat(target.toArray(ValueLayout.JAVA_FLOAT)).containsExactly(3, 4);
        }
    }

    @Test
    void tensorsOfTwoEnginesDoNotMix() {
        try (var one = Engine.open("reference");
                var two = Engine.open("reference")) {
            var left = one.tensor(new float[] {1}, 1);
            var right = two.tensor(new float[] {1}, 1);
            assertThatThrownBy(() -> left.plus(right)).hasMessageStartingWith("plus: input 1 lives on another engine");
        }
    }

    private record Missing(String name, int priority) implements BackendProvider {
        Missing(int priority) {
            this("missing", priority);
        }

        @Override
        public Availability availability() {
            return new Availability(name, false, "no driver, install it");
        }

        @Override
        public Backend open() {
            throw new AssertionError("is not available");
        }
    }
}
