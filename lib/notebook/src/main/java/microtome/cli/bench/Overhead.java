package microtome.cli.bench;

import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import microtome.tensor.DType;
import microtome.tensor.Engine;
import microtome.tensor.Tensor;

/**
 * What the way from a method of a tensor to the end of its kernel costs. The kernel adds 16 numbers, which takes some
 * nanoseconds, so that the time of an operation is all overhead: objects, queue, foreign call, checks of the arguments,
 * memory from the pool and back.
 */
final class Overhead {
    private static final int MANY = 10_000;
    private static final int STEP = 360;
    private static final int REPEATS = 50;
    private static final double BOUND_EACH = 1e-6;
    private static final double BOUND_STEP = 2e-3;

    private Overhead() {}

    static Result of(Engine engine) {
        try (var _ = engine.openScope()) {
            Tensor small = engine.filled(1, DType.F32, 16);
            for (int warmUp = 0; warmUp < REPEATS; warmUp++) {
                seconds(engine, small, MANY);
            }
            double each = median(engine, small, MANY) / MANY;
            double step = median(engine, small, STEP);
            var facts = new LinkedHashMap<String, Object>();
            facts.put(
                    "an operation in a long row",
                    "%.2f us (bound %.0f us)%s".formatted(1e6 * each, 1e6 * BOUND_EACH, missed(each, BOUND_EACH)));
            facts.put(
                    "360 operations, each on the result of the one before, and a wait",
                    "%.2f ms (bound %.0f ms)%s".formatted(1e3 * step, 1e3 * BOUND_STEP, missed(step, BOUND_STEP)));
            return new Result("operations: overhead", List.of(), facts, each <= BOUND_EACH && step <= BOUND_STEP);
        }
    }

    private static String missed(double found, double bound) {
        return found > bound ? ": MISSES" : "";
    }

    private static double median(Engine engine, Tensor small, int count) {
        var seconds = new double[REPEATS];
        Arrays.setAll(seconds, _ -> seconds(engine, small, count));
        return new Timings("microtome", seconds).median();
    }

    private static double seconds(Engine engine, Tensor small, int count) {
        engine.synchronize();
        long began = System.nanoTime();
        Tensor current = small.plus(small);
        for (int operation = 1; operation < count; operation++) {
            Tensor next = current.plus(small);
            current.close();
            current = next;
        }
        engine.synchronize();
        double seconds = (System.nanoTime() - began) / 1e9;
        current.close();
        return seconds;
    }
}
