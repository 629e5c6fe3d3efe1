package microtome.cli.bench;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import microtome.model.store.ModelFiles;

/** The most memory that a process ever holds that loads a model in F32 and runs a short text, against its F32 weights. */
final class MemoryBench implements Benchmark {
    private static final double MEBIBYTE = 1 << 20;
    private static final double BOUND = 1.2;

    private final ModelFiles files;

    MemoryBench(ModelFiles files) {
        this.files = files;
    }

    @Override
    public List<Result> run() {
        WholeProcess process = WholeProcess.run(
                JavaProcess.command(FirstLogits.class, files.weights().toString(), "The capital of France is"));
        Map<?, ?> memory = process.lines().getLast();
        if (!memory.containsKey("peak")) {
            throw new IllegalStateException("peak memory is read from /proc, which this system lacks");
        }
        double weights = bytes(memory, "f32_weight_bytes");
        var facts = new LinkedHashMap<String, Object>();
        facts.put("F32 weights", "%.0f MiB".formatted(weights / MEBIBYTE));
        facts.put("peak resident", "%.0f MiB".formatted(bytes(memory, "peak") / MEBIBYTE));
        facts.put(
                "resident at the end",
                "%.0f MiB, of them %.0f MiB not backed by a file"
                        .formatted(bytes(memory, "now") / MEBIBYTE, bytes(memory, "anonymous") / MEBIBYTE));
        double ratio = bytes(memory, "peak") / weights;
        facts.put("ratio", "%.3f (bound %s)".formatted(ratio, BOUND));
        return List.of(new Result(
                "memory: the peak of a process that loads and runs, against its weights in F32",
                List.of(),
                facts,
                ratio <= BOUND));
    }

    private static double bytes(Map<?, ?> memory, String name) {
        return ((Number) memory.get(name)).doubleValue();
    }
}
