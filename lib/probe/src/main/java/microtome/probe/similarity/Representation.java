package microtome.probe.similarity;

import java.util.ArrayList;
import java.util.List;
import microtome.probe.data.prompt.PromptStates;

/**
 * What one layer makes of some inputs: a matrix with a row for each input. Two are compared row by row, so row i of both
 * must belong to the same input; their widths may differ. The numbers are not copied and must not change.
 */
public final class Representation {
    private final String name;
    private final RowNumbers numbers;
    private final int width;

    private Representation(String name, RowNumbers numbers) {
        this.name = name;
        this.numbers = numbers;
        if (numbers.rows() == 0 || numbers.width(0) == 0) {
            throw new IllegalArgumentException("%s: %d rows of width %d; need at least one row with one number"
                    .formatted(name, numbers.rows(), numbers.rows() == 0 ? 0 : numbers.width(0)));
        }
        this.width = numbers.width(0);
        check();
    }

    /**
     * A matrix {@code [rows, width]}.
     *
     * @param name what it is called in results, such as {@code residual.3} or {@code 3}
     * @throws IllegalArgumentException if rows differ in width, or a number is not finite; the message says where
     */
    public static Representation of(String name, double[][] rows) {
        return new Representation(name, new RowNumbers.Doubles(rows));
    }

    /** As {@link #of(String, double[][])}, in single precision. */
    public static Representation of(String name, float[][] rows) {
        return new Representation(name, new RowNumbers.Floats(rows));
    }

    /**
     * A matrix {@code [rows, width]} in row-major order.
     *
     * @throws IllegalArgumentException if the numbers do not make whole rows, or one is not finite
     */
    public static Representation of(String name, float[] numbers, int width) {
        if (width < 1 || numbers.length % width != 0) {
            throw new IllegalArgumentException(
                    "%s: %d numbers do not make whole rows of width %d".formatted(name, numbers.length, width));
        }
        return new Representation(name, new RowNumbers.Flat(numbers, numbers.length / width, width));
    }

    /** The layers of labelled prompts, one row for each prompt. */
    public static List<Representation> of(PromptStates states) {
        var layers = new ArrayList<Representation>();
        for (int layer = 0; layer < states.layers().size(); layer++) {
            layers.add(of(states.layers().get(layer), states.states()[layer]));
        }
        return layers;
    }

    /** What it is called. */
    public String name() {
        return name;
    }

    /** Number of inputs. */
    public int rows() {
        return numbers.rows();
    }

    /** Numbers of a row. */
    public int width() {
        return width;
    }

    void copy(int row, double[] target) {
        numbers.copy(row, target);
    }

    private void check() {
        var values = new double[width];
        for (int row = 0; row < rows(); row++) {
            if (numbers.width(row) != width) {
                throw new IllegalArgumentException("%s: row %d has %d numbers, row 0 has %d; need one width"
                        .formatted(name, row, numbers.width(row), width));
            }
            copy(row, values);
            for (int i = 0; i < width; i++) {
                if (!Double.isFinite(values[i])) {
                    throw new IllegalArgumentException(
                            "%s: row %d, element %d is %s; the model's values left the range of its number type: run it in F32, and check the weight file if it already does"
                                    .formatted(name, row, i, values[i]));
                }
            }
        }
    }

    @Override
    public String toString() {
        return "%s [%d, %d]".formatted(name, rows(), width);
    }
}
