package microtome.tensor.foreign;

import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.Arena;

/** Measures on the engine's thread how fast its threads multiply and add when they touch no memory. */
final class ArithmeticPeak {
    /** So short that most bursts pass between two interruptions by other programs. */
    private static final double BURST_SECONDS = 0.0005;

    private static final double ALL_SECONDS = 0.1;
    private static final long FIRST_ROUNDS = 1000;

    private ArithmeticPeak() {}

    /** Floating point operations per second, of the fastest burst. */
    static double measure(Session session, int type) {
        try (var arena = Arena.ofConfined()) {
            var operations = arena.allocate(JAVA_LONG);
            double best = 0;
            long rounds = FIRST_ROUNDS;
            long began = System.nanoTime();
            while ((System.nanoTime() - began) / 1e9 < ALL_SECONDS) {
                long start = System.nanoTime();
                EngineFunctions.arithmeticPeak(session.engine(), type, rounds, operations);
                EngineFunctions.synchronize(session.engine());
                double seconds = Math.max(1, System.nanoTime() - start) / 1e9;
                best = Math.max(best, operations.get(JAVA_LONG, 0) / seconds);
                rounds = seconds < BURST_SECONDS / 2 ? 2 * rounds : rounds;
            }
            return best;
        }
    }
}
