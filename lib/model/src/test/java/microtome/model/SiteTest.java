package microtome.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import microtome.model.config.ActivationFunction;
import microtome.model.config.Dimensions;
import microtome.model.config.ModelConfig;
import microtome.model.config.NormRule;
import microtome.model.config.Positions;
import org.junit.jupiter.api.Test;

class SiteTest {

    @Test
    void everySiteIsFoundAgainByItsName() {
        for (Site site : Site.all(3)) {
            assertThat(Site.parse(site.name(), 3)).isEqualTo(site);
        }
    }

    @Test
    void allSitesComeInTheOrderOfComputation() {
        List<Site> sites = Site.all(2);
        assertThat(sites).isSorted();
        assertThat(sites.getFirst()).isEqualTo(Site.parse("token_embedding", 2));
        assertThat(sites.getLast()).isEqualTo(Site.logits());
        assertThat(sites).hasSize(2 + 2 * 25 + 1 + 4);
    }

    @Test
    void aResidualNeedsAsManyBlocksAsItsDepth() {
        assertThat(Site.residual(0).blocksNeeded(30)).isZero();
        assertThat(Site.residual(7).blocksNeeded(30)).isEqualTo(7);
        assertThat(Site.pattern(7).blocksNeeded(30)).isEqualTo(8);
        assertThat(Site.finalNorm().blocksNeeded(30)).isEqualTo(30);
    }

    @Test
    void anUnknownNameShowsTheNearestOnes() {
        assertThatThrownBy(() -> Site.parse("residul.3", 30))
                .hasMessageContaining("unknown site 'residul.3'; nearest: residual.N");
        assertThatThrownBy(() -> Site.parse("residual", 30)).hasMessageContaining("residual.N");
        assertThatThrownBy(() -> Site.parse("logits.2", 30)).hasMessageContaining("logits");
        assertThatThrownBy(() -> Site.parse("pattern.x", 30)).hasMessageContaining("pattern.N");
    }

    @Test
    void aBlockOutOfRangeShowsTheRange() {
        assertThatThrownBy(() -> Site.parse("pattern.30", 30))
                .hasMessage("site pattern.30: this model has pattern.0 to pattern.29 (30 blocks)");
        assertThatThrownBy(() -> Site.residual(31).checkedFor(30))
                .hasMessageContaining("residual.0 to residual.30")
                .hasMessageContaining("residual.0 is the embedding output");
        assertThatThrownBy(() -> Site.residual(-1)).hasMessageContaining("counting starts at 0");
    }

    @Test
    void aSiteThatAFamilyLacksSaysWhyAndWhatIsNear() {
        var dimensions = new Dimensions(2, 8, 2, 2, 4, 16, 11, 32);
        var config = ModelConfig.decoder("toy", dimensions, NormRule.layer(1e-5), new Positions.Learned())
                .mlp(false, ActivationFunction.GELU_TANH);
        assertThatThrownBy(() -> Site.parse("mlp_up.1", 2).checkedFor(config))
                .hasMessageContaining("site mlp_up.1: models of family toy have none (the MLP has no gate,")
                .hasMessageContaining("nearest: mlp_input.N");
        assertThat(Site.all(config))
                .contains(Site.parse("position_embedding", 2))
                .doesNotContain(Site.uncappedLogits());
    }

    @Test
    void theArchitecturePageNamesEverySite() throws IOException {
        String page = Files.readString(Path.of("../ARCHITECTURE.md"));
        for (Site.Kind kind : Site.Kind.values()) {
            assertThat(page).contains("`" + kind.label());
        }
    }
}
