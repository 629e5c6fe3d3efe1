package microtome.tensor;

import java.util.concurrent.atomic.AtomicLong;

/**
 * Counts what is alive on one engine, and asks for a garbage collection when much device memory may hang on unreachable
 * tensors: the collector does not see device memory, so it would not come by itself.
 */
final class Ledger {
    private final AtomicLong bytes = new AtomicLong();
    private final AtomicLong tensors = new AtomicLong();
    private final AtomicLong nextCollection;
    private final long step;

    /** Asks for a collection whenever live bytes have doubled, and not before this many are alive. */
    Ledger(long step) {
        this.step = step;
        this.nextCollection = new AtomicLong(step);
    }

    void opened(long owned) {
        long now = bytes.addAndGet(owned);
        long limit = nextCollection.get();
        if (now >= limit && nextCollection.compareAndSet(limit, Math.max(step, 2 * now))) {
            System.gc();
        }
    }

    void closed(long owned) {
        long now = bytes.addAndGet(-owned);
        long limit = nextCollection.get();
        if (limit > step && now < limit / 4) {
            nextCollection.compareAndSet(limit, Math.max(step, 2 * now));
        }
    }

    void leased() {
        tensors.incrementAndGet();
    }

    void returned() {
        tensors.decrementAndGet();
    }

    long bytes() {
        return bytes.get();
    }

    long tensors() {
        return tensors.get();
    }
}
