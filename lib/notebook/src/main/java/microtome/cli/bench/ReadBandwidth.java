package microtome.cli.bench;

import microtome.tensor.DType;
import microtome.tensor.Engine;
import microtome.tensor.Tensor;

/** How fast this machine reads memory now, with as many threads as the engine has: sums over more than caches hold. */
final class ReadBandwidth {
    private static final long ROWS = 16_384;
    private static final long WIDTH = 4096;
    private static final int REPEATS = 15;

    private ReadBandwidth() {}

    /** Bytes per second, the best of several readings of 256 MiB. */
    static double of(Engine engine) {
        try (var _ = engine.openScope()) {
            Tensor values = engine.filled(1, DType.F32, ROWS, WIDTH);
            double best = Double.POSITIVE_INFINITY;
            for (int repeat = 0; repeat < REPEATS; repeat++) {
                engine.synchronize();
                long began = System.nanoTime();
                try (Tensor _ = values.sum(-1)) {
                    engine.synchronize();
                    best = Math.min(best, (System.nanoTime() - began) / 1e9);
                }
            }
            return (double) Float.BYTES * ROWS * WIDTH / best;
        } finally {
            engine.trim();
        }
    }
}
