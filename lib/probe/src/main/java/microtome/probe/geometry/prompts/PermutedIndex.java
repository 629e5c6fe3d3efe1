package microtome.probe.geometry.prompts;

import java.util.Arrays;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import microtome.display.Progress;
import org.apache.commons.statistics.descriptive.Quantile;

/**
 * The convergence index when labels are dealt to the prompts by chance, layer by layer. The same permutations serve all
 * layers.
 *
 * @param mean over the permutations; its expectation is 0
 * @param standardDeviation over the permutations
 * @param low lower end of the band
 * @param high upper end
 * @param p {@code (1 + permutations with at least the true index) / (1 + permutations)}
 */
public record PermutedIndex(double[] mean, double[] standardDeviation, double[] low, double[] high, double[] p) {
    static PermutedIndex of(double[][][] distances, int[] classes, Resampling resampling) {
        int layers = distances.length;
        double[][] drawn = drawn(distances, classes, resampling);
        var result = new PermutedIndex(
                new double[layers], new double[layers], new double[layers], new double[layers], new double[layers]);
        for (int layer = 0; layer < layers; layer++) {
            result.fill(
                    layer,
                    drawn[layer],
                    Convergence.split(distances[layer], classes).index(),
                    resampling.level());
        }
        return result;
    }

    private static double[][] drawn(double[][][] distances, int[] classes, Resampling resampling) {
        var random = new SplittableRandom(resampling.seed());
        int[] dealt = classes.clone();
        var drawn = new double[distances.length][resampling.permutations()];
        for (int draw = 0; draw < resampling.permutations(); draw++) {
            Progress.stopIfInterrupted("permuted labels");
            shuffle(dealt, random);
            for (int layer = 0; layer < distances.length; layer++) {
                drawn[layer][draw] = Convergence.split(distances[layer], dealt).index();
            }
        }
        return drawn;
    }

    private void fill(int layer, double[] drawn, double index, double level) {
        double[] defined =
                Arrays.stream(drawn).filter(value -> !Double.isNaN(value)).toArray();
        if (defined.length == 0 || Double.isNaN(index)) {
            for (double[] each : new double[][] {mean, standardDeviation, low, high, p}) {
                each[layer] = Double.NaN;
            }
            return;
        }
        double center = Arrays.stream(defined).average().orElseThrow();
        double squares = Arrays.stream(defined)
                .map(value -> (value - center) * (value - center))
                .sum();
        double tail = (1 - level) / 2;
        double[] ends =
                Quantile.withDefaults().with(Quantile.EstimationMethod.HF7).evaluate(defined, tail, 1 - tail);
        mean[layer] = center;
        standardDeviation[layer] = defined.length > 1 ? Math.sqrt(squares / (defined.length - 1)) : Double.NaN;
        low[layer] = ends[0];
        high[layer] = ends[1];
        p[layer] = (1.0 + Arrays.stream(defined).filter(value -> value >= index).count()) / (1.0 + defined.length);
    }

    /** Puts numbers into a random order. */
    static void shuffle(int[] numbers, SplittableRandom random) {
        for (int last :
                IntStream.range(1, numbers.length).map(i -> numbers.length - i).toArray()) {
            int other = random.nextInt(last + 1);
            int kept = numbers[last];
            numbers[last] = numbers[other];
            numbers[other] = kept;
        }
    }
}
