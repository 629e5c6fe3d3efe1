package microtome.cli.bench;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;
import microtome.model.Harvest;
import microtome.model.LanguageModel;
import microtome.model.LoadOptions;
import microtome.model.Precision;
import microtome.model.Site;
import microtome.model.store.ModelFiles;
import microtome.model.token.TokenSequence;

/**
 * The residual stream at every depth for 8 sequences of 128 tokens, in F32 and in BF16, against {@code transformers}
 * called without its head (the same work) and called as usual (with logits that nobody needs here).
 */
final class HarvestBench implements Benchmark {
    private static final int SEQUENCES = 8;
    private static final int POSITIONS = 128;
    private static final double WARM_UP_SECONDS = 4;
    private static final Turns TURNS = new Turns(WARM_UP_SECONDS, 1, 7);

    private final ModelFiles files;
    private final Optional<Peers> peers;

    HarvestBench(ModelFiles files, Optional<Peers> peers) {
        this.files = files;
        this.peers = peers;
    }

    @Override
    public List<Result> run() {
        return peers.isEmpty() ? alone() : against(peers.get());
    }

    private List<Result> alone() {
        var results = new ArrayList<Result>();
        for (Precision precision : Precision.values()) {
            try (var model = load(precision)) {
                var facts = new LinkedHashMap<String, Object>();
                facts.put("checked", "nothing, because no peers are set up; " + Peers.SET_UP);
                results.add(timed(model, sequences(model), List.of(), facts));
            }
        }
        return results;
    }

    private List<Result> against(Peers found) {
        Path states = temporaryFile();
        try (var server = found.server()) {
            var results = new ArrayList<Result>();
            for (Precision precision : Precision.values()) {
                results.add(against(server, precision, states));
            }
            return results;
        } finally {
            delete(states);
        }
    }

    private Result against(PeerServer server, Precision precision, Path states) {
        try (var model = load(precision)) {
            List<TokenSequence> sequences = sequences(model);
            Map<?, ?> loaded = server.ask(Map.of("do", "load", "dtype", dtype(precision), "threads", threads(model)));
            if (precision == Precision.F32) {
                server.ask(request(sequences, "none", states.toString()));
            }
            var facts = new LinkedHashMap<String, Object>();
            facts.put("checked", StatesCheck.of(model, sequences, states).within(StatesCheck.bounds(precision)));
            facts.put(
                    "peer",
                    "transformers %s, torch %s, %s threads"
                            .formatted(loaded.get("transformers"), loaded.get("torch"), loaded.get("threads")));
            List<Contender> rivals = List.of(
                    peer(server, sequences, "transformers, base model without head", "none"),
                    peer(server, sequences, "transformers, usual call with logits", "all"));
            return timed(model, sequences, rivals, facts);
        }
    }

    private static Result timed(
            LanguageModel model, List<TokenSequence> sequences, List<Contender> rivals, Map<String, Object> facts) {
        try (var _ = model.engine().openScope()) {
            ArithmeticLimit limit = ArithmeticLimit.of(model, SEQUENCES * POSITIONS);
            var contenders = new ArrayList<Contender>(List.of(new Ours(model, sequences), limit));
            contenders.addAll(rivals);
            List<Timings> timings = TURNS.take(contenders);
            facts.put("device", model.card().device());
            double rate = limit.rate(timings.get(1).median());
            facts.put("one large matrix product", "%.0f GFLOP/s".formatted(rate / 1e9));
            return promised(model.card().precision(), timings, facts);
        }
    }

    /** Timings of ours, of the limit, and of the headless model, if it took part. */
    private static Result promised(Precision precision, List<Timings> timings, Map<String, Object> facts) {
        Promise promise = Promise.of(precision);
        Timings ours = timings.getFirst();
        double overLimit = 1 / ours.speedOver(timings.get(1));
        facts.put(
                "the limit of arithmetic, times",
                "%.2f (bound %.2f)%s".formatted(overLimit, promise.overLimit, missed(overLimit > promise.overLimit)));
        boolean holds = overLimit <= promise.overLimit;
        if (timings.size() > 2) {
            double faster = ours.speedOver(timings.get(2));
            facts.put(
                    "faster than the headless model",
                    "%.2f x (bound %.2f)%s".formatted(faster, promise.faster, missed(faster < promise.faster)));
            holds &= faster >= promise.faster;
        }
        return new Result(title(precision), timings, facts, holds);
    }

    private static String missed(boolean missed) {
        return missed ? ": MISSES" : "";
    }

    /** What was promised: so many times faster than the headless peer, and at most so many times the limit of arithmetic. */
    private record Promise(double faster, double overLimit) {
        static Promise of(Precision precision) {
            return switch (precision) {
                case F32 -> new Promise(1.35, 1.15);
                case BF16 -> new Promise(1.25, 1.25);
            };
        }
    }

    private LanguageModel load(Precision precision) {
        return LanguageModel.load(files, LoadOptions.DEFAULT.precision(precision));
    }

    private static String title(Precision precision) {
        return "harvest: the residual stream at every depth, %d x %d tokens, %s"
                .formatted(SEQUENCES, POSITIONS, precision);
    }

    private static String dtype(Precision precision) {
        return switch (precision) {
            case F32 -> "f32";
            case BF16 -> "bf16";
        };
    }

    private static int threads(LanguageModel model) {
        String threads = model.engine().device().facts().get("threads");
        return threads == null ? Runtime.getRuntime().availableProcessors() : Integer.parseInt(threads);
    }

    /** Rows of a passage of prose, cut without overlap; a passage that is too short starts again. */
    private static List<TokenSequence> sequences(LanguageModel model) {
        int[] passage = model.tokenizer().encode(Passage.text()).ids();
        return IntStream.range(0, SEQUENCES)
                .mapToObj(row -> IntStream.range(row * POSITIONS, (row + 1) * POSITIONS)
                        .map(at -> passage[at % passage.length])
                        .toArray())
                .map(TokenSequence::ofIds)
                .toList();
    }

    private static Contender peer(PeerServer server, List<TokenSequence> sequences, String name, String logits) {
        return Contender.of(
                name,
                () -> ((Number) server.ask(request(sequences, logits, null)).get("seconds")).doubleValue());
    }

    private static Map<String, Object> request(List<TokenSequence> sequences, String logits, String keep) {
        var request = new LinkedHashMap<String, Object>();
        request.put("do", "harvest");
        request.put(
                "ids",
                sequences.stream()
                        .map(each -> Arrays.stream(each.ids()).boxed().toList())
                        .toList());
        request.put("logits", logits);
        request.put("keep", keep);
        return request;
    }

    private static Path temporaryFile() {
        try {
            return Files.createTempFile("microtome-states", ".safetensors");
        } catch (IOException failure) {
            throw new UncheckedIOException("no temporary file for the peer's states", failure);
        }
    }

    private static void delete(Path file) {
        try {
            Files.deleteIfExists(file);
        } catch (IOException leftBehind) {
            throw new UncheckedIOException(file + ": cannot be removed", leftBehind);
        }
    }

    /** Our harvest: every residual in the engine's memory, waited for. */
    private record Ours(LanguageModel model, List<TokenSequence> sequences) implements Contender {
        @Override
        public String name() {
            return "microtome";
        }

        @Override
        public double seconds() {
            List<Site> sites = IntStream.rangeClosed(0, model.config().blocks())
                    .mapToObj(Site::residual)
                    .toList();
            try (var scope = model.engine().openScope()) {
                long began = System.nanoTime();
                model.run(sequences, new Harvest(scope, sites));
                model.engine().synchronize();
                return (System.nanoTime() - began) / 1e9;
            }
        }
    }
}
