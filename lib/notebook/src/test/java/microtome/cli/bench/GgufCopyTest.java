package microtome.cli.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.file.Path;
import microtome.model.format.StoredTensor;
import microtome.model.format.StoredType;
import microtome.model.format.WeightFormats;
import microtome.model.store.ModelStore;
import microtome.tensor.DType;
import microtome.tensor.Engine;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class GgufCopyTest {
    private static final String MODEL = "smollm2-135m-instruct";
    private static final String SMALL = "blk.3.attn_k.weight";

    @TempDir
    private Path folder;

    @Test
    void saysTheSameOfItselfAndHoldsEveryTensorInTheNewType() {
        ModelStore store = ModelStore.standard();
        assumeTrue(store.names().contains(MODEL), () -> MODEL + " is in none of " + store.folders());
        Path original = store.resolve(MODEL).weights();
        Path copy = folder.resolve("copy.gguf");
        try (var engine = Engine.open()) {
            GgufCopy.write(engine, original, DType.Q4_0, copy);
            try (var before = WeightFormats.open(original);
                    var after = WeightFormats.open(copy);
                    var _ = engine.openScope()) {
                assertThat(after.names()).isEqualTo(before.names());
                assertThat(after.metadata().keys()).isEqualTo(before.metadata().keys());
                assertThat(after.metadata().string("tokenizer.chat_template"))
                        .isEqualTo(before.metadata().string("tokenizer.chat_template"));
                for (String name : before.names()) {
                    StoredTensor tensor = after.tensor(name);
                    assertThat(tensor.shape())
                            .as(name)
                            .isEqualTo(before.tensor(name).shape());
                    assertThat(tensor.storedType())
                            .as(name)
                            .isEqualTo(tensor.shape().rank() == 1 ? StoredType.F32 : StoredType.Q4_0);
                }
                for (String name : new String[] {SMALL, "output_norm.weight"}) {
                    float[] expected = floats(engine, before.tensor(name));
                    float[] rounded = floats(engine, after.tensor(name));
                    double error = StatesCheck.errors(rounded, expected, expected.length)[0];
                    // Sixteen levels over the range of a block of 32 normal values: a step of 0.3 deviations, rounded.
                    assertThat(error).as(name).isLessThan(name.equals(SMALL) ? 0.15 : 1e-9);
                }
            }
        }
    }

    private static float[] floats(Engine engine, StoredTensor tensor) {
        return engine.wrap(tensor.bytes(), tensor.type()).cast(DType.F32).toFloats();
    }
}
