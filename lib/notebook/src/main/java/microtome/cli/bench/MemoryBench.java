package microtome.cli.bench;

import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import microtome.model.store.ModelFiles;

/**
 * What loading a model in F32 and running a short text adds to a process at its peak, against the F32 weights. The virtual
 * machine itself (its libraries and classes, resident before the model is touched) is reported beside it.
 */
final class MemoryBench implements Benchmark {
    private static final double MEBIBYTE = 1 << 20;
    private static final double BOUND = 1.2;
    private static final String TEXT = "The capital of France is";
    private static final int LOADS = 10;
    private static final int COMPARED = 3;
    private static final double GROWTH = 0.02;

    private final ModelFiles files;

    MemoryBench(ModelFiles files) {
        this.files = files;
    }

    @Override
    public List<Result> run() {
        return List.of(once(), repeated());
    }

    private Result once() {
        WholeProcess process = WholeProcess.run(
                JavaProcess.command(FirstLogits.class, files.weights().toString(), TEXT));
        Map<?, ?> memory = process.lines().getLast();
        if (!memory.containsKey("peak")) {
            throw new IllegalStateException("peak memory is read from /proc, which this system lacks");
        }
        double weights = bytes(memory, "f32_weight_bytes");
        var facts = new LinkedHashMap<String, Object>();
        facts.put("F32 weights", "%.0f MiB".formatted(weights / MEBIBYTE));
        facts.put("virtual machine before loading", "%.0f MiB".formatted(bytes(memory, "before") / MEBIBYTE));
        facts.put(
                "peak of the process",
                "%.0f MiB when the model was loaded, %.0f MiB after the first logits (which make the unembedding ready): %.3f x the weights"
                        .formatted(
                                bytes(memory, "peak_of_load") / MEBIBYTE,
                                bytes(memory, "peak") / MEBIBYTE,
                                bytes(memory, "peak") / weights));
        facts.put(
                "resident at the end",
                "%.0f MiB, of them %.0f MiB not backed by a file"
                        .formatted(bytes(memory, "now") / MEBIBYTE, bytes(memory, "anonymous") / MEBIBYTE));
        double ratio = (bytes(memory, "peak") - bytes(memory, "before")) / weights;
        facts.put("added by loading and running", "%.3f x the weights (bound %s)".formatted(ratio, BOUND));
        return new Result(
                "memory: what loading and running adds at the peak, against the weights in F32",
                List.of(),
                facts,
                ratio <= BOUND);
    }

    /**
     * Memory that no file backs while a model is there, in a loop that loads, runs and closes one. Medians of the first and
     * the last loads are compared, without the very first: it brings classes, and a collector's heap breathes.
     */
    private Result repeated() {
        WholeProcess process = WholeProcess.run(
                JavaProcess.command(RepeatedLoads.class, files.weights().toString(), TEXT, Integer.toString(LOADS)));
        double[] resident = ((List<?>) process.lines().getLast().get("anonymous"))
                .stream().mapToDouble(bytes -> ((Number) bytes).doubleValue()).toArray();
        double early = median(Arrays.copyOfRange(resident, 1, 1 + COMPARED));
        double late = median(Arrays.copyOfRange(resident, LOADS - COMPARED, LOADS));
        double growth = late / early - 1;
        var facts = new LinkedHashMap<String, Object>();
        facts.put(
                "not backed by a file, at each load",
                Arrays.stream(resident)
                                .mapToObj(bytes -> "%.0f".formatted(bytes / MEBIBYTE))
                                .collect(Collectors.joining(" "))
                        + " MiB");
        facts.put(
                "growth from loads 2 to %d to loads %d to %d".formatted(1 + COMPARED, LOADS - COMPARED + 1, LOADS),
                "%+.2f %% (bound %.0f %%)".formatted(100 * growth, 100 * GROWTH));
        return new Result("memory: %d loads in a loop".formatted(LOADS), List.of(), facts, growth <= GROWTH);
    }

    private static double median(double[] values) {
        Arrays.sort(values);
        return values[values.length / 2];
    }

    private static double bytes(Map<?, ?> memory, String name) {
        return ((Number) memory.get(name)).doubleValue();
    }
}
