package microtome.probe.concept.linear;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import microtome.probe.concept.evaluation.Evaluation;
import microtome.probe.data.Vectors;
import microtome.tensor.Engine;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class LogisticRegressionTest {
    private static final LogisticOptions TIGHT = LogisticOptions.DEFAULT.until(1e-12, 200);

    private static LinearProbe fitted(Samples samples) {
        LogisticFit fit = LogisticRegression.fit(samples, TIGHT);
        assertThat(fit.converged()).as(fit.remark()).isTrue();
        return fit.probe();
    }

    @Test
    void separableNumbersKeepFiniteWeightsAndAreToldApartPerfectly() {
        float[][] rows = {{-3}, {-2}, {-1}, {1}, {2}, {3}};
        var samples = new Samples(rows, new int[] {0, 0, 0, 1, 1, 1}, Planted.names(2));
        LinearProbe probe = fitted(samples);
        assertThat(probe.weights()[0][0]).isFinite().isPositive();
        Evaluation evaluation = Evaluation.of(probe, samples);
        assertThat(evaluation.auc()).isEqualTo(1);
        assertThat(evaluation.accuracy()).isEqualTo(1);
        assertThat(evaluation.f1()).isEqualTo(1);
    }

    @Test
    void exchangingTheClassesMirrorsTheProbeAndKeepsTheAreaUnderItsOwnCurve() {
        Samples all = Planted.correlated();
        Samples mirrored =
                all.with(Arrays.stream(all.classes()).map(each -> 1 - each).toArray(), all.names());
        LinearProbe probe = fitted(all.between(0, 300));
        LinearProbe opposite = fitted(mirrored.between(0, 300));
        for (int i = 0; i < probe.width(); i++) {
            assertThat(opposite.weights()[0][i]).isCloseTo(-probe.weights()[0][i], within(1e-8));
        }
        double auc = Evaluation.of(probe, all.between(300, 400)).auc();
        assertThat(Evaluation.of(probe, mirrored.between(300, 400)).auc()).isCloseTo(1 - auc, within(1e-12));
        assertThat(Evaluation.of(opposite, mirrored.between(300, 400)).auc()).isCloseTo(auc, within(1e-12));
    }

    /** Two copies share the weight, which costs half the penalty: so copies at 1/√2 of the size are one feature. */
    @Test
    void aFeatureGivenTwiceAtTheSizeOfItsShareChangesNoPrediction() {
        Samples all = Planted.correlated();
        var doubled = new float[all.size()][];
        for (int row = 0; row < doubled.length; row++) {
            float[] once = all.rows()[row];
            doubled[row] = new float[2 * once.length];
            for (int i = 0; i < doubled[row].length; i++) {
                doubled[row][i] = (float) (once[i % once.length] / Math.sqrt(2));
            }
        }
        var twice = new Samples(doubled, all.classes(), all.names());
        LogisticOptions raw = TIGHT.standardise(false);
        LinearProbe one = LogisticRegression.fit(all, raw).probe();
        LinearProbe two = LogisticRegression.fit(twice, raw).probe();
        for (int row = 0; row < all.size(); row++) {
            double expected = one.scores(all.rows()[row])[0];
            assertThat(two.scores(doubled[row])[0]).isCloseTo(expected, within(1e-5)); // float rounding of the copies
            assertThat(two.weights()[0][0]).isCloseTo(two.weights()[0][6], within(1e-9));
        }
    }

    @Test
    void labelsByChanceStayWithinTwoStandardErrorsOfTheMajority() {
        Samples all = Planted.shifted(21, 4000, 4, 2, 1);
        var random = new SplittableRandom(3);
        int[] chance = IntStream.range(0, all.size())
                .map(i -> random.nextDouble() < 0.6 ? 1 : 0)
                .toArray();
        Samples shuffled = all.with(chance, all.names());
        Evaluation evaluation = Evaluation.of(fitted(shuffled.between(0, 2000)), shuffled.between(2000, 4000));
        double majority = shuffled.between(2000, 4000).counts()[1] / 2000.0;
        assertThat(evaluation.accuracy()).isCloseTo(majority, within(2 * Math.sqrt(majority * (1 - majority) / 2000)));
    }

    @ParameterizedTest
    @ValueSource(ints = {2, 4})
    void aPlantedConceptIsFoundAlongItsDirection(int classes) {
        Samples all = Planted.shifted(22, 3000, 20, classes, 1);
        double[][] means = all.means();
        LinearProbe probe = fitted(all);
        double[] direction = Vectors.minus(means[1], means[0]);
        double[] found = classes == 2 ? probe.weights()[0] : Vectors.minus(probe.weights()[1], probe.weights()[0]);
        double cosine = Vectors.dot(direction, found)
                / Math.sqrt(Vectors.dot(direction, direction) * Vectors.dot(found, found));
        assertThat(cosine).isGreaterThan(0.97);
    }

    @Test
    void aFeatureThatNeverChangesHasTheWeight0() {
        Samples all = Planted.correlated();
        for (float[] row : all.rows()) {
            row[2] = 7.3f;
        }
        assertThat(fitted(all).weights()[0][2]).isZero();
        assertThat(LogisticRegression.fit(all, TIGHT.standardise(false)).probe().weights()[0][2])
                .isZero();
    }

    @Test
    void standardisedWeightsDoNotDependOnTheScaleOfAFeature() {
        Samples small = Planted.shifted(23, 300, 5, 2, 1);
        Samples large = Planted.shifted(23, 300, 5, 2, 1024);
        double[] ours = fitted(small).weights()[0];
        double[] theirs = fitted(large).weights()[0];
        assertThat(theirs[0] * 1024).isCloseTo(ours[0], within(1e-9));
        assertThat(Arrays.copyOfRange(theirs, 1, 5)).containsExactly(Arrays.copyOfRange(ours, 1, 5), within(1e-9));
    }

    @Test
    void theEngineLeadsToTheSameOptimum() {
        Samples samples = Planted.shifted(24, 1200, 128, 2, 30);
        assertThat(1200.0 * 128 * 128).isGreaterThan(Curvature.WORTH_AN_ENGINE);
        LogisticFit here = LogisticRegression.fit(samples, TIGHT);
        try (var engine = Engine.open()) {
            LogisticFit there = LogisticRegression.fit(samples, TIGHT, Products.on(engine));
            assertThat(there.converged()).isTrue();
            assertThat(there.objective()).isCloseTo(here.objective(), within(1e-9 * here.objective()));
            double bound = 1e-8 * Additions.largest(here.probe().weights()[0]);
            assertThat(there.probe().weights()[0]).containsExactly(here.probe().weights()[0], within(bound));
        }
    }

    /** As many rows as features and one less: the two forms of the second derivatives meet here. */
    @Test
    void bothFormsOfTheSecondDerivativesSolveTheSame() {
        Samples samples = Planted.shifted(25, 30, 31, 2, 5);
        CentredRows rows = CentredRows.of(samples.rows(), true);
        var random = new SplittableRandom(1);
        double[] curvatures =
                IntStream.range(0, 30).mapToDouble(i -> random.nextDouble() / 4).toArray();
        double[] right =
                IntStream.range(0, 32).mapToDouble(i -> Planted.normal(random)).toArray();
        double[] primal = new PrimalCurvature(rows).inverse(curvatures, 2).times(right);
        double[] dual = new DualCurvature(rows).inverse(curvatures, 2).times(right);
        assertThat(dual).containsExactly(primal, within(1e-10 * Additions.largest(primal)));
    }

    @Test
    void saysWhenItHasNotArrived() {
        LogisticFit fit = LogisticRegression.fit(Planted.correlated(), LogisticOptions.RAW.until(1e-12, 2));
        assertThat(fit.converged()).isFalse();
        assertThat(fit.iterations()).isEqualTo(2);
        assertThat(fit.remark()).startsWith("NOT converged after 2 iterations, gradient ");
    }

    @Test
    void severalClassesSumTo0() {
        LinearProbe probe = fitted(Planted.shifted(26, 300, 6, 4, 1));
        for (int i = 0; i < 6; i++) {
            double sum = 0;
            for (double[] row : probe.weights()) {
                sum += row[i];
            }
            assertThat(sum).isCloseTo(0, within(1e-9));
        }
    }

    @Test
    void whatCannotBeFittedIsRefused() {
        float[][] rows = {{1}, {2}};
        assertThatThrownBy(() -> fitted(new Samples(rows, new int[] {0, 0}, List.of("yes"))))
                .hasMessage(
                        "logistic regression: all 2 samples are of the class 'yes'; a probe tells classes apart, so give at least two");
        assertThatThrownBy(() -> fitted(new Samples(rows, new int[] {0, 0}, List.of("yes", "no"))))
                .hasMessage(
                        "logistic regression: no sample of the class 'no' among 2; give at least one of each of [yes, no]");
        assertThatThrownBy(() -> new Samples(new float[][] {{1}, {Float.NaN}}, new int[] {0, 1}, List.of("a", "b")))
                .hasMessage(
                        "feature 0 of sample 1 is NaN; a probe needs finite numbers: look at the site it was read from");
        assertThatThrownBy(() -> new Samples(new float[][] {{1}, {2, 3}}, new int[] {0, 1}, List.of("a", "b")))
                .hasMessageContaining("sample 1 has 2 features, sample 0 has 1");
        assertThatThrownBy(() -> LogisticOptions.RAW.strength(0)).hasMessageContaining("need all above 0");
    }
}
