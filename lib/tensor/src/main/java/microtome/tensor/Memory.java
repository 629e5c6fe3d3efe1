package microtome.tensor;

import com.sun.management.OperatingSystemMXBean;
import java.lang.management.ManagementFactory;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Supplier;

/**
 * The memory of one engine: takes it from the backend within a budget. Before that is passed, or where the device refuses,
 * it lets the garbage collector find unreachable tensors and the backend give back what it keeps; only then it fails.
 */
final class Memory {
    /** The system property that sets the budget of engines opened later. */
    static final String BUDGET = "microtome.budget";

    private static final int COLLECTIONS = 3;
    private static final long PATIENCE_NANOS = 100_000_000; // after a collection, for the cleaner to do its work
    private static final long LOOKING_NANOS = 500_000;
    private static final long LEAST_STEP = 64L << 20;

    private final Backend backend;
    private final Ledger ledger;

    Memory(Backend backend) {
        this.backend = backend;
        this.ledger = new Ledger(
                initialBudget(), Math.max(LEAST_STEP, Runtime.getRuntime().maxMemory() / 2));
        backend.limitPool(ledger.budget());
    }

    Ledger ledger() {
        return ledger;
    }

    void setBudget(long bytes) {
        if (bytes < 0) {
            throw new IllegalArgumentException("a budget of %d bytes; it must be 0 or more".formatted(bytes));
        }
        ledger.setBudget(bytes);
        backend.limitPool(bytes);
    }

    private static long initialBudget() {
        var setting = System.getProperty(BUDGET);
        return setting == null || setting.isBlank()
                ? usualBudget(Runtime.getRuntime().maxMemory(), memoryOfTheMachine())
                : Bytes.of("property " + BUDGET, setting);
    }

    /** What the Java heap leaves of the machine, and half of it at least. */
    static long usualBudget(long heap, long machine) {
        return Math.max(machine / 2, machine - heap);
    }

    /** Of the container, when there is one. */
    private static long memoryOfTheMachine() {
        return ManagementFactory.getOperatingSystemMXBean() instanceof OperatingSystemMXBean system
                ? system.getTotalMemorySize()
                : Runtime.getRuntime().maxMemory() * 4; // the heap is a quarter of the memory unless it is set
    }

    /** New memory of this type as a storage of its own. */
    Storage allocate(String operation, TensorType type) {
        return reserved(
                operation,
                type,
                () -> storage(backend.allocate(type.dtype(), type.shape().elements()), type));
    }

    /** A storage over a buffer that takes no device memory, or whose memory another storage counts. */
    Storage uncounted(Buffer buffer, TensorType type) {
        return new Storage(backend, ledger, buffer, type, 0);
    }

    Storage storage(Buffer buffer, TensorType type) {
        return new Storage(backend, ledger, buffer, type, type.bytes());
    }

    /** Runs what takes memory for this type, with that counted before; fails when there is none. */
    <T> T reserved(String operation, TensorType type, Supplier<T> taking) {
        long bytes = type.bytes();
        if (!ledger.reserve(bytes)) {
            drain(bytes);
            if (!ledger.reserve(bytes)) {
                throw outOfMemory(operation, type, null);
            }
        }
        try {
            return taken(operation, type, taking);
        } catch (RuntimeException | Error failure) {
            ledger.release(bytes);
            throw failure;
        }
    }

    private <T> T taken(String operation, TensorType type, Supplier<T> taking) {
        try {
            return taking.get();
        } catch (OutOfMemoryError | OutOfMemory full) {
            drain(Long.MAX_VALUE);
        }
        try {
            return taking.get();
        } catch (OutOfMemoryError | OutOfMemory full) {
            throw outOfMemory(operation, type, full);
        }
    }

    /** Lets unreachable tensors be found until there is room, or nothing more comes back. */
    private void drain(long wanted) {
        backend.trim();
        for (int i = 0; i < COLLECTIONS && !hasRoom(wanted); i++) {
            long before = ledger.bytes();
            System.gc();
            long start = System.nanoTime();
            while (!hasRoom(wanted) && System.nanoTime() - start < PATIENCE_NANOS) {
                LockSupport.parkNanos(LOOKING_NANOS);
            }
            if (i > 0 && ledger.bytes() >= before) {
                return;
            }
        }
    }

    private boolean hasRoom(long wanted) {
        return wanted <= ledger.budget() - ledger.bytes();
    }

    private OutOfMemory outOfMemory(String operation, TensorType type, Throwable refused) {
        long bytes = type.bytes();
        var why = refused == null
                ? "would pass the budget of " + Bytes.text(ledger.budget())
                : "is more than the device has left";
        return explained(
                "%s: out of memory: %s takes %s, which %s".formatted(operation, type, Bytes.text(bytes), why),
                refused == null ? Math.addExact(ledger.bytes(), bytes) : 0,
                refused);
    }

    /** A refusal of the device that says who holds the memory. */
    OutOfMemory explained(OutOfMemory refused) {
        return explained(refused.getMessage(), 0, refused);
    }

    /** Adds who holds what, and the way out: raising the budget to so many bytes, unless that is 0. */
    private OutOfMemory explained(String what, long needed, Throwable cause) {
        var holders = ledger.largest(OutOfMemory.SHOWN);
        var text = new StringBuilder(what)
                .append("; %d live tensors hold %s".formatted(ledger.tensors(), Bytes.text(ledger.bytes())));
        long listed = 0;
        for (var holder : holders) {
            text.append("\n  ").append(holder);
            listed += holder.bytes();
        }
        if (!holders.isEmpty() && listed < ledger.bytes()) {
            text.append("\n  ").append(Bytes.text(ledger.bytes() - listed)).append(": others");
        }
        text.append("\nclose what is not needed any more, or compute inside "
                + "try (var scope = engine.openScope()) { ... }");
        if (needed > 0) {
            text.append("; or allow more with engine.setBudget(%dL), or java -D%s=%dm"
                    .formatted(needed, BUDGET, (needed >> 20) + 1));
        }
        return new OutOfMemory(text.toString(), holders, cause);
    }
}
