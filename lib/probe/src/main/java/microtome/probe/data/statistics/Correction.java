package microtome.probe.data.statistics;

import java.util.Arrays;
import java.util.Comparator;
import java.util.stream.IntStream;

/** How p-values of several tests are corrected for there being several. NaN stays NaN and does not count as a test. */
public enum Correction {
    /** The p-values as they are. */
    NONE("no correction") {
        @Override
        double[] ofSorted(double[] sorted) {
            return sorted.clone();
        }
    },
    /** The chance of one false finding among all, by <a href="https://www.jstor.org/stable/4615733">Holm 1979</a>. */
    HOLM("Holm-Bonferroni") {
        @Override
        double[] ofSorted(double[] sorted) {
            var adjusted = new double[sorted.length];
            double running = 0;
            for (int i = 0; i < sorted.length; i++) {
                running = Math.max(running, Math.min(1, (sorted.length - i) * sorted[i]));
                adjusted[i] = running;
            }
            return adjusted;
        }
    },
    /**
     * The expected share of false findings, by <a href="https://doi.org/10.1111/j.2517-6161.1995.tb02031.x">Benjamini and
     * Hochberg 1995</a>.
     */
    BENJAMINI_HOCHBERG("Benjamini-Hochberg") {
        @Override
        double[] ofSorted(double[] sorted) {
            var adjusted = new double[sorted.length];
            double running = 1;
            for (int i = sorted.length - 1; i >= 0; i--) {
                running = Math.min(running, sorted.length * sorted[i] / (i + 1));
                adjusted[i] = running;
            }
            return adjusted;
        }
    };

    private final String words;

    Correction(String words) {
        this.words = words;
    }

    /** The corrected values of p-values that rise. */
    abstract double[] ofSorted(double[] sorted);

    /** The correction in words. */
    public String label() {
        return words;
    }

    /**
     * The corrected p-values, in the order of those given.
     *
     * @throws IllegalArgumentException for a number outside 0..1
     */
    public double[] adjust(double... p) {
        int[] order = IntStream.range(0, p.length)
                .filter(test -> !Double.isNaN(p[test]))
                .boxed()
                .sorted(Comparator.comparingDouble(test -> p[test]))
                .mapToInt(Integer::intValue)
                .toArray();
        for (int test : order) {
            if (p[test] < 0 || p[test] > 1) {
                throw new IllegalArgumentException(
                        "p-value %d is %s: p-values lie between 0 and 1".formatted(test, p[test]));
            }
        }
        double[] sorted =
                ofSorted(Arrays.stream(order).mapToDouble(test -> p[test]).toArray());
        var adjusted = new double[p.length];
        Arrays.fill(adjusted, Double.NaN);
        for (int i = 0; i < order.length; i++) {
            adjusted[order[i]] = sorted[i];
        }
        return adjusted;
    }
}
