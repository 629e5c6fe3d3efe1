package microtome.tensor.foreign;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;

/** The native engine as its thread sees it: the handle, and memory for the arguments of one call. */
final class Session implements AutoCloseable {
    private final Arena arena = Arena.ofConfined();
    private final MemorySegment engine;
    private final MemorySegment answer = arena.allocate(ADDRESS);
    private final MemorySegment second = arena.allocate(ADDRESS);
    private final Descriptors descriptors = new Descriptors(arena);

    /** Makes an engine with this many threads. */
    Session(int threads) {
        EngineFunctions.engineCreate(threads, answer);
        engine = answer.get(ADDRESS, 0);
    }

    MemorySegment engine() {
        return engine;
    }

    Descriptors descriptors() {
        return descriptors;
    }

    /** Makes the buffers that no command has needed so far. */
    void prepare(Command command) {
        var target = command.writes();
        if (target != null && target.isPlanned()) {
            create(target, target.bytes());
        }
        for (var source : command.reads()) {
            if (source.isPlanned()) {
                create(source, source.bytes());
            }
        }
    }

    void create(NativeBuffer buffer, long bytes) {
        BufferFunctions.bufferCreate(engine, bytes, answer);
        buffer.created(answer.get(ADDRESS, 0));
    }

    void wrap(NativeBuffer buffer) {
        BufferFunctions.bufferWrap(engine, buffer.wrapped(), buffer.bytes(), answer);
        buffer.created(answer.get(ADDRESS, 0));
    }

    void destroy(NativeBuffer buffer) {
        BufferFunctions.bufferDestroy(engine, buffer.handle());
        buffer.destroyed();
    }

    long pooledBytes() {
        EngineFunctions.memory(engine, answer, second);
        return second.get(JAVA_LONG, 0);
    }

    long packedBytes(int type, long rows, long columns) {
        ProductFunctions.packedBytes(engine, type, rows, columns, answer);
        return answer.get(JAVA_LONG, 0);
    }

    @Override
    public void close() {
        EngineFunctions.engineDestroy(engine);
        arena.close();
    }
}
