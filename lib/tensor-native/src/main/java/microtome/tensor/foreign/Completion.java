package microtome.tensor.foreign;

import java.util.concurrent.locks.LockSupport;
import microtome.tensor.BackendException;
import microtome.tensor.OutOfMemory;
import microtome.tensor.WaitInterruptedException;

/** Lets one thread wait for one piece of queued work: it looks again for a moment, then sleeps. Interruptible. */
final class Completion {
    private static final long LOOKING_NANOS = 20_000;

    private final Thread waiter = Thread.currentThread();
    private volatile boolean done;
    private BackendException failure;

    /** Called once, by the engine's thread; the failure is null when all is well. */
    void complete(BackendException outcome) {
        failure = outcome;
        done = true;
        LockSupport.unpark(waiter);
    }

    /** Returns when the work is done, or throws what went wrong with it; first does something when it is interrupted. */
    void await(String what, Runnable interrupted) {
        long start = System.nanoTime();
        while (!done) {
            if (Thread.interrupted()) {
                interrupted.run();
                Thread.currentThread().interrupt();
                throw new WaitInterruptedException(
                        "interrupted while waiting for the device to finish %s; the engine stays usable"
                                .formatted(what));
            }
            if (System.nanoTime() - start < LOOKING_NANOS) {
                Thread.onSpinWait();
            } else {
                LockSupport.park(this);
            }
        }
        switch (failure) {
            case null -> {}
            case OutOfMemory full -> throw new OutOfMemory(full.getMessage(), full);
            case BackendException other -> throw new BackendException(other.getMessage(), other);
        }
    }
}
