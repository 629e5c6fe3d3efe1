package microtome.tensor.foreign;

import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;

/**
 * Functions of one, two or three values at the same place. One method per C function, for the thread that owns the engine; see {@link Status} for failures.
 */
final class ElementwiseFunctions {
    private static final MethodHandle UNARY = NativeLibrary.instance().link("mt_unary");
    private static final MethodHandle BINARY = NativeLibrary.instance().link("mt_binary");
    private static final MethodHandle GATED_ACTIVATION =
            NativeLibrary.instance().link("mt_gated_activation");
    private static final MethodHandle WHERE = NativeLibrary.instance().link("mt_where");

    private ElementwiseFunctions() {}

    static void unary(MemorySegment engine, int kind, MemorySegment in, MemorySegment out) {
        int status;
        try {
            status = (int) UNARY.invokeExact(engine, kind, in, out);
        } catch (Throwable unexpected) {
            throw Status.thrown("mt_unary", unexpected);
        }
        Status.check(engine, status, "mt_unary");
    }

    static void binary(MemorySegment engine, int kind, MemorySegment left, MemorySegment right, MemorySegment out) {
        int status;
        try {
            status = (int) BINARY.invokeExact(engine, kind, left, right, out);
        } catch (Throwable unexpected) {
            throw Status.thrown("mt_binary", unexpected);
        }
        Status.check(engine, status, "mt_binary");
    }

    static void gatedActivation(
            MemorySegment engine, int kind, MemorySegment gate, MemorySegment up, MemorySegment out) {
        int status;
        try {
            status = (int) GATED_ACTIVATION.invokeExact(engine, kind, gate, up, out);
        } catch (Throwable unexpected) {
            throw Status.thrown("mt_gated_activation", unexpected);
        }
        Status.check(engine, status, "mt_gated_activation");
    }

    static void where(
            MemorySegment engine,
            MemorySegment condition,
            MemorySegment first,
            MemorySegment second,
            MemorySegment out) {
        int status;
        try {
            status = (int) WHERE.invokeExact(engine, condition, first, second, out);
        } catch (Throwable unexpected) {
            throw Status.thrown("mt_where", unexpected);
        }
        Status.check(engine, status, "mt_where");
    }
}
