package microtome.cli.bench;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
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
    private static final int ROUNDS = 11;
    /** Calls in a row that are waited for together. So short that most bursts pass between two interruptions. */
    private static final double BURST_SECONDS = 0.001;

    private static final double TURN_SECONDS = 0.025;
    private static final int PAUSE_MILLISECONDS = 15;
    /** What one row may lose of the memory's speed. */
    private static final double SHARE_OF_BANDWIDTH = 0.8;

    private final Optional<Peers> peers;
    private final String only;

    OperationsBench(Optional<Peers> peers, String only) {
        this.peers = peers;
        this.only = only;
    }

    @Override
    public List<Result> run() {
        Peers found = peers.orElseThrow(
                () -> new IllegalArgumentException("bench operations compares with torch, and no peers are set up; "
                        + "set them up with " + Peers.SET_UP));
        Path expected = temporaryFile();
        try (var engine = Engine.open();
                var server = found.operations()) {
            Map<?, ?> peer = server.ask(Map.of("do", "hello", "threads", threads(engine)));
            return new Run(engine, server, expected, only).results(peer);
        } finally {
            delete(expected);
        }
    }

    private record Run(Engine engine, PeerServer server, Path expected, String only) {

        List<Result> results(Map<?, ?> peer) {
            double bandwidth = ReadBandwidth.of(engine);
            var results = new ArrayList<Result>();
            for (DType type : List.of(DType.F32, DType.BF16)) {
                results.add(group("matrix products, " + type, ProductCases.all(type), bandwidth));
            }
            for (DType type : List.of(DType.F32, DType.BF16)) {
                var cases = new ArrayList<>(LayerCases.rows(type));
                cases.addAll(LayerCases.attention(type));
                results.add(group("between the products, " + type, cases, bandwidth));
            }
            results.add(Overhead.of(engine));
            results.getFirst().facts().put("read bandwidth", "%.1f GB/s".formatted(bandwidth / 1e9));
            results.getFirst()
                    .facts()
                    .put("peer", "torch %s, %s threads".formatted(peer.get("torch"), peer.get("threads")));
            return results;
        }

        private Result group(String title, List<OperationCase> cases, double bandwidth) {
            var facts = new LinkedHashMap<String, Object>();
            boolean holds = true;
            for (OperationCase each : cases) {
                if (!each.name().contains(only)) {
                    continue;
                }
                Ratio ratio = compared(each);
                if (Integer.valueOf(1).equals(each.numbers().get("rows"))) {
                    double share = bytes(each) / ratio.ours().median() / bandwidth;
                    holds &= share >= SHARE_OF_BANDWIDTH;
                    String text = "%.0f %% of the read bandwidth%s"
                            .formatted(100 * share, share < SHARE_OF_BANDWIDTH ? " (MISSES 80 %)" : "");
                    ratio = new Ratio(ratio.ours(), ratio.theirs(), ratio.bound(), text);
                }
                holds &= ratio.holds();
                facts.put(each.name(), ratio);
            }
            return new Result("operations: " + title, List.of(), facts, holds);
        }

        private static double bytes(OperationCase each) {
            double values =
                    (double) each.numbers().get("inputs") * each.numbers().get("outputs");
            return values * (each.type() == DType.F32 ? Float.BYTES : Short.BYTES);
        }

        private Ratio compared(OperationCase each) {
            Map<?, ?> prepared = server.ask(each.request(expected.toString()));
            try (var _ = engine.openScope()) {
                OperationCase.Job job = each.job().apply(engine);
                check(each, job);
                String way = prepared.get("way").toString();
                double theirs = ((Number) ((Map<?, ?>) prepared.get("ways")).get(way)).doubleValue();
                return timed(each, job, theirs, way);
            } finally {
                engine.trim();
            }
        }

        private void check(OperationCase each, OperationCase.Job job) {
            double error = error(ours(job), right());
            if (!(error <= each.tolerance(job.terms()))) {
                throw new WrongResult(
                        "%s: not timed, because the result is wrong: %.1e of the largest value (bound %.1e)"
                                .formatted(each.name(), error, each.tolerance(job.terms())));
            }
        }

        private static float[] ours(OperationCase.Job job) {
            try (Tensor result = job.run().apply(0)) {
                if (job.checked().isEmpty()) {
                    return result.toFloats();
                }
                var rows = job.checked().stream()
                        .map(row -> result.slice(0, row, row + 1L))
                        .toList();
                return Tensor.concat(0, rows).toFloats();
            }
        }

        private float[] right() {
            try {
                var bytes = ByteBuffer.wrap(Files.readAllBytes(expected)).order(ByteOrder.nativeOrder());
                var numbers = new float[bytes.remaining() / Float.BYTES];
                bytes.asFloatBuffer().get(numbers);
                return numbers;
            } catch (IOException unreadable) {
                throw new UncheckedIOException("the peer's result cannot be read", unreadable);
            }
        }

        private Ratio timed(OperationCase each, OperationCase.Job job, double seconds, String way) {
            int calls = (int) Math.max(1, BURST_SECONDS / seconds);
            int bursts = (int) Math.max(1, TURN_SECONDS / (calls * seconds));
            var ours = new double[ROUNDS * bursts];
            var theirs = new double[ROUNDS * bursts];
            job.seconds(engine, bursts, calls);
            for (int round = 0; round < ROUNDS; round++) {
                boolean first = round % 2 == 0;
                if (first) {
                    rest();
                    System.arraycopy(job.seconds(engine, bursts, calls), 0, ours, round * bursts, bursts);
                }
                rest();
                System.arraycopy(peersSeconds(bursts, calls), 0, theirs, round * bursts, bursts);
                if (!first) {
                    rest();
                    System.arraycopy(job.seconds(engine, bursts, calls), 0, ours, round * bursts, bursts);
                }
            }
            return new Ratio(new Timings("microtome", ours), new Timings(way, theirs), each.bound(), way);
        }

        private double[] peersSeconds(int bursts, int calls) {
            Map<?, ?> reply = server.ask(Map.of("do", "time", "bursts", bursts, "calls", calls));
            return ((List<?>) reply.get("seconds"))
                    .stream().mapToDouble(each -> ((Number) each).doubleValue()).toArray();
        }
    }

    /** A pause in which the other side's threads stop to spin. */
    private static void rest() {
        try {
            Thread.sleep(PAUSE_MILLISECONDS);
        } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("the benchmark was stopped", stopped);
        }
    }

    /** The largest difference relative to the largest value; infinite for another size or NaN. */
    static double error(float[] ours, float[] right) {
        double largest = 0;
        double difference = ours.length == right.length ? 0 : Double.POSITIVE_INFINITY;
        for (int at = 0; at < Math.min(ours.length, right.length); at++) {
            double apart = Math.abs((double) ours[at] - right[at]);
            difference = Double.isNaN(apart) ? Double.POSITIVE_INFINITY : Math.max(difference, apart);
            largest = Math.max(largest, Math.abs(right[at]));
        }
        return difference / largest;
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
