package microtome.cli.bench;

import java.util.function.Supplier;
import microtome.tensor.DType;
import microtome.tensor.Engine;
import microtome.tensor.Tensor;

/**
 * How fast this machine reads memory now, with as many threads as the engine has: sums over more than caches hold. Gives
 * seconds per byte, of some readings in a row.
 */
final class MemoryReading implements Supplier<double[]> {
    private static final long ROWS = 16_384;
    private static final long WIDTH = 4096;
    private static final int READINGS = 3;

    private final Tensor values;

    /** Takes 256 MiB of the open scope. */
    MemoryReading(Engine engine) {
        this.values = engine.filled(1, DType.F32, ROWS, WIDTH);
    }

    @Override
    public double[] get() {
        Engine engine = values.engine();
        var seconds = new double[READINGS];
        for (int reading = 0; reading < READINGS; reading++) {
            engine.synchronize();
            long began = System.nanoTime();
            try (Tensor _ = values.sum(-1)) {
                engine.synchronize();
                seconds[reading] = (System.nanoTime() - began) / 1e9 / Float.BYTES / ROWS / WIDTH;
            }
        }
        return seconds;
    }
}
