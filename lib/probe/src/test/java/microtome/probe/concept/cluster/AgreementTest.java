package microtome.probe.concept.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.tribuo.clustering.evaluation.ClusteringMetrics;

class AgreementTest {
    /** Of clusters 0 0 0 1 1 1 2 2 2 2 and labels 0 0 1 1 1 1 1 2 2 0. */
    private static final int[][] COUNTS = {{2, 1, 0}, {0, 3, 0}, {1, 1, 2}};

    @Test
    void agreesWithScikitLearn() {
        Agreement agreement = Agreement.of(COUNTS);
        assertThat(agreement.normalised()).isCloseTo(0.3991502288153317, within(1e-12));
        assertThat(agreement.adjusted()).isCloseTo(0.17514345624349284, within(1e-12));
        assertThat(agreement.purity()).isCloseTo(0.7, within(1e-12));
    }

    /** Should Tribuo mend it, this fails, and {@link Agreement} may ask it for all. */
    @Test
    void tribuosOwnAdjustedInformationMixesBitsAndNats() {
        double theirs = ClusteringMetrics.adjustedMI(
                List.of(0, 0, 0, 1, 1, 1, 2, 2, 2, 2), List.of(0, 0, 1, 1, 1, 1, 1, 2, 2, 0));
        double ofScikitLearn = 0.18213599791464335; // average_method="min", as Tribuo means to
        assertThat(theirs).isGreaterThan(ofScikitLearn + 0.05);
    }

    @Test
    void sameGroupsAgreeFullyUnderOtherNamesAndOneClusterNotAtAll() {
        Agreement same = Agreement.of(new int[][] {{0, 5}, {5, 0}});
        assertThat(same.normalised()).isCloseTo(1, within(1e-12));
        assertThat(same.adjusted()).isCloseTo(1, within(1e-12));
        assertThat(same.purity()).isEqualTo(1);
        Agreement one = Agreement.of(new int[][] {{5, 5}});
        assertThat(one.normalised()).isCloseTo(0, within(1e-12));
        assertThat(one.adjusted()).isCloseTo(0, within(1e-12));
        assertThat(one.purity()).isEqualTo(0.5);
    }
}
