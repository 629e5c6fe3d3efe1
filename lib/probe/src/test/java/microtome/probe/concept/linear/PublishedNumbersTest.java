package microtome.probe.concept.linear;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import microtome.probe.concept.evaluation.Evaluation;
import microtome.probe.concept.evaluation.OnlineCode;
import org.junit.jupiter.api.Test;

/** The numbers that the methods name for 300 training and 100 test vectors from {@code SplittableRandom(5)}. */
class PublishedNumbersTest {
    private static final double AS_PRINTED = 1e-5;

    private final Samples all = Planted.correlated();
    private final Samples training = all.between(0, 300);
    private final Samples test = all.between(300, 400);

    @Test
    void theVectorsAreThoseOfTheMethods() {
        assertThat(all.counts()).containsExactly(195, 205);
        float[] first = {1.981241f, 1.856946f, -.065897f, 1.261028f, -1.717158f, -.872540f};
        assertThat(all.rows()[0]).containsExactly(first, within(1e-6f));
    }

    @Test
    void logisticRegression() {
        LogisticFit fit = LogisticRegression.fit(training, LogisticOptions.RAW);
        assertThat(fit.converged()).isTrue();
        close(fit.probe(), -1.405213, 1.245678, .029608, 2.924666, -3.505251, -3.915844, 2.974779);
        judged(fit.probe(), .92, .985222);
        assertThat(Evaluation.of(fit.probe(), test).logLoss()).isCloseTo(.265768, within(AS_PRINTED));
    }

    @Test
    void massMean() {
        LinearProbe probe = MassMean.plain(training);
        assertThat(probe.weights()[0])
                .containsExactly(
                        new double[] {.957668, -1.002445, .632734, -.155382, -.005643, -.270242}, within(AS_PRINTED));
        judged(probe, .80, .866995);
    }

    @Test
    void discriminantAnalysis() {
        LinearProbe probe = DiscriminantAnalysis.fit(training, Shrinkage.NONE);
        assertThat(probe.weights()[0])
                .containsExactly(
                        new double[] {3.889186, 1.266121, 12.075891, -14.611236, -16.313733, 13.473026},
                        within(AS_PRINTED));
        judged(probe, .94, .990148);
    }

    @Test
    void whitenedMassMeanIsDiscriminantAnalysisWithAnotherDenominator() {
        double[] ours = MassMean.whitened(training).weights()[0];
        double[] theirs = DiscriminantAnalysis.fit(training, Shrinkage.NONE).weights()[0];
        for (int i = 0; i < ours.length; i++) {
            assertThat(ours[i]).isCloseTo(theirs[i] * 300 / 298, within(1e-9 * Math.abs(theirs[i])));
        }
    }

    @Test
    void fewFeatures() {
        int[] order = MassMean.ranking(training);
        assertThat(order).containsExactly(1, 0, 2, 5, 3, 4);
        LinearProbe one = LogisticRegression.fit(training.features(1), LogisticOptions.RAW)
                .probe();
        close(one, -.140568, -.194921);
        assertThat(Evaluation.of(one, test.features(1)).accuracy()).isEqualTo(.65);
        LinearProbe two = LogisticRegression.fit(training.features(1, 0), LogisticOptions.RAW)
                .probe();
        close(two, -.410728, -.250662, .471059);
        assertThat(Evaluation.of(two, test.features(1, 0)).accuracy()).isEqualTo(.72);
    }

    @Test
    void onlineCode() {
        OnlineCode code = OnlineCode.of(training, LogisticOptions.RAW);
        assertThat(code.ends()).containsExactly(8, 16, 32, 64, 128, 300);
        assertThat(code.total()).isCloseTo(232.567147, within(1e-4));
        assertThat(code.compression()).isCloseTo(1.289950, within(AS_PRINTED));
    }

    private static void close(LinearProbe probe, double bias, double... weights) {
        assertThat(probe.weights()[0]).containsExactly(weights, within(AS_PRINTED));
        assertThat(probe.biases()[0]).isCloseTo(bias, within(AS_PRINTED));
    }

    private void judged(LinearProbe probe, double accuracy, double auc) {
        Evaluation evaluation = Evaluation.of(probe, test);
        assertThat(evaluation.accuracy()).isEqualTo(accuracy);
        assertThat(evaluation.auc()).isCloseTo(auc, within(AS_PRINTED));
    }
}
