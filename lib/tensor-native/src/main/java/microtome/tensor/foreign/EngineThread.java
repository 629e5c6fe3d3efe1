package microtome.tensor.foreign;

import java.lang.foreign.MemorySegment;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import microtome.tensor.BackendException;
import microtome.tensor.OutOfMemory;
import microtome.tensor.WaitInterruptedException;

/**
 * The one thread that calls a native engine, fed by a queue in order, like a CUDA stream. OpenMP keeps a pool per calling
 * thread, so that work from wherever a cell runs would multiply pools. Without work it looks again for a moment, then sleeps.
 */
final class EngineThread implements Runnable {
    private static final AtomicInteger NUMBER = new AtomicInteger();
    private static final long LOOKING_NANOS = 50_000;
    private static final long STOPPING_NANOS = 100_000_000;
    private static final int LOOKS_PER_CLOCK = 64;
    /** More waiting commands than this hold back whoever adds operations. */
    private static final int LONGEST_QUEUE = 8192;

    private final ConcurrentLinkedQueue<Command> queue = new ConcurrentLinkedQueue<>();
    private final AtomicLong submitted = new AtomicLong();
    private final int threads;
    private final Thread thread;
    private final Releases releases = new Releases(queue);
    private long taken;
    private volatile long finished;
    private volatile boolean asleep;
    private volatile boolean stopping;
    private volatile boolean stopped;
    private volatile Command running;
    private volatile MemorySegment engine = MemorySegment.NULL;
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

    /** Waits for a command that this thread has submitted; an interrupt stops what it needs. */
    void await(Command command, String what) {
        command.completion().await(what, () -> stopWork(command, what));
    }

    /** Submits a command and waits for it. */
    void submitAndAwait(Command command, String what) {
        submit(command);
        await(command, what);
    }

    /** Waits while the queue is too long, so that a program which never reads cannot fill the memory with commands. */
    void awaitRoom() {
        while (submitted.get() - finished > LONGEST_QUEUE && !stopped) {
            if (Thread.interrupted()) {
                stopWork(null, "room for another operation");
                Thread.currentThread().interrupt();
                throw new WaitInterruptedException("interrupted while %d operations were waiting for the device"
                        .formatted(submitted.get() - finished));
            }
            LockSupport.parkNanos(LOOKING_NANOS);
        }
    }

    /** Stops the first operation, if any, that the awaited command needs and that this thread may stop. */
    private void stopWork(Command awaited, String what) {
        var before = Stops.before(awaited, queue, () -> running);
        var first = Stops.first(before, awaited, Thread.currentThread());
        if (first == null) {
            return;
        }
        first.stop("interrupted by thread '%s', which was waiting for %s; compute it again"
                .formatted(Thread.currentThread().getName(), what));
        // A request that finds nothing running is void: the operation may be about to begin.
        long start = System.nanoTime();
        while (first == running && System.nanoTime() - start < STOPPING_NANOS) {
            EngineFunctions.interrupt(engine);
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
            engine = session.engine();
            for (var command = next(); command != null; command = next()) {
                running = command; // before it leaves the queue: whoever looks for it finds it in one of the two
                queue.remove();
                run(command, session);
                running = null;
                finished = ++taken + releases.done();
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
            failure = attempt(command, session);
            boolean noted = failure != null && command.completion() == null && command.stopped() == null;
            unreported = noted && unreported == null ? failure : unreported;
        }
        if (failure != null && command.writes() != null) {
            command.writes().failed(failure);
        }
        if (command.completion() != null) {
            unreported = failure == unreported ? null : unreported;
            command.completion().complete(failure);
        }
    }

    /** Does it, again where a stop was meant for another, or where memory was found; gives the failure or null. */
    private BackendException attempt(Command command, Session session) {
        for (int drains = 0; command.stopped() == null; ) {
            try {
                session.prepare(command);
                command.work().run(session);
                return null;
            } catch (StoppedException stop) {
                // Meant for this one, which then has a reason, or for the one before, which was done by then.
            } catch (OutOfMemory full) {
                if (!releases.drain(command, session, drains++)) {
                    return new OutOfMemory(labelled(command, full.getMessage()), full);
                }
            } catch (LateFailure late) {
                return late.ofItsOperation();
            } catch (BackendException refused) {
                return command.label().isEmpty()
                        ? refused
                        : new BackendException(labelled(command, refused.getMessage()), refused);
            } catch (RuntimeException | Error unexpected) {
                return new BackendException(labelled(command, "failed inside the native backend"), unexpected);
            }
        }
        return new BackendException(labelled(command, command.stopped()));
    }

    private static String labelled(Command command, String message) {
        return command.label().isEmpty() ? message : command.label() + ": " + message;
    }

    private static BackendException failureBefore(Command command) {
        for (var buffer : command.reads()) {
            if (buffer.failure() != null) {
                return buffer.failure();
            }
        }
        return command.writes() == null ? null : command.writes().failure();
    }

    /** The next command, still in the queue, or null when the thread shall end. */
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
        var command = queue.peek();
        long start = command == null ? System.nanoTime() : 0;
        for (int looks = 1; command == null && !stopping; looks++) {
            if (looks % LOOKS_PER_CLOCK == 0 && System.nanoTime() - start > LOOKING_NANOS) {
                return null;
            }
            Thread.onSpinWait();
            command = queue.peek();
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
