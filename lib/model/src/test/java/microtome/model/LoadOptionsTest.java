package microtome.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

class LoadOptionsTest {
    @Test
    void bf16ActivationsBringBf16WeightsAlong() {
        assertThat(LoadOptions.DEFAULT.precision(Precision.BF16).weights()).isEqualTo(Weights.BF16);
        assertThat(LoadOptions.DEFAULT.weights(Weights.BF16).precision()).isEqualTo(Precision.F32);
        assertThat(LoadOptions.DEFAULT.weights(Weights.AS_STORED).precision(Precision.F32))
                .isEqualTo(new LoadOptions("", Precision.F32, Weights.AS_STORED));
    }

    @Test
    void pairsWithoutAProductSayWhichHaveOne() {
        assertThatThrownBy(() -> LoadOptions.DEFAULT.weights(Weights.AS_STORED).precision(Precision.BF16))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage(
                        "weights AS_STORED with precision BF16: BF16 activations are multiplied by BF16 weights only; "
                                + "use weights(Weights.BF16), or precision(Precision.F32) to keep weights AS_STORED");
        assertThatThrownBy(() -> LoadOptions.DEFAULT.precision(Precision.BF16).weights(Weights.F32))
                .hasMessageContaining("weights F32 with precision BF16");
    }

    @Test
    void aFormIsKnownByItsName() {
        assertThat(Weights.named("as-stored")).isEqualTo(Weights.AS_STORED);
        assertThat(Weights.named("BF16")).isEqualTo(Weights.BF16);
        assertThatThrownBy(() -> Weights.named("stored"))
                .hasMessage("weights 'stored' are unknown; give one of as-stored, f32, bf16, q8_0, q4_1");
    }
}
