package microtome.model.store.hub;

import java.time.Duration;

/**
 * How a download goes about its work.
 *
 * @param partBytes bytes of a part that one connection fetches
 * @param connections connections at the same time
 * @param attempts how often the same thing may fail in a row
 * @param firstWait pause after the first failure, doubled after each further one
 * @param patience how long an answer or the next bytes may take
 * @param longestWait the longest pause that a server may ask for
 */
record Pace(
        long partBytes, int connections, int attempts, Duration firstWait, Duration patience, Duration longestWait) {
    /** Parts are large, because each asks the hub for its address again, and the hub counts requests. */
    static final Pace STANDARD =
            new Pace(64L << 20, 8, 5, Duration.ofSeconds(1), Duration.ofSeconds(20), Duration.ofMinutes(5));

    Pace {
        if (partBytes < 1 || connections < 1 || attempts < 1) {
            throw new IllegalArgumentException("parts of %d bytes, %d connections, %d attempts: each must be at least 1"
                    .formatted(partBytes, connections, attempts));
        }
    }
}
