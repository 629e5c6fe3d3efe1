package microtome.cli.bench;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import microtome.probe.data.Origin;
import microtome.probe.similarity.Similarity;
import microtome.tensor.Engine;

/**
 * Linear CKA of every two of 31 layers, 4,096 rows of 576 in F32, against torch with one product of columns for each pair.
 * Both results are compared with double precision before anything is timed.
 */
final class SimilarityBench implements Benchmark {
    private static final double MEBIBYTE = 1 << 20;
    private static final double SPEED_BOUND = 1.3;
    private static final double MEMORY_BOUND = 0.25;
    private static final double TOLERANCE = 1e-6;

    /** The check before was the warm-up of both. */
    private static final Turns TURNS = new Turns(0, 3);

    /** Memory that is free in the heap is given back before the peak is read, so that using it again counts. */
    private static final List<String> TIGHT_HEAP = List.of("-XX:MinHeapFreeRatio=1", "-XX:MaxHeapFreeRatio=5");

    private final Optional<Peers> peers;

    SimilarityBench(Optional<Peers> peers) {
        this.peers = peers;
    }

    @Override
    public List<Result> run() {
        try (var engine = Engine.open()) {
            var layers =
                    SimilarityInputs.layers(SimilarityInputs.LAYERS, SimilarityInputs.ROWS, SimilarityInputs.WIDTH);
            Similarity ours = Similarity.of(layers, Origin.given("noise")).on(engine);
            var facts = new LinkedHashMap<String, Object>();
            if (peers.isEmpty()) {
                facts.put("checked", "nothing; " + Peers.SET_UP);
                return List.of(timed(ours, List.of(), engine, facts));
            }
            try (var server = peers.get().server("cka.py")) {
                facts.put("peer", prepared(server, engine));
                facts.put("checked", checked(ours, server));
                var peer = Contender.of("torch", () -> number(server.ask(Map.of("do", "cka")), "seconds"));
                boolean small = memory(memoryOfPeer(engine), facts);
                Result timed = timed(ours, List.of(peer), engine, facts);
                return List.of(new Result(timed.title(), timed.timings(), timed.facts(), timed.holds() && small));
            }
        }
    }

    private static Result timed(Similarity ours, List<Contender> rivals, Engine engine, Map<String, Object> facts) {
        var contenders = new ArrayList<Contender>();
        contenders.add(Contender.of("microtome", () -> seconds(ours)));
        contenders.addAll(rivals);
        List<Timings> timings = TURNS.take(contenders);
        facts.put("device", engine.device().description());
        String title = "cka: linear CKA of every two of %d layers, %,d rows of %d, F32"
                .formatted(SimilarityInputs.LAYERS, SimilarityInputs.ROWS, SimilarityInputs.WIDTH);
        if (rivals.isEmpty()) {
            return Result.timed(title, timings, facts);
        }
        double faster = timings.getFirst().speedOver(timings.getLast());
        facts.put(
                "faster than torch",
                "%.2f x (bound %s)%s".formatted(faster, SPEED_BOUND, faster < SPEED_BOUND ? ": MISSES" : ""));
        return new Result(title, timings, facts, faster >= SPEED_BOUND);
    }

    private static double seconds(Similarity ours) {
        long began = System.nanoTime();
        ours.biasedCka();
        return (System.nanoTime() - began) / 1e9;
    }

    private static String prepared(PeerServer server, Engine engine) {
        String threads = engine.device().facts().get("threads");
        Map<?, ?> reply = server.ask(Map.of(
                "do",
                "prepare",
                "threads",
                threads == null ? Runtime.getRuntime().availableProcessors() : Integer.parseInt(threads),
                "layers",
                SimilarityInputs.LAYERS,
                "rows",
                SimilarityInputs.ROWS,
                "width",
                SimilarityInputs.WIDTH));
        return "torch %s, %s threads".formatted(reply.get("torch"), reply.get("threads"));
    }

    private static String checked(Similarity ours, PeerServer server) {
        Map<?, ?> exact = server.ask(Map.of("do", "exact"));
        double biased = deviation("biased", ours.biasedCka().values().matrix(), exact.get("biased"));
        double debiased = deviation("debiased", ours.cka().values().matrix(), exact.get("debiased"));
        double theirs = largest(matrix(server.ask(Map.of("do", "cka")).get("matrix")), matrix(exact.get("biased")));
        return "relative to F64 biased CKA is within %.1e, debiased CKA within %.1e (bound %.0e), torch within %.1e"
                .formatted(biased, debiased, TOLERANCE, theirs);
    }

    private static double deviation(String name, double[][] ours, Object exact) {
        double largest = largest(ours, matrix(exact));
        if (!(largest <= TOLERANCE)) {
            throw new WrongResult("cka: %s CKA is up to %.2e from double precision, relative; more than %.0e"
                    .formatted(name, largest, TOLERANCE));
        }
        return largest;
    }

    private static double largest(double[][] found, double[][] exact) {
        double largest = 0;
        for (int a = 0; a < exact.length; a++) {
            for (int b = 0; b < exact.length; b++) {
                largest = Math.max(largest, Math.abs(found[a][b] / exact[a][b] - 1));
            }
        }
        return largest;
    }

    /** In a process of its own that has done nothing else, as ours. */
    private double memoryOfPeer(Engine engine) {
        try (var server = peers.orElseThrow().server("cka.py")) {
            prepared(server, engine);
            return number(server.ask(Map.of("do", "cka")), "extra_bytes");
        }
    }

    private static boolean memory(double theirs, Map<String, Object> facts) {
        var command = new ArrayList<>(JavaProcess.command(SimilarityPeak.class));
        command.addAll(1, TIGHT_HEAP);
        Map<?, ?> peak = WholeProcess.run(command).lines().getLast();
        double ours = number(peak, "peak") - number(peak, "before");
        facts.put(
                "extra memory",
                "%.0f MiB against %.0f MiB of torch: %.3f of it (bound %s)%s"
                        .formatted(
                                ours / MEBIBYTE,
                                theirs / MEBIBYTE,
                                ours / theirs,
                                MEMORY_BOUND,
                                ours < MEMORY_BOUND * theirs ? "" : ": MISSES"));
        return ours < MEMORY_BOUND * theirs;
    }

    private static double[][] matrix(Object rows) {
        return ((List<?>) rows)
                .stream()
                        .map(row -> ((List<?>) row)
                                .stream()
                                        .mapToDouble(value -> ((Number) value).doubleValue())
                                        .toArray())
                        .toArray(double[][]::new);
    }

    private static double number(Map<?, ?> reply, String name) {
        return ((Number) reply.get(name)).doubleValue();
    }
}
