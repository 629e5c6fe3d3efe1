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
    /** Above this a backend is made for speed, and measuring it with much data takes no time. */
    static final double FAST = 5e9;

    private static final double SECONDS_EACH = 0.3;
    private static final int SMALL = 128;
    private static final int ROWS = 256;
    private static final int WIDTH = 1024;
    /** More than caches hold. */
    private static final long BYTES = 256L << 20;

    private static final int WEIGHT = 2048;

    private final Engine engine;

    Speeds(Engine engine) {
        this.engine = engine;
    }

    /** Floating point operations per second of small products, which suit a slow backend. */
    double smallProducts() {
        return products(DType.F32, SMALL, SMALL);
    }

    /** Floating point operations per second of products of many rows. */
    double products(DType type) {
        return products(type, ROWS, WIDTH);
    }

    private double products(DType type, int rows, int width) {
        try (var _ = engine.openScope()) {
            Tensor inputs = engine.filled(0.5, type, rows, width);
            Tensor weight = engine.pack(engine.filled(0.5, DType.F32, width, width), type);
            return 2.0 * rows * width * width / best(() -> product(inputs, weight));
        }
    }

    /** Bytes per second when every thread does nothing but read: sums over more than caches hold. */
    double reading() {
        try (var _ = engine.openScope()) {
            Tensor values = engine.filled(1, DType.F32, BYTES / Float.BYTES / WIDTH, WIDTH);
            return BYTES / best(() -> values.sum(-1));
        } finally {
            engine.trim();
        }
    }

    /** Bytes of weights per second in products of one row, with more weights than caches hold: what decoding a token does. */
    double oneRow() {
        int count = (int) (BYTES / Float.BYTES / WEIGHT / WEIGHT);
        try (var _ = engine.openScope()) {
            Tensor input = engine.filled(0.5, DType.F32, 1, WEIGHT);
            Tensor weight = engine.filled(0.5, DType.F32, WEIGHT, WEIGHT);
            List<Tensor> weights = new ArrayList<>();
            for (int i = 0; i < count; i++) {
                weights.add(engine.pack(weight, DType.F32));
            }
            return BYTES / best(() -> throughAll(input, weights));
        } finally {
            engine.trim();
        }
    }

    private static Tensor throughAll(Tensor input, List<Tensor> weights) {
        for (Tensor weight : weights.subList(1, weights.size())) {
            product(input, weight).close();
        }
        return product(input, weights.getFirst());
    }

    private static Tensor product(Tensor inputs, Tensor weight) {
        return inputs.engine().apply(new Op.MatMul(true, DType.F32), inputs, weight);
    }

    /** Something to time; the tensor is closed. */
    private interface Work {
        Tensor run();
    }

    /** Seconds of the fastest run; twice at least, since the first one also makes what later ones keep. */
    private double best(Work work) {
        double best = Double.POSITIVE_INFINITY;
        long began = System.nanoTime();
        for (int run = 0; run < 2 || (System.nanoTime() - began) / 1e9 < SECONDS_EACH; run++) {
            engine.synchronize();
            long start = System.nanoTime();
            try (Tensor _ = work.run()) {
                engine.synchronize();
                best = Math.min(best, (System.nanoTime() - start) / 1e9);
            }
        }
        return best;
    }
}
