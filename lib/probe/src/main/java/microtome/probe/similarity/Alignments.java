package microtome.probe.similarity;

import java.util.ArrayList;
import microtome.probe.data.Origin;

/**
 * Kernel alignments of any two of some layers, from the criteria of all pairs.
 *
 * @param criteria HSIC of any two, {@code [layers][layers]}
 * @param constant which layers do not vary
 * @param rows inputs
 */
record Alignments(double[][] criteria, boolean[] constant, long rows) {
    static Alignments debiased(GramSums sums) {
        return of(sums, sums::unbiased);
    }

    static Alignments biased(GramSums sums) {
        return of(sums, sums::biased);
    }

    private interface Criterion {
        double of(int a, int b);
    }

    private static Alignments of(GramSums sums, Criterion criterion) {
        int count = sums.traces().length;
        var criteria = new double[count][count];
        var constant = new boolean[count];
        for (int a = 0; a < count; a++) {
            constant[a] = sums.traces()[a] == 0;
            for (int b = 0; b < count; b++) {
                criteria[a][b] = criterion.of(a, b);
            }
        }
        return new Alignments(criteria, constant, sums.rows());
    }

    /** The matrix of a plan, whose layers come in the order of its rows, then of its columns. */
    SimilarityMatrix result(Similarity plan, SimilarityMeasure measure, Origin origin) {
        return result(
                measure,
                new SimilarityMatrix.Side(plan.titles().getFirst(), Similarity.names(plan.rows())),
                new SimilarityMatrix.Side(plan.titles().getLast(), Similarity.names(plan.columns())),
                plan.isOfOne(),
                origin);
    }

    SimilarityMatrix result(
            SimilarityMeasure measure,
            SimilarityMatrix.Side rows,
            SimilarityMatrix.Side columns,
            boolean ofOneModel,
            Origin origin) {
        int firstColumn = ofOneModel ? 0 : rows.labels().size();
        var matrix = new double[rows.labels().size()][columns.labels().size()];
        var gaps = new ArrayList<SimilarityMatrix.Gap>();
        for (int row = 0; row < matrix.length; row++) {
            for (int column = 0; column < matrix[row].length; column++) {
                int b = firstColumn + column;
                matrix[row][column] = Cka.ratio(criteria[row][b], criteria[row][row], criteria[b][b]);
                if (Double.isNaN(matrix[row][column])) {
                    String reason = isMissing(row)
                            ? reason(row, rows.labels().get(row))
                            : reason(b, columns.labels().get(column));
                    gaps.add(new SimilarityMatrix.Gap(row, column, reason));
                }
            }
        }
        return new SimilarityMatrix(measure, rows, columns, ofOneModel, matrix, gaps, origin);
    }

    private boolean isMissing(int layer) {
        return !(criteria[layer][layer] > 0);
    }

    private String reason(int layer, String label) {
        return constant[layer] ? Reasons.constant(label) : Reasons.notPositive(label, rows);
    }
}
