package microtome.tensor;

import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;

/** One buffer that several tensors share; it goes back to the backend when the last of them has let go. */
final class Storage {
    private final Ledger ledger;
    private final Backend backend;
    private final Buffer buffer;
    private final TensorType type;
    private final long ownedBytes;
    private final Caller maker; // of large ones, else null
    private final AtomicInteger holders = new AtomicInteger(1);
    private Map<Long, Tensor> transposes; // by first element; null until one is made

    /**
     * Takes over a buffer that owns this many bytes of device memory (0 when it only wraps memory of the host), which the
     * ledger has reserved.
     */
    Storage(Backend backend, Ledger ledger, Buffer buffer, TensorType type, long ownedBytes) {
        this.backend = backend;
        this.ledger = ledger;
        this.buffer = buffer;
        this.type = type;
        this.ownedBytes = ownedBytes;
        this.maker = ownedBytes >= Ledger.LARGE ? Caller.withCell() : null;
        ledger.opened(this);
    }

    TensorType type() {
        return type;
    }

    long ownedBytes() {
        return ownedBytes;
    }

    /** Who made it, when it is large. */
    String place() {
        return maker == null ? "an unknown place" : maker.toString();
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
            backend.release(buffer);
            ledger.closed(this);
            closeTransposes();
        }
    }

    /** The packed transpose of the weight at this element, which lives as long as this storage; made when there is none. */
    synchronized Tensor transposeAt(long firstElement, Supplier<Tensor> making) {
        if (transposes == null) {
            transposes = new HashMap<>();
        }
        return transposes.computeIfAbsent(firstElement, _ -> making.get());
    }

    private synchronized void closeTransposes() {
        if (transposes != null) {
            transposes.values().forEach(Tensor::close);
            transposes = null;
        }
    }
}
