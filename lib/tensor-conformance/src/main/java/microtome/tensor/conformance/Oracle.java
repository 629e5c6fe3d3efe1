package microtome.tensor.conformance;

import java.util.Arrays;
import microtome.tensor.Op;

/** What results should be, in double precision, by the shortest loops that say it. Shares nothing with any backend. */
final class Oracle {
    private static final int INTEGRATION_STEPS = 2000;
    private static final double FAR = 7;

    private Oracle() {}

    /** {@code 2 / sqrt(pi) * integral of e^(-t²) from 0 to x}, by Simpson's rule. */
    static double erf(double x) {
        if (Double.isNaN(x)) {
            return x;
        }
        double end = Math.min(Math.abs(x), FAR);
        double step = end / INTEGRATION_STEPS;
        double sum = 1 + Math.exp(-end * end);
        for (int i = 1; i < INTEGRATION_STEPS; i++) {
            double t = i * step;
            sum += (i % 2 == 0 ? 2 : 4) * Math.exp(-t * t);
        }
        return Math.signum(x) * 2 / Math.sqrt(Math.PI) * sum * step / 3;
    }

    static double activate(Op.Activation activation, double x) {
        double inner = Math.sqrt(2 / Math.PI) * (x + 0.044715 * Math.pow(x, 3));
        return switch (activation) {
            case SILU -> x * Math.exp(Math.min(x, 0)) / (1 + Math.exp(-Math.abs(x)));
            case GELU_TANH -> 0.5 * x * (1 + Math.tanh(inner));
            case GELU_ERF -> 0.5 * x * (1 + erf(x / Math.sqrt(2)));
        };
    }

    /** {@code out[i, j] = sum_k left[i, k] right(k, j)} with the magnitude {@code sum_k |left right|}. */
    static Expected product(double[] left, double[] right, Sizes sizes, boolean transposed) {
        var values = new double[sizes.m() * sizes.n()];
        var magnitudes = new double[values.length];
        for (int i = 0; i < sizes.m(); i++) {
            for (int k = 0; k < sizes.k(); k++) {
                double a = left[i * sizes.k() + k];
                for (int j = 0; j < sizes.n(); j++) {
                    double term = a * right[transposed ? j * sizes.k() + k : k * sizes.n() + j];
                    values[i * sizes.n() + j] += term;
                    magnitudes[i * sizes.n() + j] += Math.abs(term);
                }
            }
        }
        return new Expected(values, magnitudes);
    }

    /** Of {@code [m, k] x [k, n]}. */
    record Sizes(int m, int k, int n) {}

    static double[] softmax(double[] row) {
        double largest = Arrays.stream(row).max().orElse(0);
        var powers = Expected.map(row, x -> Math.exp(x - largest));
        double sum = Arrays.stream(powers).sum();
        return Expected.map(powers, power -> power / sum);
    }

    static double logSumExp(double[] row) {
        double largest = Arrays.stream(row).max().orElse(Double.NEGATIVE_INFINITY);
        return Double.isInfinite(largest)
                ? largest
                : largest
                        + Math.log(Arrays.stream(row)
                                .map(x -> Math.exp(x - largest))
                                .sum());
    }
}
