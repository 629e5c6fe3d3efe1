package microtome.probe.concept.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.List;
import microtome.probe.concept.PlantedStates;
import microtome.probe.concept.tribuo.Scaling;
import microtome.probe.data.RoundTrip;
import microtome.probe.data.prompt.PromptStates;
import org.junit.jupiter.api.Test;

class ClusterAgreementTest {
    private static final ClusterOptions RAW = ClusterOptions.DEFAULT.scaling(Scaling.AS_THEY_ARE);
    private static final int K_MEANS = Clustering.K_MEANS.ordinal();
    private static final int HDBSCAN = Clustering.HDBSCAN.ordinal();

    private static PromptStates apart(double distance) {
        int[] classes = PlantedStates.inTurn(90, 3);
        return PlantedStates.states(PlantedStates.labels(classes), PlantedStates.around(classes, 5, distance, 1));
    }

    @Test
    void plantedClustersAreFoundAgain() {
        ClusterAgreement found = RoundTrip.check(ClusterAgreement.of(apart(40), RAW));
        ClusterAgreement.Values values = found.values();
        for (int way : new int[] {K_MEANS, HDBSCAN}) {
            assertThat(values.adjusted()[0][way]).isCloseTo(1, within(1e-12));
            assertThat(values.normalised()[0][way]).isCloseTo(1, within(1e-12));
            assertThat(values.purity()[0][way]).isEqualTo(1);
            assertThat(values.clusters()[0][way]).isEqualTo(3);
            assertThat(values.noise()[0][way]).isZero();
        }
        for (int[] cluster : found.counts("1", Clustering.HDBSCAN)) {
            assertThat(cluster).containsOnly(0, 30);
        }
        assertThat(found.clusters("1", Clustering.K_MEANS).rows()).hasSize(3);
    }

    @Test
    void ofNoiseTheAdjustedInformationIsNearZeroWhileTheNormalisedIsNot() {
        int[] classes = PlantedStates.inTurn(300, 3);
        ClusterAgreement.Values values = ClusterAgreement.of(
                        PlantedStates.states(PlantedStates.labels(classes), PlantedStates.noise(300, 5, 2)), RAW.k(20))
                .values();
        // By chance 2 n I is about chi squared with 19 * 2 degrees of freedom: I is 0.063 ± 0.015 nats, the entropies 2
        // on average.
        assertThat(values.adjusted()[0][K_MEANS]).isCloseTo(0, within(4 * 0.015 / 2));
        assertThat(values.normalised()[0][K_MEANS] - values.adjusted()[0][K_MEANS])
                .isCloseTo(0.063 / 2, within(0.01));
        assertThat(values.adjusted()[0][HDBSCAN]).isCloseTo(0, within(0.05));
    }

    @Test
    void loneVectorsAreNoiseInTheLastRow() {
        int[] classes = PlantedStates.inTurn(60, 2);
        float[][] rows = PlantedStates.around(classes, 3, 40, 3);
        rows[0] = new float[] {-900, 0, 0};
        rows[1] = new float[] {0, 900, 0};
        ClusterAgreement found = ClusterAgreement.of(PlantedStates.states(PlantedStates.labels(classes), rows), RAW);
        assertThat(found.values().clusters()[0][HDBSCAN]).isEqualTo(2);
        assertThat(found.values().noise()[0][HDBSCAN]).isCloseTo(2.0 / 60, within(1e-12));
        assertThat(found.counts("1", Clustering.HDBSCAN)[2]).containsExactly(1, 1);
        assertThat(found.clusters("1", Clustering.HDBSCAN).plainText()).contains("noise");
    }

    @Test
    void principalComponentsKeepWhatLiesFarApart() {
        for (int width : new int[] {5, 200}) { // more prompts than features, and fewer
            int[] classes = PlantedStates.inTurn(90, 3);
            PromptStates states =
                    PlantedStates.states(PlantedStates.labels(classes), PlantedStates.around(classes, width, 60, 4));
            assertThat(ClusterAgreement.of(states, RAW.components(2)).values().adjusted()[0][K_MEANS])
                    .isCloseTo(1, within(1e-12));
        }
    }

    @Test
    void allPrincipalComponentsKeepEveryDistance() {
        for (int width : new int[] {4, 9}) {
            float[][] rows = PlantedStates.noise(8, width, 5);
            float[][] turned = PrincipalRows.of(rows, Math.min(width, 7));
            for (int i = 0; i < 8; i++) {
                for (int j = 0; j < i; j++) {
                    assertThat(distance(turned[i], turned[j])).isCloseTo(distance(rows[i], rows[j]), within(1e-5));
                }
            }
            assertThat(variance(turned, 0)).isGreaterThan(variance(turned, 1));
        }
    }

    private static double distance(float[] one, float[] other) {
        double squared = 0;
        for (int i = 0; i < one.length; i++) {
            squared += Math.pow(one[i] - other[i], 2);
        }
        return Math.sqrt(squared);
    }

    private static double variance(float[][] rows, int column) {
        return Arrays.stream(rows).mapToDouble(row -> row[column] * row[column]).sum();
    }

    @Test
    void oneSeedGivesOneResult() {
        String first = ClusterAgreement.of(apart(2), RAW.k(6)).json();
        assertThat(ClusterAgreement.of(apart(2), RAW.k(6)).json()).isEqualTo(first);
        assertThat(ClusterAgreement.of(apart(2), RAW.k(6).seed(1)).json()).isNotEqualTo(first);
    }

    @Test
    void brokenLayersSayWhyAndTheOthersAreRead() {
        int[] classes = PlantedStates.inTurn(30, 2);
        float[][] broken = PlantedStates.around(classes, 3, 40, 6);
        broken[3][1] = Float.NaN;
        ClusterAgreement found = RoundTrip.check(ClusterAgreement.of(
                PlantedStates.states(
                        PlantedStates.labels(classes),
                        broken,
                        new float[30][3],
                        PlantedStates.around(classes, 3, 40, 6)),
                RAW));
        assertThat(found.values().adjusted()[0]).containsOnly(Double.NaN);
        assertThat(found.values().adjusted()[1]).containsOnly(Double.NaN);
        assertThat(found.values().adjusted()[2][K_MEANS]).isCloseTo(1, within(1e-12));
        assertThat(found.table().plainText())
                .contains("layer 1: feature 1 of sample 3 is NaN")
                .contains("layer 2: 1 different vector for 2 clusters");
        assertThat(found.explain().notes()).anyMatch(note -> note.contains("layer 2: 1 different vector"));
        assertThatThrownBy(() -> found.counts("1", Clustering.K_MEANS)).hasMessageContaining("nothing was found there");
    }

    @Test
    void numbersThatCannotBeAreErrors() {
        PromptStates four = PlantedStates.states(List.of("a", "a", "b", "b"), PlantedStates.noise(4, 2, 7));
        assertThatThrownBy(() -> ClusterAgreement.of(four, RAW))
                .hasMessage("clusters of at least 5 prompts of 4 prompts of 'planted' with 2 features; at most 4");
        assertThatThrownBy(() -> ClusterAgreement.of(four, RAW.minClusterSize(2).k(5)))
                .hasMessageContaining("k = 5 clusters of 4 prompts");
        assertThatThrownBy(() -> ClusterAgreement.of(four, RAW.minClusterSize(2).components(3)))
                .hasMessageContaining("3 principal components");
        assertThatThrownBy(() -> RAW.minClusterSize(1)).hasMessageContaining("smallest cluster >= 2");
        assertThatThrownBy(() -> RAW.k(1)).hasMessageContaining("k >= 2");
        assertThatThrownBy(() ->
                        ClusterAgreement.of(PlantedStates.states(List.of("a", "a"), PlantedStates.noise(2, 2, 7)), RAW))
                .hasMessageContaining("all 2 prompts have the label 'a'");
        assertThatThrownBy(() -> ClusterAgreement.of(
                        PlantedStates.states(List.of("a", "b", "b"), PlantedStates.noise(3, 2, 7)), RAW))
                .hasMessageContaining("one prompt with the label 'a'");
    }
}
