package microtome.cli;

import java.io.PrintWriter;
import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import microtome.Microtome;
import microtome.cli.bench.Benchmarks;
import microtome.cli.bench.Peers;
import microtome.cli.bench.Result;
import microtome.display.Json;
import microtome.model.store.ModelStore;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code bench NAME}: one headline job, its result checked before it is timed. */
@Command(
        name = "bench",
        description = {
            "Runs one headline job and the same job in other libraries, taking turns.",
            "harvest: the residual stream at every depth, 8 x 128 and 1 x 16 tokens, F32 and BF16.",
            "corpus: documents of many lengths in batches, against documents of one length.",
            "backward: gradients of a logit difference at every depth, 1 x 64 tokens, F32.",
            "attribution: parts, patches and tokens of a logit difference, 1 x 16 tokens, F32.",
            "start: from process start to the first logits.",
            "memory: the peak memory of loading, and memory over ten loads.",
            "lens: memory over 100 runs of a lens cell.",
            "decode: tokens per second with weights as stored, in BF16 and in F32.",
            "generate: 64 tokens greedily after 16, with F32 weights and as stored, against transformers.",
            "operations: single operations against torch, beside what is promised.",
            "patch: activation patching of the residual stream, every block x 16 positions, F32.",
            "skip: what skipping each block changes in later ones, 20 x 64 tokens, F32, against forward hooks.",
            "edits: memory over 1,000 runs with edits and taps.",
            "cka: linear CKA of every two of 31 layers, 4,096 x 576, F32, against torch.",
            "busy: a forward pass beside a process that keeps a processor busy."
        })
final class BenchCommand implements Callable<Integer> {
    @Parameters(
            paramLabel = "NAME",
            description =
                    "harvest, corpus, backward, start, memory, lens, decode, generate, operations, patch, skip, edits, attribution, cka or busy.")
    private Benchmarks benchmark;

    @Option(
            names = "--model",
            paramLabel = "M",
            defaultValue = "smollm2-135m-instruct",
            description = "Default: ${DEFAULT-VALUE}.")
    private String model;

    @Option(
            names = "--only",
            paramLabel = "TEXT",
            defaultValue = "",
            description = "Of operations, the cases whose names contain this.")
    private String only;

    @Option(names = "--json", description = "Print one JSON object with every single time.")
    private boolean json;

    @Option(names = "--peers", paramLabel = "DIR", description = "The folder that " + Peers.SET_UP + " made.")
    private Path peersFolder;

    @Spec
    private CommandSpec specification;

    private BenchCommand() {}

    @Override
    public Integer call() {
        PrintWriter out = specification.commandLine().getOut();
        PrintWriter err = specification.commandLine().getErr();
        Optional<Peers> peers = Peers.find(Optional.ofNullable(peersFolder), System.getenv());
        if (peers.isEmpty() && benchmark.hasPeers()) {
            err.println("microtome: no peers are set up here, so ours runs alone; set them up with " + Peers.SET_UP);
        }
        double load = ManagementFactory.getOperatingSystemMXBean().getSystemLoadAverage();
        List<Result> results = benchmark.run(ModelStore.standard().resolve(model), peers, only);
        if (json) {
            out.println(Json.write(tree(results, load)));
        } else {
            results.forEach(result -> out.println(result.text()));
            out.println(
                    "%d processors; load average %.2f before it began (programs with several threads lose much more on a busy machine)"
                            .formatted(Runtime.getRuntime().availableProcessors(), load));
        }
        return results.stream().allMatch(Result::holds) ? 0 : Problems.CHECK_FAILED;
    }

    private Map<String, Object> tree(List<Result> results, double load) {
        var tree = new LinkedHashMap<String, Object>();
        tree.put("bench", benchmark.name().toLowerCase(Locale.ROOT));
        tree.put("model", model);
        tree.put("version", Microtome.version());
        tree.put("java", Runtime.version().toString());
        tree.put("processors", Runtime.getRuntime().availableProcessors());
        tree.put("load_average_before", load);
        tree.put("results", results.stream().map(Result::json).toList());
        return tree;
    }
}
