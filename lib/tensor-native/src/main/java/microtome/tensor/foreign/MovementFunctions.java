package microtome.tensor.foreign;

import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;

/**
 * Data movement: copies, casts, rows by index. One method per C function, for the thread that owns the engine; see {@link Status} for failures.
 */
final class MovementFunctions {
    private static final MethodHandle COPY = NativeLibrary.instance().link("mt_copy");
    private static final MethodHandle CAST = NativeLibrary.instance().link("mt_cast");
    private static final MethodHandle GATHER = NativeLibrary.instance().link("mt_gather");
    private static final MethodHandle FILL = NativeLibrary.instance().link("mt_fill");
    private static final MethodHandle SCATTER_ADD = NativeLibrary.instance().link("mt_scatter_add");

    private MovementFunctions() {}

    static void copy(MemorySegment engine, MemorySegment in, MemorySegment out) {
        int status;
        try {
            status = (int) COPY.invokeExact(engine, in, out);
        } catch (Throwable unexpected) {
            throw Status.thrown("mt_copy", unexpected);
        }
        Status.check(engine, status, "mt_copy");
    }

    static void cast(MemorySegment engine, MemorySegment in, MemorySegment out) {
        int status;
        try {
            status = (int) CAST.invokeExact(engine, in, out);
        } catch (Throwable unexpected) {
            throw Status.thrown("mt_cast", unexpected);
        }
        Status.check(engine, status, "mt_cast");
    }

    static void gather(MemorySegment engine, MemorySegment table, MemorySegment indices, MemorySegment out) {
        int status;
        try {
            status = (int) GATHER.invokeExact(engine, table, indices, out);
        } catch (Throwable unexpected) {
            throw Status.thrown("mt_gather", unexpected);
        }
        Status.check(engine, status, "mt_gather");
    }

    static void fill(MemorySegment engine, double value, MemorySegment out) {
        int status;
        try {
            status = (int) FILL.invokeExact(engine, value, out);
        } catch (Throwable unexpected) {
            throw Status.thrown("mt_fill", unexpected);
        }
        Status.check(engine, status, "mt_fill");
    }

    static void scatterAdd(
            MemorySegment engine,
            MemorySegment table,
            MemorySegment indices,
            MemorySegment updates,
            MemorySegment out) {
        int status;
        try {
            status = (int) SCATTER_ADD.invokeExact(engine, table, indices, updates, out);
        } catch (Throwable unexpected) {
            throw Status.thrown("mt_scatter_add", unexpected);
        }
        Status.check(engine, status, "mt_scatter_add");
    }
}
