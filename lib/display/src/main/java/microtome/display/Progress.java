package microtome.display;

import java.util.Locale;
import java.util.function.LongSupplier;

/**
 * One line that tells how far a long loop has come, and the place where the loop can be stopped.
 *
 * <pre>{@code
 * try (var progress = Progress.of("harvest", batches.size())) {
 *     for (var batch : batches) {
 *         harvest(batch);
 *         progress.step();
 *     }
 * }
 * }</pre>
 *
 * Nothing is shown in the first half second, so short work stays silent; afterwards the line changes at most ten times
 * a second. Safe to step from several threads.
 */
public final class Progress implements AutoCloseable {
    static final long SILENT_NANOS = 500_000_000L;
    static final long NANOS_BETWEEN_UPDATES = 100_000_000L;

    private static final int BAR_CELLS = 20;

    private final String work;
    private final long total;
    private final boolean inBytes;
    private final LongSupplier clock;
    private final long start;

    private String note = "";
    private String displayId;
    private long lastShown;
    private long done;
    private boolean closed;

    Progress(String work, long total, LongSupplier clock) {
        this(work, total, false, clock);
    }

    Progress(String work, long total, boolean inBytes, LongSupplier clock) {
        this.work = work;
        this.total = total;
        this.inBytes = inBytes;
        this.clock = clock;
        this.start = clock.getAsLong();
    }

    /**
     * Starts a line for {@code total} steps.
     *
     * @throws IllegalArgumentException if {@code total} is negative
     */
    public static Progress of(String work, long total) {
        return new Progress(work, checked(work, total), System::nanoTime);
    }

    /**
     * Starts a line for work that is counted in bytes, shown as MB and MB/s.
     *
     * @throws IllegalArgumentException if {@code total} is negative
     */
    public static Progress ofBytes(String work, long total) {
        return new Progress(work, checked(work, total), true, System::nanoTime);
    }

    private static long checked(String work, long total) {
        if (total < 0) {
            throw new IllegalArgumentException(
                    "%s: %d steps; give 0 or more, or Progress.of(work) when the number is unknown"
                            .formatted(work, total));
        }
        return total;
    }

    /** Starts a line for work whose number of steps is unknown. */
    public static Progress of(String work) {
        return new Progress(work, -1, System::nanoTime);
    }

    /**
     * Counts one finished step.
     *
     * @throws InterruptedWorkException if the thread was interrupted; the interrupt is then cleared
     */
    public void step() {
        step(1);
    }

    /**
     * Counts {@code steps} finished steps.
     *
     * @throws InterruptedWorkException if the thread was interrupted; the interrupt is then cleared
     */
    public synchronized void step(long steps) {
        done += steps;
        var now = clock.getAsLong();
        if (Thread.interrupted()) {
            throw new InterruptedWorkException(work + ": " + stopped(now));
        }
        if (now - start >= SILENT_NANOS && (displayId == null || now - lastShown >= NANOS_BETWEEN_UPDATES)) {
            show(running(now), false, now);
        }
    }

    /** Shows this behind the steps per second from now on, such as {@code 1,410 tokens/s}. */
    public synchronized void note(String text) {
        note = text.isEmpty() ? "" : ", " + text;
    }

    /**
     * Stops work that shows no line of its own.
     *
     * @throws InterruptedWorkException if the thread was interrupted; the interrupt is then cleared
     */
    public static void stopIfInterrupted(String work) {
        if (Thread.interrupted()) {
            throw new InterruptedWorkException(work + ": stopped");
        }
    }

    /** Shows the final state if anything was shown before; closing twice does nothing. */
    @Override
    public synchronized void close() {
        if (!closed && displayId != null) {
            var now = clock.getAsLong();
            var complete = total < 0 || done >= total;
            show(complete ? "done %s in %s".formatted(count(), duration(now - start)) : stopped(now), true, now);
        }
        closed = true;
    }

    private void show(String state, boolean finished, long now) {
        var line = new ProgressLine(work + ": " + state, finished);
        if (displayId == null) {
            displayId = Displays.show(line);
        } else {
            Displays.update(displayId, line);
        }
        lastShown = now;
    }

    private String running(long now) {
        var seconds = (now - start) / 1e9;
        var rate = done / seconds;
        var speed = inBytes ? Bytes.text(Math.max(0, (long) rate)) : Significant.text(rate, 3);
        var text = "%s, %s/s%s".formatted(count(), speed, note);
        if (total < 0) {
            return text;
        }
        var fraction = total == 0 ? 1 : Math.min(1.0, (double) done / total);
        var filled = (int) Math.round(fraction * BAR_CELLS);
        var bar = "█".repeat(filled) + "░".repeat(BAR_CELLS - filled);
        var left = rate > 0 ? duration((long) (Math.max(0, total - done) / rate * 1e9)) + " left" : "time left unknown";
        return "%s %s, %s".formatted(bar, text, left);
    }

    private String stopped(long now) {
        return "stopped at %s after %s".formatted(count(), duration(now - start));
    }

    private String count() {
        if (inBytes) {
            return total < 0 ? Bytes.text(done) : Bytes.text(done, total);
        }
        return total < 0 ? Long.toString(done) : done + "/" + total;
    }

    static String duration(long nanos) {
        var seconds = nanos / 1e9;
        if (seconds < 59.95) {
            return String.format(Locale.ROOT, "%.1f s", seconds);
        }
        var whole = Math.round(seconds);
        return whole < 3600
                ? "%d min %02d s".formatted(whole / 60, whole % 60)
                : "%d h %02d min".formatted(whole / 3600, whole % 3600 / 60);
    }
}
