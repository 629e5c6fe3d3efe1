package microtome.tensor;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Counts what is alive on one engine against its budget, and knows the large storages by who made them. Asks for a garbage
 * collection when much device memory may hang on unreachable tensors: the collector does not see device memory, so it would
 * not come by itself.
 */
final class Ledger {
    /** From this size on it is known who made a storage: finding out costs little beside filling it. */
    static final long LARGE = 1 << 20;

    private final AtomicLong bytes = new AtomicLong();
    private final AtomicLong tensors = new AtomicLong();
    private final AtomicLong nextCollection;
    private final long step;
    private final Set<Storage> large = ConcurrentHashMap.newKeySet();
    private volatile long budget;

    /** Asks for a collection whenever live bytes have doubled, and not before {@code step} of them are alive. */
    Ledger(long budget, long step) {
        this.budget = budget;
        this.step = step;
        this.nextCollection = new AtomicLong(step);
    }

    long budget() {
        return budget;
    }

    void setBudget(long most) {
        budget = most;
    }

    /** Counts these bytes as alive, unless they would pass the budget. */
    boolean reserve(long wanted) {
        for (long now = bytes.get(); wanted <= budget - now; now = bytes.get()) {
            if (bytes.compareAndSet(now, now + wanted)) {
                collectPerhaps(now + wanted);
                return true;
            }
        }
        return wanted == 0;
    }

    /** Takes back what was reserved. */
    void release(long reserved) {
        long now = bytes.addAndGet(-reserved);
        long limit = nextCollection.get();
        if (limit > step && now < limit / 4) {
            nextCollection.compareAndSet(limit, Math.max(step, 2 * now));
        }
    }

    private void collectPerhaps(long now) {
        long limit = nextCollection.get();
        if (now >= limit && nextCollection.compareAndSet(limit, Math.max(step, 2 * now))) {
            System.gc();
        }
    }

    void opened(Storage storage) {
        if (storage.ownedBytes() >= LARGE) {
            large.add(storage);
        }
    }

    void closed(Storage storage) {
        if (storage.ownedBytes() >= LARGE) {
            large.remove(storage);
        }
        release(storage.ownedBytes());
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

    /** The largest holders of memory, alike ones together, most bytes first. */
    List<OutOfMemory.Holder> largest(int most) {
        record Kind(String type, String place) {}
        var byKind = new HashMap<Kind, OutOfMemory.Holder>();
        for (var storage : large) {
            var one = new OutOfMemory.Holder(storage.type().toString(), 1, storage.ownedBytes(), storage.place());
            byKind.merge(new Kind(one.type(), one.place()), one, OutOfMemory.Holder::and);
        }
        var holders = new ArrayList<>(byKind.values());
        holders.sort(Comparator.comparingLong(OutOfMemory.Holder::bytes).reversed());
        return List.copyOf(holders.subList(0, Math.min(most, holders.size())));
    }
}
