package microtome.probe.data;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class DepthsTest {
    @Test
    void theEmbeddingIsDepthZeroAndHasAName() {
        assertThat(Depths.labels(0, 2)).containsExactly("emb", "1", "2");
    }

    @Test
    void whatLiesBetweenLayersNamesThemAll() {
        List<String> labels = List.of("emb", "1", "2", "final");
        assertThat(Depths.between(labels)).containsExactly("emb→1", "1→2", "2→final");
        assertThat(Depths.around(labels)).containsExactly("emb→1→2", "1→2→final");
    }

    @Test
    void aSinglePointHasNothingBetweenOrAround() {
        assertThat(Depths.between(List.of("emb"))).isEmpty();
        assertThat(Depths.around(List.of("emb"))).isEmpty();
    }
}
