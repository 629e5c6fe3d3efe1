package microtome.tensor.foreign;

import java.util.List;

/** One entry of an engine's queue. */
final class Command {
    /** Something to do on the engine's thread. Doing it again after it was stopped, or found no memory, is fine. */
    interface Work {
        void run(Session session);
    }

    private final String label;
    private final List<NativeBuffer> reads;
    private final NativeBuffer writes;
    private final Work work;
    private Completion completion;
    private Thread stopper;
    private NativeBuffer released;
    private volatile String stopped;

    /**
     * Nobody waits for it, and it is never stopped.
     *
     * @param label the operation, for errors; empty where they name themselves
     * @param reads buffers whose failure makes this fail
     * @param writes the buffer that fails with this, or null
     */
    Command(String label, List<NativeBuffer> reads, NativeBuffer writes, Work work) {
        this.label = label;
        this.reads = reads;
        this.writes = writes;
        this.work = work;
    }

    /** Ends the use of a buffer, failed or not. */
    static Command release(NativeBuffer buffer) {
        var command = new Command("release", List.of(), null, session -> session.destroy(buffer));
        command.released = buffer;
        return command;
    }

    /** The calling thread will wait for it. */
    Command awaited() {
        completion = new Completion();
        return this;
    }

    /** An interrupt of this thread may stop it, when the thread waits for what needs it. */
    Command stoppableBy(Thread thread) {
        stopper = thread;
        return this;
    }

    String label() {
        return label;
    }

    List<NativeBuffer> reads() {
        return reads;
    }

    NativeBuffer writes() {
        return writes;
    }

    Work work() {
        return work;
    }

    /** Who waits for it, or null. */
    Completion completion() {
        return completion;
    }

    /** The buffer whose use it ends, or null. */
    NativeBuffer released() {
        return released;
    }

    boolean maybeStoppedBy(Thread thread) {
        return stopper == thread;
    }

    void stop(String reason) {
        stopped = reason;
    }

    /** Why it shall not be done, or null. */
    String stopped() {
        return stopped;
    }
}
