package microtome.cli.bench;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import microtome.tensor.Engine;
import microtome.tensor.Tensor;

/**
 * One operation by us and by the peer, in turns, after our result has been compared with one in double precision.
 *
 * @param expected the file in which the peer leaves the right result
 */
record OperationDuel(Engine engine, PeerServer server, Path expected) {
    private static final int ROUNDS = 11;
    private static final int WARM_UPS = 3;
    /** Calls in a row that are waited for together, as in a pass: threads that slept are awake after the first ones. */
    private static final double BURST_SECONDS = 0.01;

    private static final double TURN_SECONDS = 0.05;
    private static final int PAUSE_MILLISECONDS = 15;

    Ratio fight(OperationCase each) {
        Map<?, ?> prepared = server.ask(each.request(expected.toString()));
        String way = prepared.get("way").toString();
        double estimate = ((Number) ((Map<?, ?>) prepared.get("ways")).get(way)).doubleValue();
        try (var _ = engine.openScope()) {
            OperationCase.Job job = each.job().apply(engine);
            check(each, job);
            int calls = (int) Math.max(1, BURST_SECONDS / estimate);
            int bursts = (int) Math.max(1, TURN_SECONDS / (calls * estimate));
            Supplier<double[]> ours = () -> job.seconds(engine, bursts, calls);
            Supplier<double[]> theirs = () -> theirs(bursts, calls);
            return each.bytes() == 0 ? plain(each, way, ours, theirs) : besideMemory(each, way, ours, theirs);
        } finally {
            engine.trim();
        }
    }

    private static Ratio plain(OperationCase each, String way, Supplier<double[]> ours, Supplier<double[]> theirs) {
        List<double[]> seconds = inTurns(List.of(ours, theirs));
        return new Ratio(
                new Timings("microtome", seconds.get(0)),
                new Timings(way, seconds.get(1)),
                each.bound(),
                Double.NaN,
                way);
    }

    /**
     * With plain reading of memory as a third in the round. How fast memory is changes by half for seconds on a shared
     * machine, so a share is of what was read in the same round.
     */
    private Ratio besideMemory(OperationCase each, String way, Supplier<double[]> ours, Supplier<double[]> theirs) {
        List<double[]> seconds = inTurns(List.of(ours, new MemoryReading(engine), theirs));
        var own = new Timings("microtome", seconds.get(0));
        var memory = new Timings("memory", seconds.get(1));
        double share = share(own.medians(ROUNDS), memory.medians(ROUNDS), each.bytes());
        String remark = "%s; %.0f %% of %.1f GB/s".formatted(way, 100 * share, 1e-9 / memory.median());
        return new Ratio(own, new Timings(way, seconds.get(2)), each.bound(), share, remark);
    }

    /** The median over rounds of the time that plain reading takes in the time that the operation takes. */
    static double share(double[] own, double[] perByte, double bytes) {
        var shares = new double[own.length];
        for (int round = 0; round < own.length; round++) {
            shares[round] = bytes * perByte[round] / own[round];
        }
        return new Timings("share", shares).median();
    }

    /** What each gives in every round, one after another; every second round goes backwards. The first ones are not counted. */
    private static List<double[]> inTurns(List<Supplier<double[]>> sources) {
        var all = sources.stream().map(_ -> new ArrayList<Double>()).toList();
        for (int round = -WARM_UPS; round < ROUNDS; round++) {
            for (int turn = 0; turn < sources.size(); turn++) {
                int who = round % 2 == 0 ? turn : sources.size() - 1 - turn;
                rest();
                double[] seconds = sources.get(who).get();
                for (int burst = 0; round >= 0 && burst < seconds.length; burst++) {
                    all.get(who).add(seconds[burst]);
                }
            }
        }
        return all.stream()
                .map(each -> each.stream().mapToDouble(Double::doubleValue).toArray())
                .toList();
    }

    private double[] theirs(int bursts, int calls) {
        Map<?, ?> reply = server.ask(Map.of("do", "time", "bursts", bursts, "calls", calls));
        return ((List<?>) reply.get("seconds"))
                .stream().mapToDouble(each -> ((Number) each).doubleValue()).toArray();
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

    private void check(OperationCase each, OperationCase.Job job) {
        double error = error(ours(job), right());
        if (!(error <= each.tolerance(job.terms()))) {
            throw new WrongResult("%s: not timed, because the result is wrong: %.1e of the largest value (bound %.1e)"
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
}
