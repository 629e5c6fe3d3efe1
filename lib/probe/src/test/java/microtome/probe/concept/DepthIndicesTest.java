package microtome.probe.concept;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class DepthIndicesTest {
    @Test
    void aCurveThatJumpsAndThenStaysFlat() {
        var indices = DepthIndices.of(new double[] {.5, .5, .6, .8, .81, .81}, 1, .5);
        assertThat(indices.share(indices.jump())).isEqualTo("3/6 = 0.50");
        assertThat(indices.share(indices.converging())).isEqualTo("5/6 = 0.83");
        assertThat(indices.share(indices.convergingAsWritten())).isEqualTo("6/6 = 1.00");
        assertThat(indices.peak()).isEqualTo(5);
        assertThat(indices.depth50()).isEqualTo(4); // half of the way from .5 to .81 is .655
    }

    @Test
    void aFlatCurveHasNoJumpAndHasConvergedAtItsSecondLayer() {
        var indices = DepthIndices.of(new double[] {.5, .5, .5, .5, .5, .5}, 1, .5);
        assertThat(indices.jump()).isEqualTo(DepthIndices.NONE);
        assertThat(indices.share(indices.jump())).isEqualTo("none");
        assertThat(indices.share(indices.converging())).isEqualTo("2/6 = 0.33");
        assertThat(indices.depth50()).isEqualTo(DepthIndices.NONE);
        assertThat(indices.peak()).isEqualTo(1);
    }

    @Test
    void withTheEmbeddingLayersCountFrom0() {
        var indices = DepthIndices.of(new double[] {.5, .6, .9}, 0, .5);
        assertThat(indices.last()).isEqualTo(2);
        assertThat(indices.jump()).isEqualTo(1);
        assertThat(indices.converging()).isEqualTo(DepthIndices.NONE);
        assertThat(indices.words()).isEqualTo("jump 1/2, converging none (as the paper writes it: none)");
    }

    @Test
    void aLayerWithoutANumberQualifiesForNothing() {
        var indices = DepthIndices.of(new double[] {Double.NaN, .5, Double.NaN, .9}, 0, .5);
        assertThat(indices.jump()).isEqualTo(DepthIndices.NONE);
        assertThat(indices.peak()).isEqualTo(3);
        assertThat(DepthIndices.of(new double[] {Double.NaN}, 1, .5).peak()).isEqualTo(DepthIndices.NONE);
    }
}
