package microtome.probe.concept.linear;

import microtome.probe.data.Vectors;

/** What discriminant analyses share: how samples lie around the means of their classes. */
final class Within {
    private Within() {}

    /** Every sample less the mean of its class. */
    static double[][] residuals(Samples samples, double[][] means) {
        var residuals = new double[samples.size()][samples.width()];
        for (int row = 0; row < residuals.length; row++) {
            double[] mean = means[samples.classes()[row]];
            for (int i = 0; i < mean.length; i++) {
                residuals[row][i] = samples.rows()[row][i] - mean[i];
            }
        }
        return residuals;
    }

    /** {@code X' X}. */
    static double[][] inner(double[][] rows) {
        int width = rows[0].length;
        var products = new double[width][width];
        for (double[] row : rows) {
            for (int i = 0; i < width; i++) {
                Additions.addFrom(i, row[i], row, products[i]);
            }
        }
        return mirrored(products);
    }

    /** {@code X X'}. */
    static double[][] outer(double[][] rows) {
        var products = new double[rows.length][rows.length];
        for (int row = 0; row < rows.length; row++) {
            for (int other = row; other < rows.length; other++) {
                products[row][other] = Vectors.dot(rows[row], rows[other]);
            }
        }
        return mirrored(products);
    }

    private static double[][] mirrored(double[][] upper) {
        for (int i = 0; i < upper.length; i++) {
            for (int j = 0; j < i; j++) {
                upper[i][j] = upper[j][i];
            }
        }
        return upper;
    }

    /** {@code X' coefficients}. */
    static double[] combined(double[][] rows, double[] coefficients) {
        var sum = new double[rows[0].length];
        for (int row = 0; row < rows.length; row++) {
            Additions.add(coefficients[row], rows[row], sum);
        }
        return sum;
    }

    /** The probe with these weights for the means of the classes, and biases that know how frequent they are. */
    static LinearProbe probe(Samples samples, double[][] means, double[][] weights) {
        int[] counts = samples.counts();
        var biases = new double[means.length];
        for (int each = 0; each < means.length; each++) {
            biases[each] =
                    Math.log((double) counts[each] / samples.size()) - Vectors.dot(means[each], weights[each]) / 2;
        }
        return LinearProbe.ofEachClass(samples.names(), weights, biases);
    }
}
