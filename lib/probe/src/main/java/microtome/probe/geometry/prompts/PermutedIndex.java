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
    /** How far two sums of the same distances in different orders may lie apart, as a share. */
    private static final double SUMMED_DIFFERENTLY = 1e-9;

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
        double[] sums = Arrays.stream(distances).mapToDouble(PermutedIndex::sum).toArray();
        try (var progress = Progress.of("permuted labels", resampling.permutations())) {
            for (int draw = 0; draw < resampling.permutations(); draw++) {
                shuffle(dealt, random);
                int[][] members = members(dealt);
                for (int layer = 0; layer < distances.length; layer++) {
                    drawn[layer][draw] = Double.isNaN(sums[layer])
                            ? Convergence.split(distances[layer], dealt).index()
                            : index(distances[layer], sums[layer], members);
                }
                progress.step();
            }
        }
        return drawn;
    }

    /** The index by way of the sum of all distances, which no permutation changes: only pairs of one class are visited. */
    private static double index(double[][] distances, double sum, int[][] members) {
        double within = 0;
        long pairs = 0;
        for (int[] own : members) {
            for (int i = 0; i < own.length; i++) {
                double[] row = distances[own[i]];
                for (int j = 0; j < i; j++) {
                    within += row[own[j]];
                }
            }
            pairs += (long) own.length * (own.length - 1) / 2;
        }
        long all = (long) distances.length * (distances.length - 1) / 2;
        return pairs == 0 || pairs == all ? Double.NaN : (sum - within) / (all - pairs) - within / pairs;
    }

    /** The sum over all pairs; NaN if one has no distance. */
    private static double sum(double[][] distances) {
        double sum = 0;
        for (int i = 0; i < distances.length; i++) {
            for (int j = 0; j < i; j++) {
                sum += distances[i][j];
            }
        }
        return sum;
    }

    private static int[][] members(int[] classes) {
        return IntStream.rangeClosed(0, IntStream.of(classes).max().orElse(0))
                .mapToObj(each -> IntStream.range(0, classes.length)
                        .filter(prompt -> classes[prompt] == each)
                        .toArray())
                .toArray(int[][]::new);
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
        double least = index - SUMMED_DIFFERENTLY * Math.max(Math.abs(index), Math.max(-ends[0], ends[1]));
        p[layer] = (1.0 + Arrays.stream(defined).filter(value -> value >= least).count()) / (1.0 + defined.length);
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
