package microtome.probe.similarity;

import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;
import microtome.display.Progress;
import microtome.tensor.DType;
import microtome.tensor.Engine;
import microtome.tensor.Tensor;
import microtome.tensor.TensorType;

/**
 * The sums of Gram matrices through the engine. For {@code L} layers of {@code n} rows and width {@code d}, comparing rows
 * costs {@code n^2 d L} and gives the Gram matrices of all layers at once, while one product {@code X'Y} for each pair of
 * layers costs {@code n d^2 L^2}: {@code L d / n} times as much. Only a tile of the Gram matrices is ever there.
 *
 * <p>Rows are centred in double precision, scaled to mean squared length 1 and rounded to F32 once. Products are F32 sums of
 * a row's width; products of Gram matrices are F32 sums over one row of a tile, and double sums beyond.
 */
final class EngineGrams {
    private static final int LEFT_ROWS = 256;
    private static final int RIGHT_ROWS = 256;

    private final Engine engine;
    private final List<Centred> matrices;
    private final int rows;
    private final double[] factors;
    private final float[] staging;
    private final double[][] sums;

    private EngineGrams(Engine engine, List<Centred> matrices) {
        this.engine = engine;
        this.matrices = matrices;
        this.rows = matrices.getFirst().rows();
        this.factors = matrices.stream()
                .mapToDouble(matrix -> matrix.isConstant() ? 1 : Math.sqrt(rows / matrix.trace()))
                .toArray();
        int widest = matrices.stream().mapToInt(Centred::width).max().orElseThrow();
        this.staging = new float[Math.min(rows, Math.max(LEFT_ROWS, RIGHT_ROWS)) * widest];
        this.sums = new double[matrices.size()][matrices.size()];
    }

    static GramSums of(Engine engine, List<Centred> matrices) {
        var grams = new EngineGrams(engine, matrices);
        grams.run();
        return GramSums.of(matrices, grams.unscaled());
    }

    private void run() {
        int tiles = Math.ceilDiv(rows, LEFT_ROWS);
        try (var progress = Progress.of("similarity", (long) tiles * (tiles + 1) / 2)) {
            for (int first = 0; first < tiles; first++) {
                column(first * LEFT_ROWS, progress);
            }
        }
    }

    /** The tile on the diagonal and all to the right of it; those count twice, once for each side. */
    private void column(int from, Progress progress) {
        int to = Math.min(rows, from + LEFT_ROWS);
        try (var _ = engine.openScope()) {
            List<Tensor> left = panels(from, to);
            Tensor waiting = products(left, left, true);
            int factor = 1;
            for (int right = to; right < rows; right += RIGHT_ROWS) {
                Tensor next;
                try (var scope = engine.openScope()) {
                    next = scope.keep(products(left, panels(right, Math.min(rows, right + RIGHT_ROWS)), false));
                }
                add(waiting, factor);
                waiting = next;
                factor = 2;
                progress.step();
            }
            add(waiting, factor);
            progress.step();
        }
    }

    private List<Tensor> panels(int from, int to) {
        var panels = new ArrayList<Tensor>();
        for (int index = 0; index < matrices.size(); index++) {
            Centred matrix = matrices.get(index);
            matrix.panel(from, to, factors[index], staging);
            long bytes = (long) (to - from) * matrix.width() * Float.BYTES;
            panels.add(engine.tensor(
                    MemorySegment.ofArray(staging).asSlice(0, bytes),
                    TensorType.of(DType.F32, to - from, matrix.width())));
        }
        return panels;
    }

    /** Products of the tiles of any two matrices, row by row of the tile: {@code [rows, matrices, matrices]}. */
    private Tensor products(List<Tensor> left, List<Tensor> right, boolean onDiagonal) {
        try (var scope = engine.openScope()) {
            long height = left.getFirst().extent(0);
            long width = right.getFirst().extent(0);
            Tensor off = onDiagonal ? offDiagonal(Math.toIntExact(height)) : null;
            var grams = new ArrayList<Tensor>();
            for (int index = 0; index < left.size(); index++) {
                Tensor gram = left.get(index).matmulTransposed(right.get(index));
                grams.add((onDiagonal ? gram.times(off) : gram).reshape(height, 1, width));
            }
            Tensor tile = Tensor.concat(1, grams);
            return scope.keep(tile.matmulTransposed(tile));
        }
    }

    private Tensor offDiagonal(int rows) {
        var ones = new float[rows * rows];
        for (int i = 0; i < ones.length; i++) {
            ones[i] = i % (rows + 1) == 0 ? 0 : 1;
        }
        return engine.tensor(ones, rows, rows);
    }

    private void add(Tensor products, int factor) {
        float[] values = products.toFloats();
        products.close();
        int count = sums.length;
        for (int i = 0; i < values.length; i++) {
            sums[i / count % count][i % count] += (double) factor * values[i];
        }
    }

    private double[][] unscaled() {
        for (int a = 0; a < sums.length; a++) {
            for (int b = 0; b < sums.length; b++) {
                double factor = factors[a] * factors[b];
                sums[a][b] /= factor * factor;
            }
        }
        return sums;
    }
}
