package microtome.probe.geometry.prompts;

import java.util.Arrays;
import java.util.stream.IntStream;

/** Arithmetic of the convergence index on distances between prompts. */
final class Convergence {
    private Convergence() {}

    /**
     * Sums over pairs of prompts.
     *
     * @param between mean distance of pairs of different classes; NaN if there is none
     * @param within mean distance of pairs of one class
     * @param pairsBetween how many pairs were averaged
     * @param pairsWithin how many pairs were averaged
     * @param leftOut pairs without a distance
     */
    record Split(double between, double within, int pairsBetween, int pairsWithin, int leftOut) {
        double index() {
            return between - within;
        }
    }

    /** The mean distances between and within classes. */
    static Split split(double[][] distances, int[] classes) {
        double between = 0;
        double within = 0;
        int pairsBetween = 0;
        int pairsWithin = 0;
        int leftOut = 0;
        for (int i = 0; i < classes.length; i++) {
            for (int j = 0; j < i; j++) {
                double distance = distances[i][j];
                if (Double.isNaN(distance)) {
                    leftOut++;
                } else if (classes[i] == classes[j]) {
                    within += distance;
                    pairsWithin++;
                } else {
                    between += distance;
                    pairsBetween++;
                }
            }
        }
        return new Split(mean(between, pairsBetween), mean(within, pairsWithin), pairsBetween, pairsWithin, leftOut);
    }

    /** For every prompt, the mean distance to other classes minus that to its own, itself left out; NaN where one is missing. */
    static double[] byPrompt(double[][] distances, int[] classes) {
        var index = new double[classes.length];
        for (int i = 0; i < index.length; i++) {
            double[] own = chosen(distances[i], classes, i, true);
            double[] other = chosen(distances[i], classes, i, false);
            index[i] = mean(Arrays.stream(other).sum(), other.length)
                    - mean(Arrays.stream(own).sum(), own.length);
        }
        return index;
    }

    /**
     * For every prompt {@code (b - a) / max(a, b)}, {@code a} the mean distance to its own class and {@code b} that to the
     * nearest other one; NaN for a prompt that is alone in its class, and where all distances are 0.
     */
    static double[] silhouettes(double[][] distances, int[] classes) {
        int count = Arrays.stream(classes).max().orElse(0) + 1;
        var silhouettes = new double[classes.length];
        for (int i = 0; i < silhouettes.length; i++) {
            double nearest = Double.NaN;
            for (int other = 0; other < count; other++) {
                if (other != classes[i]) {
                    double distance = meanTo(distances[i], classes, i, other);
                    nearest = Double.isNaN(nearest) || distance < nearest ? distance : nearest;
                }
            }
            double own = meanTo(distances[i], classes, i, classes[i]);
            double larger = Math.max(own, nearest);
            silhouettes[i] = larger == 0 ? Double.NaN : (nearest - own) / larger;
        }
        return silhouettes;
    }

    private static double meanTo(double[] distances, int[] classes, int self, int wanted) {
        double sum = 0;
        int count = 0;
        for (int j = 0; j < distances.length; j++) {
            if (j != self && classes[j] == wanted && !Double.isNaN(distances[j])) {
                sum += distances[j];
                count++;
            }
        }
        return mean(sum, count);
    }

    private static double[] chosen(double[] distances, int[] classes, int self, boolean own) {
        return IntStream.range(0, classes.length)
                .filter(j -> j != self && (classes[j] == classes[self]) == own && !Double.isNaN(distances[j]))
                .mapToDouble(j -> distances[j])
                .toArray();
    }

    private static double mean(double sum, int count) {
        return count == 0 ? Double.NaN : sum / count;
    }
}
