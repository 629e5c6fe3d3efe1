package microtome.probe.concept.evaluation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import microtome.probe.concept.linear.LinearProbe;
import microtome.probe.concept.linear.LogisticOptions;
import microtome.probe.concept.linear.Planted;
import microtome.probe.concept.linear.Samples;
import org.junit.jupiter.api.Test;

class EvaluationTest {
    @Test
    void tiesCountHalf() {
        assertThat(Evaluation.auc(new double[] {1, 1, 1, 1}, new boolean[] {true, false, true, false}))
                .isEqualTo(0.5);
        assertThat(Evaluation.auc(new double[] {3, 2, 2, 1}, new boolean[] {true, true, false, false}))
                .isEqualTo(3.5 / 4);
        assertThat(Evaluation.auc(new double[] {3, 2}, new boolean[] {true, true}))
                .isNaN();
    }

    @Test
    void numbersOfAKnownProbe() {
        var probe = new LinearProbe(List.of("no", "yes"), new double[][] {{1}}, new double[] {0});
        var samples = new Samples(new float[][] {{-1}, {2}, {3}, {-4}}, new int[] {0, 0, 1, 1}, List.of("no", "yes"));
        Evaluation evaluation = Evaluation.of(probe, samples);
        assertThat(evaluation.confusion()).isDeepEqualTo(new int[][] {{1, 1}, {1, 1}});
        assertThat(evaluation.accuracy()).isEqualTo(0.5);
        assertThat(evaluation.f1()).isEqualTo(0.5);
        assertThat(evaluation.auc()).isEqualTo(0.5);
        double loss =
                Math.log1p(Math.exp(-1)) + Math.log1p(Math.exp(2)) + Math.log1p(Math.exp(-3)) + Math.log1p(Math.exp(4));
        assertThat(evaluation.logLoss()).isCloseTo(loss / 4, within(1e-12));
    }

    /** Of the formula by hand: 8 of 10, z = 1.96. */
    @Test
    void theIntervalOfWilson() {
        Band band = Band.wilson(0.8, 10);
        assertThat(band.low()).isCloseTo(0.490162, within(1e-6));
        assertThat(band.high()).isCloseTo(0.943318, within(1e-6));
        assertThat(Band.wilson(1, 20).high()).isCloseTo(1, within(1e-12));
        assertThat(Band.wilson(0.5, 0).low()).isNaN();
    }

    /** Overconfidence in chance costs a little more than the entropy; a concept costs much less. */
    @Test
    void theCodeOfClassesByChanceIsAboutTheirEntropy() {
        Samples samples = Planted.shifted(31, 800, 4, 2, 1);
        var random = new SplittableRandom(2);
        int[] chance = IntStream.range(0, 800).map(i -> random.nextInt(2)).toArray();
        OnlineCode ofChance = OnlineCode.of(samples.with(chance, samples.names()), LogisticOptions.DEFAULT);
        assertThat(ofChance.total()).isBetween(790.0, 880.0);
        OnlineCode ofConcept = OnlineCode.of(samples, LogisticOptions.DEFAULT);
        assertThat(ofConcept.total()).isLessThan(0.9 * ofChance.total());
        assertThat(ofConcept.finalBits()).isLessThan(ofConcept.total());
    }

    @Test
    void blocksBeforeWhichAClassIsMissingAreSentUniformly() {
        int[] classes = IntStream.range(0, 40).map(i -> i < 20 ? 0 : 1).toArray();
        var rows = new float[40][1];
        IntStream.range(0, 40).forEach(i -> rows[i][0] = classes[i]);
        OnlineCode code = OnlineCode.of(new Samples(rows, classes, List.of("no", "yes")), LogisticOptions.DEFAULT);
        assertThat(code.ends()).containsExactly(8, 16, 40);
        assertThat(code.total()).isCloseTo(40, within(1e-9));
        assertThat(code.compression()).isCloseTo(1, within(1e-12));
    }
}
