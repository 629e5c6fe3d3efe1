package microtome.probe.dimension;

import java.util.Arrays;
import java.util.LinkedHashMap;

/** Matrices of states, one per row, in double precision. */
final class Rows {
    private Rows() {}

    /**
     * These rows, checked.
     *
     * @throws IllegalArgumentException if there are none, they differ in width, or one has a number that is not finite
     */
    static double[][] checked(double[][] rows) {
        if (rows.length == 0 || rows[0].length == 0) {
            throw new IllegalArgumentException("no states: need at least one row of at least one number");
        }
        for (int row = 0; row < rows.length; row++) {
            if (rows[row].length != rows[0].length) {
                throw new IllegalArgumentException("state %d has %d numbers, state 0 has %d; all need the same width"
                        .formatted(row, rows[row].length, rows[0].length));
            }
            for (int i = 0; i < rows[row].length; i++) {
                if (!Double.isFinite(rows[row][i])) {
                    throw new IllegalArgumentException(
                            "state %d, element %d is %s; all numbers must be finite".formatted(row, i, rows[row][i]));
                }
            }
        }
        return rows;
    }

    /** These rows in double precision, checked. */
    static double[][] checked(float[][] rows) {
        return checked(doubles(rows));
    }

    private static double[][] doubles(float[][] rows) {
        var doubles = new double[rows.length][];
        for (int row = 0; row < rows.length; row++) {
            doubles[row] = new double[rows[row].length];
            for (int i = 0; i < doubles[row].length; i++) {
                doubles[row][i] = rows[row][i];
            }
        }
        return doubles;
    }

    /** The different ones among them, in the order in which they first stand. */
    static double[][] distinct(double[][] rows) {
        var seen = new LinkedHashMap<Content, double[]>();
        for (double[] row : rows) {
            seen.putIfAbsent(new Content(row), row);
        }
        return seen.values().toArray(double[][]::new);
    }

    /** The mean of every element, by way of the first row, so that it is exact where nothing varies. */
    static double[] mean(double[][] rows) {
        var mean = new double[rows[0].length];
        for (double[] row : rows) {
            for (int i = 0; i < mean.length; i++) {
                mean[i] += row[i] - rows[0][i];
            }
        }
        for (int i = 0; i < mean.length; i++) {
            mean[i] = rows[0][i] + mean[i] / rows.length;
        }
        return mean;
    }

    /** Copies with their mean taken away. */
    static double[][] centred(double[][] rows) {
        double[] mean = mean(rows);
        var centred = new double[rows.length][mean.length];
        for (int row = 0; row < rows.length; row++) {
            for (int i = 0; i < mean.length; i++) {
                centred[row][i] = rows[row][i] - mean[i];
            }
        }
        return centred;
    }

    /** Rows are equal by their numbers, so that 0 and -0 are the same. */
    private record Content(double[] row) {
        @Override
        public boolean equals(Object other) {
            if (!(other instanceof Content(double[] theirs))) {
                return false;
            }
            for (int i = 0; i < row.length; i++) {
                if (row[i] != theirs[i]) {
                    return false;
                }
            }
            return true;
        }

        @Override
        public int hashCode() {
            return Arrays.hashCode(
                    Arrays.stream(row).map(number -> number + 0.0).toArray());
        }
    }
}
