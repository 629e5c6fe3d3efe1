package microtome.probe.similarity;

import java.util.Arrays;

/** Rows of numbers as they were given; not copied, because a corpus of them fills the memory once already. */
sealed interface RowNumbers {
    int rows();

    /** Elements of a row. */
    int width(int row);

    /** Copies a row as doubles. */
    void copy(int row, double[] target);

    /** Rows of doubles. */
    record Doubles(double[][] values) implements RowNumbers {
        @Override
        public int rows() {
            return values.length;
        }

        @Override
        public int width(int row) {
            return values[row].length;
        }

        @Override
        public void copy(int row, double[] target) {
            System.arraycopy(values[row], 0, target, 0, target.length);
        }
    }

    /** Rows of floats. */
    record Floats(float[][] values) implements RowNumbers {
        @Override
        public int rows() {
            return values.length;
        }

        @Override
        public int width(int row) {
            return values[row].length;
        }

        @Override
        public void copy(int row, double[] target) {
            float[] from = values[row];
            Arrays.setAll(target, i -> from[i]);
        }
    }

    /** Rows of floats one behind the other, all of one width. */
    record Flat(float[] values, int rows, int width) implements RowNumbers {
        @Override
        public int width(int row) {
            return width;
        }

        @Override
        public void copy(int row, double[] target) {
            int from = row * width;
            for (int i = 0; i < target.length; i++) {
                target[i] = values[from + i];
            }
        }
    }
}
