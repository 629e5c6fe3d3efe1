package microtome.tensor.conformance;

import java.util.function.DoubleUnaryOperator;

/** Exact results, and for each the sum of the absolute values that it was made of: what its rounding errors scale with. */
public record Expected(double[] values, double[] magnitudes) {
    /** Results whose errors scale with themselves. */
    public static Expected of(double[] values) {
        return new Expected(values, map(values, Math::abs));
    }

    /** With one more term per result: that of its place in a row that repeats. */
    Expected plusRow(double[] row) {
        var sums = values.clone();
        var sizes = magnitudes.clone();
        for (int i = 0; i < sums.length; i++) {
            sums[i] += row[i % row.length];
            sizes[i] += Math.abs(row[i % row.length]);
        }
        return new Expected(sums, sizes);
    }

    static double[] map(double[] values, DoubleUnaryOperator function) {
        var results = new double[values.length];
        for (int i = 0; i < values.length; i++) {
            results[i] = function.applyAsDouble(values[i]);
        }
        return results;
    }
}
