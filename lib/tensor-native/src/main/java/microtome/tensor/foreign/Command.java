package microtome.tensor.foreign;

import java.util.List;

/**
 * One entry of an engine's queue.
 *
 * @param label the operation, for errors; empty where they name themselves
 * @param reads buffers whose failure makes this fail
 * @param writes the buffer that fails with this, or null
 * @param work what to do on the engine's thread
 * @param completion who waits for it, or null
 */
record Command(String label, List<NativeBuffer> reads, NativeBuffer writes, Work work, Completion completion) {
    /** Something to do on the engine's thread. */
    interface Work {
        void run(Session session);
    }
}
