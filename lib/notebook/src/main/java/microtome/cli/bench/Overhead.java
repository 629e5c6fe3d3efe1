package microtome.cli.bench;

import java.lang.management.ManagementFactory;
import java.lang.management.ThreadInfo;
import java.lang.management.ThreadMXBean;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import microtome.tensor.DType;
import microtome.tensor.Engine;
import microtome.tensor.Tensor;

/**
 * What the way from a method of a tensor to the end of its kernel costs. The kernel adds 16 numbers, which takes some
 * nanoseconds, so that the time of an operation is all overhead: objects, queue, foreign calls, checks of the arguments,
 * memory from the pool and back. Two threads share it, the caller and the engine's; a long row of operations takes as
 * long as the busier of them. Their processor times do not depend on what else the machine does.
 */
final class Overhead {
    private static final String ENGINE_THREAD = "microtome-";
    private static final int MANY = 10_000;
    private static final int STEP = 360;
    private static final int REPEATS = 40;
    private static final double BOUND_EACH = 1e-6;
    private static final double BOUND_STEP = 2e-3;

    private final ThreadMXBean threads = ManagementFactory.getThreadMXBean();
    private final Engine engine;
    private final Tensor small;
    private final long engineThread;

    private Overhead(Engine engine) {
        this.engine = engine;
        this.small = engine.filled(1, DType.F32, 16);
        this.engineThread = Arrays.stream(threads.getThreadInfo(threads.getAllThreadIds()))
                .filter(thread -> thread != null && thread.getThreadName().startsWith(ENGINE_THREAD))
                .mapToLong(ThreadInfo::getThreadId)
                .max()
                .orElse(-1);
    }

    static Result of(Engine engine) {
        try (var _ = engine.openScope()) {
            return new Overhead(engine).result();
        }
    }

    private Result result() {
        rows(MANY);
        Row many = rows(MANY);
        Row step = rows(STEP);
        double each = Math.max(many.caller, many.engine) / MANY;
        var facts = new LinkedHashMap<String, Object>();
        facts.put(
                "an operation, processor time of the caller and of the engine's thread",
                "%.2f us and %.2f us (bound %.0f us)%s"
                        .formatted(
                                1e6 * many.caller / MANY,
                                1e6 * many.engine / MANY,
                                1e6 * BOUND_EACH,
                                missed(each, BOUND_EACH)));
        facts.put("an operation in a long row, by the clock", "%.2f us".formatted(1e6 * many.wall / MANY));
        facts.put(
                "360 operations, each on the result of the one before, and a wait, by the clock",
                "%.2f ms (bound %.0f ms)%s"
                        .formatted(1e3 * step.wall, 1e3 * BOUND_STEP, missed(step.wall, BOUND_STEP)));
        boolean holds = each <= BOUND_EACH && step.wall <= BOUND_STEP;
        return new Result("operations: overhead", List.of(), facts, holds);
    }

    private static String missed(double found, double bound) {
        return found > bound ? ": MISSES" : "";
    }

    /** Seconds of one row of operations. */
    private record Row(double wall, double caller, double engine) {}

    /** Medians of many rows. */
    private Row rows(int count) {
        var rows = new Row[REPEATS];
        Arrays.setAll(rows, _ -> row(count));
        return new Row(
                new Timings("wall", Arrays.stream(rows).mapToDouble(Row::wall).toArray()).median(),
                new Timings(
                                "caller",
                                Arrays.stream(rows).mapToDouble(Row::caller).toArray())
                        .median(),
                new Timings(
                                "engine",
                                Arrays.stream(rows).mapToDouble(Row::engine).toArray())
                        .median());
    }

    private Row row(int count) {
        engine.synchronize();
        long began = System.nanoTime();
        long caller = threads.getCurrentThreadCpuTime();
        long before = engineNanos();
        for (int done = 0; done < count; done += STEP) {
            step(Math.min(STEP, count - done));
        }
        caller = threads.getCurrentThreadCpuTime() - caller;
        engine.synchronize();
        return new Row((System.nanoTime() - began) / 1e9, caller / 1e9, (engineNanos() - before) / 1e9);
    }

    /** As many operations as a model needs for one token; what they made goes with a scope, as in a model. */
    private void step(int count) {
        try (var _ = engine.openScope()) {
            Tensor current = small;
            for (int operation = 0; operation < count; operation++) {
                current = current.plus(small);
            }
        }
    }

    private long engineNanos() {
        return engineThread < 0 ? 0 : threads.getThreadCpuTime(engineThread);
    }
}
