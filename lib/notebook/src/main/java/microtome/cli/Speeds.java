package microtome.cli;

import java.util.ArrayList;
import java.util.List;
import microtome.tensor.DType;
import microtome.tensor.Engine;
import microtome.tensor.Op;
import microtome.tensor.Tensor;

/**
 * How fast an engine computes and reads, now. Each number is the best of many short pieces of work, because another program
 * on the machine can only slow a piece down.
 */
final class Speeds {
    private static final double SECONDS_EACH = 0.3;
    private static final int ROWS = 256;
    private static final int WIDTH = 1024;
    /** A piece is read in half a millisecond, between two interruptions by other programs; all are more than caches hold. */
    private static final long PIECE = 16L << 20;

    private static final int PIECES = 16;

    private final Engine engine;

    Speeds(Engine engine) {
        this.engine = engine;
    }

    /** Floating point operations per second of products of many rows. */
    double products(DType type) {
        try (var _ = engine.openScope()) {
            Tensor inputs = engine.filled(0.5, type, ROWS, WIDTH);
            Tensor weight = engine.pack(engine.filled(0.5, DType.F32, WIDTH, WIDTH), type);
            return 2.0 * ROWS * WIDTH * WIDTH / best(_ -> product(inputs, weight));
        }
    }

    /** Bytes per second when every thread does nothing but read: sums, in turn over more than caches hold. */
    double reading() {
        try (var _ = engine.openScope()) {
            long rows = PIECE / Float.BYTES / WIDTH;
            Tensor values = engine.filled(1, DType.F32, PIECES * rows, WIDTH);
            return (double) PIECE
                    / best(run -> piece(values, run % PIECES * rows, rows).sum(-1));
        } finally {
            engine.trim();
        }
    }

    private static Tensor piece(Tensor values, long first, long rows) {
        return values.slice(0, first, first + rows);
    }

    /** Bytes of weights per second in products of one row, with more weights than caches hold: what decoding a token does. */
    double oneRow() {
        try (var _ = engine.openScope()) {
            int width = (int) Math.sqrt(PIECE / Float.BYTES);
            Tensor input = engine.filled(0.5, DType.F32, 1, width);
            Tensor weight = engine.filled(0.5, DType.F32, width, width);
            List<Tensor> weights = new ArrayList<>();
            for (int i = 0; i < PIECES; i++) {
                weights.add(engine.pack(weight, DType.F32));
            }
            return (double) PIECE / best(run -> product(input, weights.get(run % PIECES)));
        } finally {
            engine.trim();
        }
    }

    private static Tensor product(Tensor inputs, Tensor weight) {
        return inputs.engine().apply(new Op.MatMul(true, DType.F32), inputs, weight);
    }

    /** Something to time; the tensor is closed. */
    private interface Work {
        Tensor run(int run);
    }

    /** Seconds of the fastest run; twice at least, since the first one also makes what later ones keep. */
    private double best(Work work) {
        double best = Double.POSITIVE_INFINITY;
        long began = System.nanoTime();
        for (int run = 0; run < 2 || (System.nanoTime() - began) / 1e9 < SECONDS_EACH; run++) {
            engine.synchronize();
            long start = System.nanoTime();
            try (Tensor _ = work.run(run)) {
                engine.synchronize();
                best = Math.min(best, (System.nanoTime() - start) / 1e9);
            }
        }
        return best;
    }
}
