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
import microtome.tensor.DType;
import microtome.tensor.Engine;
import microtome.tensor.Tensor;

/**
 * Single operations against {@code torch}, both with the same number of threads. Ours go through tensors and the engine's
 * queue and are waited for, so that the way from Java to the kernel is part of their time.
 */
final class OperationsBench implements Benchmark {
    private static final long WARM_UP_NANOS = 4_000_000_000L;
    private static final int STEP = 360;
    private static final List<DType> TYPES = List.of(DType.F32, DType.BF16);

    private final Optional<Peers> peers;
    private final String only;

    OperationsBench(Optional<Peers> peers, String only) {
        this.peers = peers;
        this.only = only;
    }

    @Override
    public List<Result> run() {
        Peers found = peers.orElseThrow(() -> new IllegalArgumentException(
                "bench operations compares with torch, and no peers are set up; set them up with " + Peers.SET_UP));
        Path expected = temporaryFile();
        try (var engine = Engine.open();
                var server = found.operations()) {
            Map<?, ?> peer = server.ask(Map.of("do", "hello", "threads", threads(engine)));
            warmUp(engine);
            return results(new OperationDuel(engine, server, expected), peer);
        } finally {
            delete(expected);
        }
    }

    /** Until Java has compiled the way from a tensor to its kernel, as it has in a notebook after some passes. */
    private static void warmUp(Engine engine) {
        long began = System.nanoTime();
        var small = engine.filled(1, DType.F32, 16);
        while (System.nanoTime() - began < WARM_UP_NANOS) {
            try (var _ = engine.openScope()) {
                Tensor current = small;
                for (int operation = 0; operation < STEP; operation++) {
                    current = current.plus(small);
                }
                engine.synchronize();
            }
        }
    }

    private List<Result> results(OperationDuel duel, Map<?, ?> peer) {
        var results = new ArrayList<Result>();
        for (DType type : TYPES) {
            results.add(group("matrix products, " + type, ProductCases.all(type), duel));
        }
        for (DType type : TYPES) {
            var cases = new ArrayList<>(LayerCases.rows(type));
            cases.addAll(LayerCases.attention(type));
            results.add(group("between the products, " + type, cases, duel));
        }
        results.add(Overhead.of(duel.engine()));
        Map<String, Object> facts = results.getFirst().facts();
        facts.put("peer", "torch %s, %s threads".formatted(peer.get("torch"), peer.get("threads")));
        facts.put("ours", duel.engine().device().description());
        return results;
    }

    private Result group(String title, List<OperationCase> cases, OperationDuel duel) {
        var facts = new LinkedHashMap<String, Object>();
        boolean holds = true;
        for (OperationCase each : cases) {
            if (each.name().contains(only)) {
                Ratio ratio = duel.fight(each);
                holds &= ratio.holds();
                facts.put(each.name(), ratio);
            }
        }
        return new Result("operations: " + title, List.of(), facts, holds);
    }

    private static int threads(Engine engine) {
        String threads = engine.device().facts().get("threads");
        return threads == null ? Runtime.getRuntime().availableProcessors() : Integer.parseInt(threads);
    }

    private static Path temporaryFile() {
        try {
            return Files.createTempFile("microtome-expected", ".bin");
        } catch (IOException failure) {
            throw new UncheckedIOException("no temporary file for the peer's results", failure);
        }
    }

    private static void delete(Path file) {
        try {
            Files.deleteIfExists(file);
        } catch (IOException leftBehind) {
            throw new UncheckedIOException(file + ": cannot be removed", leftBehind);
        }
    }
}
