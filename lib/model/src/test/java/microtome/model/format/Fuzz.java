package microtome.model.format;

import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;
import java.time.Duration;
import java.util.Base64;

/**
 * Reads many damaged files and fails on the first that throws anything but {@link BadWeightFile}, takes a second of
 * processor time, or allocates more than {@link #MOST_FIXED} + {@link #MOST_PER_BYTE} × its size while it is opened.
 * Runs in a thread of its own, so that a reader that never comes back is noticed, and errors have short stacks.
 *
 * <p>Case n is the same in every run. {@code -Dmicrotome.fuzz.case=n} runs it alone.
 */
public final class Fuzz {
    /** Bytes that opening any file may allocate: buffers of parsers, an error with its stack. */
    public static final long MOST_FIXED = 1 << 15;
    /** Text doubles when it is decoded, and the shortest entry of a table of contents takes some objects. */
    public static final long MOST_PER_BYTE = 64;

    private static final long MOST_NANOSECONDS = 1_000_000_000;
    private static final long PATIENCE_MILLISECONDS = 60_000;
    private static final long SEED = 20261124;
    private static final int WARM_UP = 2000;
    private static final int ONLY = Integer.getInteger("microtome.fuzz.case", -1);
    private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();

    /** What happened; {@code excess} is the most that an opening allocated beyond its share per byte. */
    public record Report(int accepted, int refused, long slowestNanoseconds, long excess) {}

    private final FuzzTarget target;
    private final int cases;
    private volatile int current;
    private volatile AssertionError failure;
    private int accepted;
    private long slowest;
    private long excess;

    private Fuzz(FuzzTarget target, int cases) {
        this.target = target;
        this.cases = cases;
    }

    /** Reads so many damaged files. */
    public static Report run(FuzzTarget target, int cases) {
        Fuzz fuzz = new Fuzz(target, cases);
        fuzz.attack();
        return new Report(fuzz.accepted, cases - fuzz.accepted, fuzz.slowest, fuzz.excess);
    }

    /** Bytes that this thread allocates on the heap while it does something. */
    public static long allocatedBy(Runnable work) {
        long before = THREADS.getCurrentThreadAllocatedBytes();
        work.run();
        return THREADS.getCurrentThreadAllocatedBytes() - before;
    }

    private void attack() {
        Thread thread = Thread.ofPlatform().daemon().name("fuzz").start(this::readAll);
        try {
            int before = -1;
            while (!thread.join(Duration.ofMillis(PATIENCE_MILLISECONDS))) {
                if (current == before) {
                    var hanging = new AssertionError(described(current, "has not come back after a minute"));
                    hanging.setStackTrace(thread.getStackTrace());
                    throw hanging;
                }
                before = current;
            }
        } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
        }
        if (failure != null) {
            throw failure;
        }
    }

    private void readAll() {
        for (int index = 0; index < WARM_UP; index++) {
            read(index, false);
        }
        accepted = 0;
        for (int index = ONLY < 0 ? 0 : ONLY; index < (ONLY < 0 ? cases : ONLY + 1) && failure == null; index++) {
            current = index;
            read(index, true);
        }
    }

    private void read(int index, boolean measured) {
        byte[] content = content(index);
        long bytes = THREADS.getCurrentThreadAllocatedBytes();
        long time = THREADS.getCurrentThreadCpuTime();
        try {
            Runnable values = null;
            try {
                values = target.open(content);
            } catch (BadWeightFile refused) {
                if (refused.where().isEmpty()) {
                    throw new AssertionError("refused without saying where", refused);
                }
            }
            bytes = THREADS.getCurrentThreadAllocatedBytes() - bytes - MOST_PER_BYTE * content.length;
            if (values != null) {
                accepted++;
                values.run();
            }
        } catch (Throwable crash) {
            failure = new AssertionError(described(index, "throws " + crash), crash);
        }
        time = THREADS.getCurrentThreadCpuTime() - time;
        if (measured && failure == null) {
            judge(index, time, bytes);
        }
    }

    private void judge(int index, long time, long bytes) {
        slowest = Math.max(slowest, time);
        excess = Math.max(excess, bytes);
        if (time > MOST_NANOSECONDS) {
            failure = new AssertionError(described(index, "takes %.1f s".formatted(time / 1e9)));
        }
        if (bytes > MOST_FIXED) {
            failure = new AssertionError(described(
                    index, "allocates %d bytes more than %d for each of its own".formatted(bytes, MOST_PER_BYTE)));
        }
    }

    private byte[] content(int index) {
        return target.next(new Mutator(SEED + index * 0x9e3779b97f4a7c15L, target.words()));
    }

    private String described(int index, String what) {
        return "case %d (-Dmicrotome.fuzz.case=%d) %s; in base 64: %s"
                .formatted(index, index, what, Base64.getEncoder().encodeToString(content(index)));
    }
}
