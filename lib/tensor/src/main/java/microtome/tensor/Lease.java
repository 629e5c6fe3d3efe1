package microtome.tensor;

import java.util.concurrent.atomic.AtomicReference;

/**
 * The hold of one tensor on its storage. Lives apart from the tensor, so that a scope or the garbage collector can end it.
 */
final class Lease implements Runnable {
    private final Storage storage;
    private final Ledger ledger;
    private final AtomicReference<Object> end = new AtomicReference<>();

    /** Takes over one hold on the storage. */
    Lease(Storage storage, Ledger ledger) {
        this.storage = storage;
        this.ledger = ledger;
        ledger.leased();
    }

    Storage storage() {
        return storage;
    }

    /** Ends the hold; the first reason given is the one that later errors tell, in the words of its {@code toString}. */
    void end(Object reason) {
        if (end.compareAndSet(null, reason)) {
            storage.release();
            ledger.returned(); // last: without live tensors there are no live bytes
        }
    }

    /** Why the hold has ended, or null while it lasts. */
    Object ended() {
        return end.get();
    }

    /** What the cleaner calls when the tensor is unreachable. */
    @Override
    public void run() {
        end("it became unreachable");
    }
}
