package microtome.probe.geometry;

import static org.assertj.core.api.Assertions.assertThat;

import microtome.model.Site;
import microtome.probe.data.PositionRule;
import org.junit.jupiter.api.Test;

class TrajectoryOptionsTest {
    @Test
    void theDefaultEndsBeforeTheFinalNorm() {
        assertThat(TrajectoryOptions.DEFAULT.sites(2))
                .containsExactly(Site.residual(0), Site.residual(1), Site.residual(2));
        assertThat(TrajectoryOptions.DEFAULT.labels(2)).containsExactly("emb", "1", "2");
        assertThat(TrajectoryOptions.DEFAULT).hasToString("last token, from the embedding to the last block");
    }

    @Test
    void theFinalNormMayBeOneMorePoint() {
        var options = TrajectoryOptions.DEFAULT.ending(Ending.FINAL_NORM_ADDED);
        assertThat(options.sites(1)).containsExactly(Site.residual(0), Site.residual(1), Site.finalNorm());
        assertThat(options.labels(1)).containsExactly("emb", "1", "final");
    }

    @Test
    void thePaperPutsTheFinalNormInPlaceOfTheLastBlock() {
        assertThat(TrajectoryOptions.PAPER.rule()).isEqualTo(PositionRule.MEAN);
        assertThat(TrajectoryOptions.PAPER.sites(2))
                .containsExactly(Site.residual(0), Site.residual(1), Site.finalNorm());
        assertThat(TrajectoryOptions.PAPER.labels(2)).containsExactly("emb", "1", "final");
    }

    @Test
    void itsCodeAlsoDropsTheEmbedding() {
        assertThat(TrajectoryOptions.CODE.rule()).isEqualTo(PositionRule.LAST);
        assertThat(TrajectoryOptions.CODE.sites(3))
                .containsExactly(Site.residual(1), Site.residual(2), Site.finalNorm());
        assertThat(TrajectoryOptions.CODE.labels(3)).containsExactly("1", "2", "final");
    }

    @Test
    void aModelOfOneBlockStillHasAPoint() {
        assertThat(TrajectoryOptions.CODE.sites(1)).containsExactly(Site.finalNorm());
        assertThat(TrajectoryOptions.CODE.labels(1)).containsExactly("final");
    }
}
