package microtome.probe.similarity;

import java.util.List;
import microtome.display.Progress;
import microtome.probe.data.Vectors;
import org.ejml.data.DMatrixRMaj;
import org.ejml.dense.row.CommonOps_DDRM;

/**
 * The sums of Gram matrices in double precision on the host, for few rows or where there is no engine. Goes by pairs of
 * rows or by pairs of columns, whichever is less work.
 */
final class HostGrams {
    private static final int TILE = 64;

    private final List<Centred> matrices;
    private final int rows;
    private final double[][] sums;

    private HostGrams(List<Centred> matrices) {
        this.matrices = matrices;
        this.rows = matrices.getFirst().rows();
        this.sums = new double[matrices.size()][matrices.size()];
    }

    static GramSums of(List<Centred> matrices) {
        var grams = new HostGrams(matrices);
        if (workByRows(matrices) <= grams.workByColumns()) {
            grams.byRows();
        } else {
            grams.byColumns();
        }
        for (int a = 0; a < matrices.size(); a++) {
            for (int b = 0; b < a; b++) {
                grams.sums[b][a] = grams.sums[a][b];
            }
        }
        return GramSums.of(matrices, grams.sums);
    }

    /** Multiplications when every two rows are compared. */
    static double workByRows(List<Centred> matrices) {
        double rows = matrices.getFirst().rows();
        double widths = matrices.stream().mapToDouble(Centred::width).sum();
        return rows * rows / 2 * (widths + matrices.size() * (double) matrices.size() / 2);
    }

    private double workByColumns() {
        double work = 0;
        for (int a = 0; a < matrices.size(); a++) {
            for (int b = 0; b <= a; b++) {
                work += (double) rows
                        * matrices.get(a).width()
                        * matrices.get(b).width();
            }
        }
        return work;
    }

    private void byRows() {
        int tiles = Math.ceilDiv(rows, TILE);
        try (var progress = Progress.of("similarity", (long) tiles * (tiles + 1) / 2)) {
            for (int first = 0; first < tiles; first++) {
                List<DMatrixRMaj> left = panels(first);
                for (int second = first; second < tiles; second++) {
                    add(left, second == first ? left : panels(second), second == first);
                    progress.step();
                }
            }
        }
    }

    private List<DMatrixRMaj> panels(int tile) {
        int from = tile * TILE;
        return matrices.stream()
                .map(matrix -> matrix.block(from, Math.min(rows, from + TILE)))
                .toList();
    }

    private void add(List<DMatrixRMaj> left, List<DMatrixRMaj> right, boolean onDiagonal) {
        var tiles = new double[matrices.size()][];
        for (int a = 0; a < tiles.length; a++) {
            var gram = new DMatrixRMaj(left.get(a).numRows, right.get(a).numRows);
            CommonOps_DDRM.multTransB(left.get(a), right.get(a), gram);
            for (int i = 0; onDiagonal && i < gram.numRows; i++) {
                gram.set(i, i, 0);
            }
            tiles[a] = gram.data;
        }
        for (int a = 0; a < tiles.length; a++) {
            for (int b = 0; b <= a; b++) {
                sums[a][b] += (onDiagonal ? 1 : 2) * Vectors.dot(tiles[a], tiles[b]);
            }
        }
    }

    private void byColumns() {
        int pairs = matrices.size() * (matrices.size() + 1) / 2;
        try (var progress = Progress.of("similarity", pairs)) {
            for (int a = 0; a < matrices.size(); a++) {
                for (int b = 0; b <= a; b++) {
                    sums[a][b] = offDiagonal(matrices.get(a), matrices.get(b));
                    progress.step();
                }
            }
        }
    }

    private static double offDiagonal(Centred a, Centred b) {
        var product = new DMatrixRMaj(a.width(), b.width());
        for (int from = 0; from < a.rows(); from += TILE) {
            int to = Math.min(a.rows(), from + TILE);
            CommonOps_DDRM.multAddTransA(a.block(from, to), b.block(from, to), product);
        }
        return Vectors.dot(product.data, product.data) - Vectors.dot(a.squaredLengths(), b.squaredLengths());
    }
}
