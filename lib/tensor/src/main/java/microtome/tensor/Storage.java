package microtome.tensor;

import java.util.concurrent.atomic.AtomicInteger;

/** One buffer that several tensors share; it goes back to the backend when the last of them has let go. */
final class Storage {
    private final Ledger ledger;
    private final Backend backend;
    private final Buffer buffer;
    private final long ownedBytes;
    private final AtomicInteger holders = new AtomicInteger(1);

    /** Takes over a buffer that owns this many bytes of device memory (0 when it only wraps memory of the host). */
    Storage(Backend backend, Ledger ledger, Buffer buffer, long ownedBytes) {
        this.backend = backend;
        this.ledger = ledger;
        this.buffer = buffer;
        this.ownedBytes = ownedBytes;
        ledger.opened(ownedBytes);
    }

    Buffer buffer() {
        return buffer;
    }

    /** Adds a holder, unless the last one has already left. */
    boolean retain() {
        for (int count = holders.get(); count > 0; count = holders.get()) {
            if (holders.compareAndSet(count, count + 1)) {
                return true;
            }
        }
        return false;
    }

    void release() {
        if (holders.decrementAndGet() == 0) {
            ledger.closed(ownedBytes);
            backend.release(buffer);
        }
    }
}
