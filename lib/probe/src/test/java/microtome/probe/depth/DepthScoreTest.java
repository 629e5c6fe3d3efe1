package microtome.probe.depth;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import microtome.probe.data.Origin;
import microtome.probe.data.RoundTrip;
import org.junit.jupiter.api.Test;

class DepthScoreTest {
    private static final double NONE = Double.NaN;

    private static SkipEffect effect(List<String> groups, double[][]... trials) {
        return new SkipEffect(
                SkipReach.CURRENT,
                SkipOptions.DEFAULT,
                trials,
                new double[trials.length][trials[0].length],
                groups,
                "",
                Origin.given("made up"));
    }

    /** Rows of mean 0.3 and 0.6 at blocks 0 and 1, none at the last: (0 * 0.3 + 1 * 0.6) / 0.9. */
    @Test
    void theScoreIsTheMeanBlockWeightedByTheMeanOfLaterEffects() {
        DepthScore score = effect(List.of(""), new double[][] {{0, 0.2, 0.4}, {0, 0, 0.6}, {0, 0, 0}})
                .score();
        assertThat(score.values()).hasSize(1);
        assertThat(score.values().getFirst().score()).isCloseTo(2.0 / 3, within(1e-15));
        assertThat(score.values().getFirst().normalised()).isCloseTo(1.0 / 3, within(1e-15));
        assertThat(score.table().plainText()).contains("all prompts");
    }

    @Test
    void anEffectThatIsNotKnownIsLeftOutOfItsRow() {
        assertThat(SkipEffects.rowEffects(new double[][] {{0, NONE, 0.4}, {0, 0, NONE}, {0, 0, 0}}))
                .containsExactly(0.4, NONE, NONE);
        assertThat(SkipEffects.score(new double[][] {{0, NONE, 0.4}, {0, 0, NONE}, {0, 0, 0}}))
                .isZero();
        assertThat(SkipEffects.score(new double[3][3])).isNaN();
    }

    /** Effects only of block 0, or only of block 1. */
    @Test
    void groupsAreComparedByTheScoresOfTheirTrials() {
        double[][] early = {{0, 0.5, 0.5}, {0, 0, 0}, {0, 0, 0}};
        double[][] late = {{0, 0, 0}, {0, 0, 0.5}, {0, 0, 0}};
        SkipEffect effect = effect(
                List.of("2 hops", "3 hops", "2 hops", "3 hops", "2 hops", "3 hops"),
                early,
                late,
                early,
                late,
                early,
                late);
        DepthScore score = RoundTrip.check(effect.score());
        assertThat(score.values()).extracting(DepthScore.Group::name).containsExactly("2 hops", "3 hops");
        assertThat(score.values()).extracting(DepthScore.Group::score).containsExactly(0.0, 1.0);
        assertThat(score.values().getLast().byTrial()).containsExactly(1, 1, 1);
        assertThat(score.comparisons()).hasSize(1);
        assertThat(score.comparisons().getFirst().test().rankBiserial()).isEqualTo(-1);
        assertThat(score.explain().notes().toString()).contains("2 hops and 3 hops: two-sided p = ");
        assertThat(score.plot().tree().toString()).contains("2 hops: 0.00", "3 hops: 1.00");
        assertThat(score.explain().facts()).containsEntry("seed", "42");
    }

    @Test
    void percentilesAreInterpolatedAndNaNIsLeftOut() {
        assertThat(Aggregation.P90.of(1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11)).isEqualTo(10);
        assertThat(Aggregation.P90.of(1, NONE, 3)).isCloseTo(2.8, within(1e-15));
        assertThat(Aggregation.MEAN.of(1, NONE, 3)).isEqualTo(2);
        assertThat(Aggregation.MAX.of(NONE)).isNaN();
    }
}
