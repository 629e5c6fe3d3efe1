package microtome.cli.bench;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import microtome.model.LanguageModel;
import microtome.model.LoadOptions;
import microtome.model.store.ModelFiles;
import microtome.probe.concept.linear.LogisticFit;
import microtome.probe.concept.linear.LogisticOptions;
import microtome.probe.concept.linear.LogisticRegression;
import microtome.probe.concept.linear.Products;
import microtome.tensor.Engine;

/**
 * One logistic probe for every depth of the residual stream on 5,000 tokens, against scikit-learn in double precision. Our
 * objective values are at most theirs, in single precision too, before anything is timed.
 */
final class ConceptBench implements Benchmark {
    private static final double BOUND = 4;

    /** Sums of 5,000 terms in another order. */
    private static final double ROUNDING = 1e-9;

    /** The check before was the warm-up of both; the peer takes most of a minute for one round. */
    private static final Turns TURNS = new Turns(0, 3);

    private final ModelFiles files;
    private final Optional<Peers> peers;

    ConceptBench(ModelFiles files, Optional<Peers> peers) {
        this.files = files;
        this.peers = peers;
    }

    @Override
    public List<Result> run() {
        ConceptStates states;
        String device;
        int threads;
        try (var model = LanguageModel.load(files, LoadOptions.DEFAULT)) {
            states = ConceptStates.read(model);
            device = model.card().device();
            String known = model.engine().device().facts().get("threads");
            threads = known == null ? Runtime.getRuntime().availableProcessors() : Integer.parseInt(known);
        }
        var facts = new LinkedHashMap<String, Object>();
        facts.put("device", device);
        try (var engine = Engine.open()) {
            var ours = Contender.of("microtome", () -> timed(() -> fitted(engine, states)));
            if (peers.isEmpty()) {
                facts.put("checked", "nothing; there is no peer here: " + Peers.SET_UP);
                return List.of(Result.timed(title(states), TURNS.take(List.of(ours)), facts));
            }
            try (var server = peers.get().server("concept.py")) {
                return List.of(against(server, ours, states, facts, new Ours(engine, threads)));
            }
        }
    }

    private record Ours(Engine engine, int threads) {}

    private Result against(
            PeerServer server, Contender ours, ConceptStates states, Map<String, Object> facts, Ours here) {
        Map<?, ?> loaded = server.ask(Map.of("do", "load", "threads", here.threads()));
        hand(states, server);
        List<LogisticFit> fits = fitted(here.engine(), states);
        checked("double", fits, server.ask(fit(true)), facts);
        Map<?, ?> single = server.ask(fit(false));
        checked("single", fits, single, facts);
        facts.put("scikit-learn in single precision, once", "%.1f s".formatted(seconds(single)));
        facts.put(
                "peer",
                "scikit-learn %s, numpy %s, %s threads"
                        .formatted(loaded.get("scikit-learn"), loaded.get("numpy"), loaded.get("threads")));
        List<Timings> timings = TURNS.take(List.of(
                ours, Contender.of("scikit-learn, lbfgs, double precision", () -> seconds(server.ask(fit(true))))));
        double faster = timings.getFirst().speedOver(timings.get(1));
        boolean holds = faster >= BOUND;
        facts.put(
                "faster than scikit-learn in double precision",
                "%.2f x (bound %.1f)%s".formatted(faster, BOUND, holds ? "" : ": MISSES"));
        return new Result(title(states), timings, facts, holds);
    }

    private static String title(ConceptStates states) {
        return "concept: %d logistic probes, each on %d x %d, standardised, C = 1"
                .formatted(states.layers().size(), states.layers().getFirst().size(), states.width());
    }

    private static Map<String, Object> fit(boolean isDouble) {
        return Map.of("do", "fit", "double", isDouble);
    }

    private static double seconds(Map<?, ?> reply) {
        return ((Number) reply.get("seconds")).doubleValue();
    }

    private static List<LogisticFit> fitted(Engine engine, ConceptStates states) {
        Products products = Products.on(engine);
        return states.layers().stream()
                .map(layer -> LogisticRegression.fit(layer, LogisticOptions.DEFAULT, products))
                .toList();
    }

    private static double timed(Runnable work) {
        long began = System.nanoTime();
        work.run();
        return (System.nanoTime() - began) / 1e9;
    }

    /** Hands the rows over in files, which the peer has read when this returns. */
    private static void hand(ConceptStates states, PeerServer server) {
        Path folder = null;
        try {
            folder = Files.createTempDirectory("microtome-concept");
            server.ask(Map.of(
                    "do", "open", "layers", states.write(folder), "labels", states.labels(), "width", states.width()));
        } catch (IOException failure) {
            throw new UncheckedIOException("the rows cannot be handed to the peer", failure);
        } finally {
            remove(folder);
        }
    }

    private static void remove(Path folder) {
        if (folder == null) {
            return;
        }
        try (var all = Files.list(folder)) {
            var every = new ArrayList<>(all.toList());
            every.add(folder);
            for (Path each : every) {
                Files.deleteIfExists(each);
            }
        } catch (IOException failure) {
            throw new UncheckedIOException("%s cannot be removed".formatted(folder), failure);
        }
    }

    /** Compares the objective values of all layers; a worse one of ours is not timed. */
    private static void checked(String precision, List<LogisticFit> ours, Map<?, ?> theirs, Map<String, Object> facts) {
        var objectives = (List<?>) theirs.get("objectives");
        double most = Double.NEGATIVE_INFINITY;
        for (int layer = 0; layer < ours.size(); layer++) {
            double other = ((Number) objectives.get(layer)).doubleValue();
            double excess = ours.get(layer).objective() / other - 1;
            if (!(excess <= ROUNDING) || !ours.get(layer).converged()) {
                throw new WrongResult("depth %d: our objective is %s (%s), that of scikit-learn %s"
                        .formatted(
                                layer,
                                ours.get(layer).objective(),
                                ours.get(layer).remark(),
                                other));
            }
            most = Math.max(most, excess);
        }
        var iterations = ((List<?>) theirs.get("iterations")).stream().mapToInt(each -> ((Number) each).intValue());
        facts.put(
                "objective against theirs in %s precision".formatted(precision),
                "ours is never larger by more than %.1e of it; %d of their %d fits ran into the limit of 100 iterations"
                        .formatted(
                                most, iterations.filter(count -> count >= 100).count(), ours.size()));
        facts.putIfAbsent(
                "our iterations",
                "%d on average"
                        .formatted(Math.round(ours.stream()
                                .mapToInt(LogisticFit::iterations)
                                .average()
                                .orElse(0))));
    }
}
