package microtome.probe.geometry.prompts;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import microtome.probe.data.prompt.PromptStates;
import microtome.probe.data.statistics.Spearman;
import microtome.probe.geometry.control.Control;
import org.junit.jupiter.api.Test;

class ConvergencePropertiesTest {
    private static final double ROUNDING = 1e-6;
    private static final PromptStates RANDOM = MadeUp.states(6, 10, MadeUp.normal(3), MadeUp.labels(6, "a", "b", "c"));

    /** Classes that are pulled to a direction of their own from layer to layer, up to no noise at all. */
    private static final PromptStates CONVERGING = MadeUp.states(
            6,
            30,
            (layer, prompt, dimension) -> {
                double noise = MadeUp.normal(8).at(0, prompt, dimension);
                double target = dimension == prompt / 4 ? 3 : 0;
                return noise + layer / 5.0 * (target - noise);
            },
            MadeUp.labels(4, "a", "b", "c"));

    @Test
    void permutingTheLabelsIsSymmetricAroundZero() {
        var values = PromptGeometry.of(RANDOM)
                .resampling(new Resampling(100, 200, 0.95, 42))
                .convergence()
                .values();
        for (int layer = 0; layer < 6; layer++) {
            double error = values.permuted().standardDeviation()[layer] / Math.sqrt(200);
            assertThat(values.permuted().mean()[layer]).isCloseTo(0, within(3 * error));
        }
    }

    /** Layers with a state of no direction go the long way, by pairs; the two ways are one where nothing is left out. */
    @Test
    void theBandIsThatOfTheIndexUnderEveryPermutation() {
        double[][][] distances = Distances.ofLayers(PromptPaths.of(RANDOM, "", ""), Rows.UNIT);
        int[] classes = Sample.of(RANDOM.prompts()).classNumbers();
        var drawn = PermutedIndex.of(distances, classes, new Resampling(1, 1, 0.95, 5));
        int[] dealt = classes.clone();
        PermutedIndex.shuffle(dealt, new SplittableRandom(5));
        for (int layer = 0; layer < distances.length; layer++) {
            double index = Convergence.split(distances[layer], dealt).index();
            assertThat(drawn.mean()[layer]).isCloseTo(index, within(1e-12));
        }
    }

    @Test
    void identicalClassesGiveNothing() {
        var states = MadeUp.states(
                3,
                7,
                (layer, prompt, dimension) -> MadeUp.normal(4).at(layer, prompt % 5, dimension),
                MadeUp.labels(5, "a", "b"));
        double[] index = PromptGeometry.of(states).convergence().values().index();
        double[] withoutSelf = Arrays.stream(Distances.ofLayers(PromptPaths.of(states, "", ""), Rows.UNIT))
                .mapToDouble(layer -> Convergence.split(
                                layer, PromptPaths.of(states, "", "").sample().classNumbers())
                        .within())
                .toArray();
        for (int layer = 0; layer < 3; layer++) {
            // 5 of 25 pairs between the classes are of a state with itself, so the mean between is 20/25 of that
            // within.
            assertThat(index[layer]).isCloseTo(-withoutSelf[layer] / 5, within(ROUNDING));
        }
    }

    @Test
    void classesOfOneVectorEachThatAreOrthogonalGiveTheRootOfTwo() {
        var states = MadeUp.states(
                2,
                3,
                (layer, prompt, dimension) -> dimension == prompt / 3 ? 5 + prompt % 3 : 0,
                MadeUp.labels(3, "a", "b", "c"));
        var values = PromptGeometry.of(states).convergence().values();
        assertThat(values.index()).containsExactly(new double[] {Math.sqrt(2), Math.sqrt(2)}, within(ROUNDING));
        assertThat(values.byPrompt()[1]).usingComparatorWithPrecision(ROUNDING).containsOnly(Math.sqrt(2));
        assertThat(PromptGeometry.of(states).silhouette().means())
                .containsExactly(new double[] {1, 1}, within(ROUNDING));
        double[] raw = PromptGeometry.of(states).raw().convergence().values().index();
        assertThat(raw[0]).isGreaterThan(5);
    }

    @Test
    void plantedConvergenceIsFound() {
        var plan = PromptGeometry.of(CONVERGING);
        var values = plan.convergence().values();
        // In the first layers the pull is smaller than the noise, whose length is sqrt(30) where the target's is 3.
        assertThat(Arrays.copyOfRange(values.index(), 2, 6)).isSorted();
        assertThat(values.index()[5]).isCloseTo(Math.sqrt(2), within(ROUNDING));
        assertThat(values.permuted().p()[5]).isEqualTo(1.0 / 1001);
        assertThat(values.index()[5]).isGreaterThan(values.permuted().high()[5]);
        assertThat(values.index()[0])
                .isBetween(values.permuted().low()[0], values.permuted().high()[0]);
        double[][] closer = plan.convergenceMatrix().values();
        for (int i = 0; i < 12; i++) {
            for (int j = 0; j < 12; j++) {
                assertThat(closer[i][j]).isEqualTo(closer[j][i]);
                if (i / 4 == j / 4 && i != j) {
                    assertThat(closer[i][j]).isGreaterThan(0.5);
                }
            }
        }
        assertThat(plan.silhouette().means()[5]).isCloseTo(1, within(ROUNDING));
        double[] neighbours = plan.similarity().values().neighbours();
        assertThat(neighbours[4]).isGreaterThan(0.7);
    }

    @Test
    void permutedLabelsAsAControlLoseThePlantedConvergence() {
        double planted = PromptGeometry.of(CONVERGING).convergence().values().index()[5];
        double permuted = PromptGeometry.of(CONVERGING)
                .under(Control.labelPermutation(42))
                .convergence()
                .values()
                .index()[5];
        assertThat(Math.abs(permuted)).isLessThan(planted / 2);
    }

    @Test
    void oneShuffleOfTheLayersMerelyPermutesTheIndex() {
        double[] before = PromptGeometry.of(RANDOM).convergence().values().index();
        var shuffled = PromptGeometry.of(RANDOM).under(Control.sharedLayerShuffle(1));
        assertThat(shuffled.convergence().values().index()).isNotEqualTo(before).containsExactlyInAnyOrder(before);
        assertThat(shuffled.summary().of(PathScalar.LENGTH))
                .isNotEqualTo(PromptGeometry.of(RANDOM).summary().of(PathScalar.LENGTH));
    }

    @Test
    void theIndexOfAllIsTheMeanOfDistancesByHand() {
        double[][] points = {{0, 0}, {0, 3}, {4, 0}, {4, 3}};
        var states = MadeUp.states(1, 2, (layer, prompt, dimension) -> points[prompt][dimension], "a", "a", "b", "b");
        var values = PromptGeometry.of(states).raw().convergence().values();
        assertThat(values.within()[0]).isEqualTo(3);
        assertThat(values.between()[0]).isEqualTo((4 + 5 + 5 + 4) / 4.0);
        assertThat(values.byPrompt()[0]).containsOnly(4.5 - 3);
        assertThat(PromptGeometry.of(states).raw().silhouette().values()[0]).containsOnly((4.5 - 3) / 4.5);
    }

    @Test
    void ranksThatAreSharedGiveTheSameCorrelation() {
        double[][] triangles = IntStream.range(0, 6)
                .mapToObj(layer ->
                        Distances.cosineTriangle(PromptPaths.of(RANDOM, "", "").rows(layer)))
                .toArray(double[][]::new);
        RepresentationalSimilarity.Values values =
                PromptGeometry.of(RANDOM).similarity().values();
        for (int layer = 1; layer < 6; layer++) {
            double expected =
                    Spearman.of(triangles[layer - 1], triangles[layer]).value();
            assertThat(values.neighbours()[layer - 1]).isCloseTo(expected, within(1e-12));
            assertThat(values.matrix()[layer][layer - 1]).isEqualTo(values.neighbours()[layer - 1]);
        }
        double mean = Arrays.stream(values.neighbours()).average().orElseThrow();
        assertThat(RepresentationalSimilarity.meanOfNeighbours(PromptPaths.of(RANDOM, "", ""))
                        .value())
                .isCloseTo(mean, within(1e-12));
    }

    @Test
    void layersThatAgreeOnWhichPromptsAreAlikeAreSimilar() {
        double[][] matrix = PromptGeometry.of(CONVERGING).similarity().values().matrix();
        IntStream.range(0, 6).forEach(layer -> assertThat(matrix[layer][layer]).isCloseTo(1, within(1e-12)));
        var grown = MadeUp.states(
                3,
                10,
                (layer, prompt, dimension) -> (layer + 1) * MadeUp.normal(3).at(0, prompt, dimension),
                MadeUp.labels(4, "a", "b"));
        assertThat(PromptGeometry.of(grown).similarity().values().neighbours())
                .containsExactly(new double[] {1, 1}, within(1e-3));
    }
}
