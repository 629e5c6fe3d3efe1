package microtome.probe.depth;

import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;

/**
 * Effects of skipping blocks in some trials; NaN where nothing was computed, 0 where a block cannot be changed by one that is
 * not before it.
 *
 * @param later {@code [trials][skipped block][changed block]}
 * @param output {@code [trials][skipped block]}
 */
record SkipEffects(double[][][] later, double[][] output) {
    /** Nothing computed yet. */
    static SkipEffects of(int trials, int blocks) {
        var effects = new SkipEffects(new double[trials][blocks][blocks], new double[trials][blocks]);
        for (int trial = 0; trial < trials; trial++) {
            effects.clear(trial);
        }
        return effects;
    }

    /** Takes back what was computed of one trial. */
    void clear(int trial) {
        for (int skipped = 0; skipped < blocks(); skipped++) {
            Arrays.fill(later[trial][skipped], skipped + 1, blocks(), Double.NaN);
        }
        Arrays.fill(output[trial], Double.NaN);
    }

    int blocks() {
        return output[0].length;
    }

    /** Those of some trials. */
    SkipEffects of(List<Integer> trials) {
        return new SkipEffects(
                trials.stream().map(trial -> later[trial]).toArray(double[][][]::new),
                trials.stream().map(trial -> output[trial]).toArray(double[][]::new));
    }

    /** One number over the trials for each pair of blocks, {@code [skipped block][changed block]}. */
    double[][] matrix(Aggregation rule) {
        var matrix = new double[blocks()][blocks()];
        for (int skipped = 0; skipped < blocks(); skipped++) {
            for (int changed = skipped + 1; changed < blocks(); changed++) {
                int row = skipped;
                int column = changed;
                matrix[skipped][changed] = rule.of(Arrays.stream(later)
                        .mapToDouble(each -> each[row][column])
                        .toArray());
            }
        }
        return matrix;
    }

    /** One number over the trials for each skipped block. */
    double[] outputs(Aggregation rule) {
        return IntStream.range(0, blocks())
                .mapToDouble(skipped -> rule.of(
                        Arrays.stream(output).mapToDouble(each -> each[skipped]).toArray()))
                .toArray();
    }

    /** The mean of each row of a matrix over the later blocks whose effect is known; NaN where there are none. */
    static double[] rowEffects(double[][] matrix) {
        return IntStream.range(0, matrix.length)
                .mapToDouble(
                        skipped -> Aggregation.MEAN.of(Arrays.copyOfRange(matrix[skipped], skipped + 1, matrix.length)))
                .toArray();
    }

    /** {@code sum over s of s * e_s / sum over s of e_s}; NaN where no effect is above 0. */
    static double score(double[][] matrix) {
        double[] rows = rowEffects(matrix);
        double weighted = 0;
        double sum = 0;
        for (int skipped = 0; skipped < rows.length; skipped++) {
            if (!Double.isNaN(rows[skipped])) {
                weighted += skipped * rows[skipped];
                sum += rows[skipped];
            }
        }
        return sum > 0 ? weighted / sum : Double.NaN;
    }
}
