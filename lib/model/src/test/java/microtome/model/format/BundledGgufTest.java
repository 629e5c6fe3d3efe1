package microtome.model.format;

import static org.assertj.core.api.Assertions.assertThat;

import microtome.model.BundledModelFile;
import microtome.tensor.DType;
import microtome.tensor.TensorType;
import org.junit.jupiter.api.Test;

class BundledGgufTest {
    @Test
    void theBundledModelReadsAsItsPackageSays() {
        try (Gguf file = Gguf.open(BundledModelFile.required())) {
            assertThat(file.version()).isEqualTo(3);
            assertThat(file.names()).hasSize(272).startsWith("token_embd.weight", "blk.0.attn_norm.weight");
            assertThat(file.tensor("token_embd.weight").type()).isEqualTo(TensorType.of(DType.Q8_0, 49152, 576));
            assertThat(file.tensor("blk.3.ffn_down.weight").type()).isEqualTo(TensorType.of(DType.Q4_1, 576, 1536));
            assertThat(file.tensor("output_norm.weight").type()).isEqualTo(TensorType.of(DType.F32, 576));
            assertThat(file.names().stream().filter(name -> file.tensor(name).storedType() == StoredType.Q4_1))
                    .hasSize(210);
            assertThat(file.metadata().keys()).hasSize(33);
            assertThat(file.metadata().string("general.architecture")).isEqualTo("llama");
            assertThat(file.metadata().longValue("llama.block_count")).isEqualTo(30);
            assertThat(file.metadata().floatValue("llama.rope.freq_base")).isEqualTo(100000.0);
            assertThat(file.metadata().utf8("tokenizer.ggml.merges").size()).isEqualTo(48900);
            assertThat(file.sha256()).isEqualTo("b179c9523d0e6a0f98a330c7562b682750a6f8c8c15e5bc70ea373728110db53");
        }
    }
}
