package microtome.cli.bench;

import microtome.tensor.DType;
import microtome.tensor.Engine;
import microtome.tensor.Tensor;

/** Operations on one number each, so many as a step of decoding has: nearly all of their time is not the kernels'. */
final class SmallOperations {
    private static final int COUNT = 360;
    private static final double BOUND = 2e-3;
    private static final int REPEATS = 200;

    private SmallOperations() {}

    /** What they took, from the first call until the result is there. */
    static String cost() {
        try (var engine = Engine.open();
                var _ = engine.openScope()) {
            Tensor one = engine.filled(1, DType.F32, 1);
            var seconds = new double[REPEATS];
            for (int repeat = -REPEATS; repeat < REPEATS; repeat++) {
                engine.synchronize();
                long began = System.nanoTime();
                chain(engine, one);
                seconds[Math.max(repeat, 0)] = (System.nanoTime() - began) / 1e9;
            }
            double median = new Timings("small operations", seconds).median();
            return "%d operations on one number each, with their kernels: %.3f ms, %.2f us each (bound %.0f ms)"
                    .formatted(COUNT, 1e3 * median, 1e6 * median / COUNT, 1e3 * BOUND);
        }
    }

    private static void chain(Engine engine, Tensor one) {
        try (var _ = engine.openScope()) {
            Tensor sum = one;
            for (int i = 0; i < COUNT; i++) {
                sum = sum.plus(one);
            }
            sum.toFloats();
        }
    }
}
