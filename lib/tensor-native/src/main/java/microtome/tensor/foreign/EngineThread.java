package microtome.tensor.foreign;

import java.lang.foreign.MemorySegment;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import microtome.tensor.BackendException;
import microtome.tensor.WaitInterruptedException;

/**
 * The one thread that calls a native engine, fed by a queue in order, like a CUDA stream. OpenMP keeps a pool per calling
 * thread, so that work from wherever a cell runs would multiply pools. Without work it looks again for a moment, then sleeps.
 */
final class EngineThread implements Runnable {
    private static final AtomicInteger NUMBER = new AtomicInteger();
    private static final long LOOKING_NANOS = 50_000;
    private static final int LOOKS_PER_CLOCK = 64;
    /** More waiting commands than this hold back whoever adds operations. */
    private static final int LONGEST_QUEUE = 8192;

    private final ConcurrentLinkedQueue<Command> queue = new ConcurrentLinkedQueue<>();
    private final AtomicLong submitted = new AtomicLong();
    private final int threads;
    private final Thread thread;
    private volatile long finished;
    private volatile boolean asleep;
    private volatile boolean stopping;
    private volatile boolean stopped;
    private BackendException unreported;

    private EngineThread(int threads) {
        this.threads = threads;
        this.thread = Thread.ofPlatform()
                .daemon()
                .name("microtome-cpu-" + NUMBER.incrementAndGet())
                .unstarted(this);
    }

    /** Starts a thread that makes its engine first; adding work before that is done is fine. */
    static EngineThread start(int threads) {
        var engineThread = new EngineThread(threads);
        engineThread.thread.start();
        return engineThread;
    }

    /** Adds work to the end of the queue. After {@link #stop} it fails, or does nothing when nobody waits for it. */
    void submit(Command command) {
        submitted.incrementAndGet();
        queue.add(command);
        if (asleep) {
            LockSupport.unpark(thread);
        }
        if (stopped) {
            refuseAll();
        }
    }

    /** Waits while the queue is too long, so that a program which never reads cannot fill the memory with commands. */
    void awaitRoom() {
        while (submitted.get() - finished > LONGEST_QUEUE && !stopped) {
            if (Thread.interrupted()) {
                Thread.currentThread().interrupt();
                throw new WaitInterruptedException("interrupted while %d operations were waiting for the device"
                        .formatted(submitted.get() - finished));
            }
            LockSupport.parkNanos(LOOKING_NANOS);
        }
    }

    /** Ends the thread after the work that is running; queued work is dropped, and who waits for it is told. */
    void stop() {
        stopping = true;
        LockSupport.unpark(thread);
    }

    /** Waits for the end of the thread. */
    void join() throws InterruptedException {
        thread.join();
    }

    /** Whether this thread may read and write that memory. */
    boolean canAccess(MemorySegment memory) {
        return memory.isAccessibleBy(thread);
    }

    /** Throws the first failure since the last call that nobody was waiting for. Runs on this thread. */
    void reportFailures(Session session) {
        EngineFunctions.synchronize(session.engine());
        var failure = unreported;
        unreported = null;
        if (failure != null) {
            throw failure;
        }
    }

    @Override
    public void run() {
        try (var session = new Session(threads)) {
            for (var command = next(); command != null; command = next()) {
                run(command, session);
                finished++;
            }
        } catch (BackendException noEngine) {
            unreported = noEngine;
        } finally {
            stopped = true;
            refuseAll();
        }
    }

    private void run(Command command, Session session) {
        var failure = failureBefore(command);
        if (failure == null) {
            try {
                session.prepare(command);
                command.work().run(session);
            } catch (LateFailure late) {
                failure = late.ofItsOperation();
            } catch (BackendException refused) {
                failure = command.label().isEmpty() ? refused : named(command, refused);
            } catch (RuntimeException | Error unexpected) {
                failure = new BackendException(command.label() + ": failed inside the native backend", unexpected);
            }
            if (failure != null && command.completion() == null) {
                unreported = unreported == null ? failure : unreported;
            }
        }
        if (failure != null && command.writes() != null) {
            command.writes().failed(failure);
        }
        if (command.completion() != null) {
            unreported = failure == unreported ? null : unreported;
            command.completion().complete(failure);
        }
    }

    private static BackendException named(Command command, BackendException refused) {
        return new BackendException(command.label() + ": " + refused.getMessage(), refused);
    }

    private static BackendException failureBefore(Command command) {
        for (var buffer : command.reads()) {
            if (buffer.failure() != null) {
                return buffer.failure();
            }
        }
        return command.writes() == null ? null : command.writes().failure();
    }

    /** The next command, or null when the thread shall end. */
    private Command next() {
        while (!stopping) {
            var command = look();
            if (command != null) {
                return command;
            }
            asleep = true;
            if (queue.isEmpty() && !stopping) {
                LockSupport.park(this);
            }
            asleep = false;
        }
        return null;
    }

    /** Looks for a command again and again for a moment: waking a sleeping thread takes longer than most operations. */
    private Command look() {
        var command = queue.poll();
        long start = command == null ? System.nanoTime() : 0;
        for (int looks = 1; command == null && !stopping; looks++) {
            if (looks % LOOKS_PER_CLOCK == 0 && System.nanoTime() - start > LOOKING_NANOS) {
                return null;
            }
            Thread.onSpinWait();
            command = queue.poll();
        }
        return command;
    }

    private void refuseAll() {
        for (var command = queue.poll(); command != null; command = queue.poll()) {
            if (command.completion() != null) {
                var cause = unreported == null ? "the engine is closed" : unreported.getMessage();
                command.completion().complete(new BackendException(command.label() + ": " + cause));
            }
        }
    }
}
