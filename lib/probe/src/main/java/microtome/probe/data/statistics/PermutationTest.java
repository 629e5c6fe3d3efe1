package microtome.probe.data.statistics;

import java.util.SplittableRandom;
import java.util.stream.DoubleStream;
import microtome.display.Progress;

/**
 * Whether the means of two groups differ more than they do when the numbers are dealt to the groups by chance. NaN is left
 * out.
 *
 * @param difference mean of the first group minus mean of the second, or NaN
 * @param p {@code (1 + c) / (1 + permutations)}, with {@code c} the permutations whose difference is at least as large in
 *     absolute value
 * @param n1 numbers of the first group
 * @param n2 numbers of the second group
 * @param permutations how often the numbers were dealt
 * @param seed of the dealing
 * @param reason why there is no number, or empty
 */
public record PermutationTest(double difference, double p, int n1, int n2, int permutations, long seed, String reason) {
    /** By 10,000 permutations with seed 42. */
    public static PermutationTest ofMeans(double[] first, double[] second) {
        return ofMeans(first, second, 10_000, 42);
    }

    /**
     * Compares two means, two-sided.
     *
     * @throws IllegalArgumentException for less than one permutation
     */
    public static PermutationTest ofMeans(double[] first, double[] second, int permutations, long seed) {
        if (permutations < 1) {
            throw new IllegalArgumentException(
                    "permutation test with %d permutations: need at least 1, such as 10000".formatted(permutations));
        }
        double[] x = Defined.of(first);
        double[] y = Defined.of(second);
        if (x.length == 0 || y.length == 0) {
            String reason = "a group has no number: %d and %d".formatted(x.length, y.length);
            return new PermutationTest(Double.NaN, Double.NaN, x.length, y.length, permutations, seed, reason);
        }
        double[] all =
                DoubleStream.concat(DoubleStream.of(x), DoubleStream.of(y)).toArray();
        double difference = difference(all, x.length);
        double threshold = Math.abs(difference) - rounding(all, x.length);
        var random = new SplittableRandom(seed);
        int asLarge = 0;
        for (int permutation = 0; permutation < permutations; permutation++) {
            Progress.stopIfInterrupted("permutation test");
            deal(all, x.length, random);
            asLarge += Math.abs(difference(all, x.length)) >= threshold ? 1 : 0;
        }
        double p = (1.0 + asLarge) / (1.0 + permutations);
        return new PermutationTest(difference, p, x.length, y.length, permutations, seed, "");
    }

    /** Moves a random choice of {@code count} numbers to the front. */
    private static void deal(double[] numbers, int count, SplittableRandom random) {
        for (int i = 0; i < count; i++) {
            int other = random.nextInt(i, numbers.length);
            double kept = numbers[i];
            numbers[i] = numbers[other];
            numbers[other] = kept;
        }
    }

    private static double difference(double[] numbers, int count) {
        double first = 0;
        double second = 0;
        for (int i = 0; i < numbers.length; i++) {
            if (i < count) {
                first += numbers[i];
            } else {
                second += numbers[i];
            }
        }
        return first / count - second / (numbers.length - count);
    }

    /** How far the same split may differ from itself, summed in another order. */
    private static double rounding(double[] numbers, int count) {
        double sum = DoubleStream.of(numbers).map(Math::abs).sum();
        return 2 * numbers.length * Math.ulp(1.0) * sum / Math.min(count, numbers.length - count);
    }
}
