package microtome.probe.similarity;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
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
    private static final long ALIGNMENT = 64;
    private static final int LEFT_ROWS = 256;
    private static final int RIGHT_ROWS = 64;

    private final Engine engine;
    private final List<Centred> matrices;
    private final int rows;
    private final double[] factors;
    private final Slab left;
    private final Slab[] right;
    private final float[] products;
    private final double[][] sums;

    /** Native memory for one panel of every matrix, which the engine reads where it lies. */
    private record Slab(MemorySegment memory) {
        static Slab of(Arena arena, List<Centred> matrices, int rows) {
            long widths = matrices.stream().mapToLong(Centred::width).sum();
            return new Slab(arena.allocate(widths * rows * Float.BYTES, ALIGNMENT));
        }
    }

    private EngineGrams(Engine engine, List<Centred> matrices, Arena arena) {
        this.engine = engine;
        this.matrices = matrices;
        this.rows = matrices.getFirst().rows();
        this.factors = matrices.stream()
                .mapToDouble(matrix -> matrix.isConstant() ? 1 : Math.sqrt(rows / matrix.trace()))
                .toArray();
        this.left = Slab.of(arena, matrices, Math.min(rows, LEFT_ROWS));
        this.right = new Slab[] {
            Slab.of(arena, matrices, Math.min(rows, RIGHT_ROWS)), Slab.of(arena, matrices, Math.min(rows, RIGHT_ROWS))
        };
        this.products = new float[Math.min(rows, LEFT_ROWS) * matrices.size() * matrices.size()];
        this.sums = new double[matrices.size()][matrices.size()];
    }

    static GramSums of(Engine engine, List<Centred> matrices) {
        var arena = Arena.ofShared();
        try {
            var grams = new EngineGrams(engine, matrices, arena);
            grams.run();
            return GramSums.of(matrices, grams.unscaled());
        } finally {
            engine.synchronize(); // nothing may still read the slabs, also after a stop
            arena.close();
        }
    }

    private void run() {
        long tiles = 0;
        for (int from = 0; from < rows; from += LEFT_ROWS) {
            tiles += Math.ceilDiv(rows - from, RIGHT_ROWS);
        }
        try (var progress = Progress.of("similarity", tiles)) {
            for (int from = 0; from < rows; from += LEFT_ROWS) {
                strip(from, Math.min(rows, from + LEFT_ROWS), progress);
            }
        }
    }

    /**
     * The tiles of some rows with themselves, and with all later rows; those count twice, once for each side. While the engine
     * is at one tile, the next is written into the other slab, whose tile was waited for before.
     */
    private void strip(int from, int to, Progress progress) {
        try (var _ = engine.openScope()) {
            List<Tensor> panels = panels(from, to, left);
            Tensor waiting = null;
            int factor = 0;
            for (int first = from; first < rows; first += RIGHT_ROWS) {
                int end = Math.min(rows, first + RIGHT_ROWS);
                Tensor next;
                try (var scope = engine.openScope()) {
                    next = scope.keep(
                            first < to ? onDiagonal(panels, first - from, end - from) : beyond(panels, first, end));
                }
                if (waiting != null) {
                    add(waiting, factor);
                }
                waiting = next;
                factor = first < to ? 1 : 2;
                progress.step();
            }
            add(waiting, factor);
        }
    }

    /** The tile of rows with some of themselves; a row with itself is left out. */
    private Tensor onDiagonal(List<Tensor> panels, int from, int to) {
        int height = Math.toIntExact(panels.getFirst().extent(0));
        var others = new float[height * (to - from)];
        Arrays.fill(others, 1);
        for (int column = 0; column < to - from; column++) {
            others[(from + column) * (to - from) + column] = 0;
        }
        Tensor mask = engine.tensor(others, height, to - from);
        return products(panels.stream()
                .map(panel -> panel.matmulTransposed(panel.slice(0, from, to)).times(mask))
                .toList());
    }

    /** The tile of rows with later ones. */
    private Tensor beyond(List<Tensor> panels, int from, int to) {
        List<Tensor> others = panels(from, to, right[from / RIGHT_ROWS % right.length]);
        return products(IntStream.range(0, panels.size())
                .mapToObj(index -> panels.get(index).matmulTransposed(others.get(index)))
                .toList());
    }

    private List<Tensor> panels(int from, int to, Slab slab) {
        var panels = new ArrayList<Tensor>();
        long at = 0;
        for (int index = 0; index < matrices.size(); index++) {
            Centred matrix = matrices.get(index);
            long bytes = (long) (to - from) * matrix.width() * Float.BYTES;
            MemorySegment panel = slab.memory().asSlice(at, bytes);
            matrix.panel(from, to, factors[index], panel);
            panels.add(engine.wrap(panel, TensorType.of(DType.F32, to - from, matrix.width())));
            at += bytes;
        }
        return panels;
    }

    /** Products of the tiles of any two matrices, row by row of the tile: {@code [rows, matrices, matrices]}. */
    private static Tensor products(List<Tensor> grams) {
        Tensor tile = Tensor.concat(
                1,
                grams.stream()
                        .map(gram -> gram.reshape(gram.extent(0), 1, gram.extent(1)))
                        .toList());
        return tile.matmulTransposed(tile);
    }

    private void add(Tensor tile, int factor) {
        int values = Math.toIntExact(tile.shape().elements());
        tile.download(MemorySegment.ofArray(products).asSlice(0, (long) values * Float.BYTES));
        tile.close();
        int count = sums.length;
        for (int i = 0; i < values; i++) {
            sums[i / count % count][i % count] += (double) factor * products[i];
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
