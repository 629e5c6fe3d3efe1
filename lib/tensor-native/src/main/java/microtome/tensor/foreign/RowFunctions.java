package microtome.tensor.foreign;

import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;

/**
 * Along the last axis: reductions, softmax, norms, top-k. One method per C function, for the thread that owns the engine; see {@link Status} for failures.
 */
final class RowFunctions {
    private static final MethodHandle REDUCE = NativeLibrary.instance().link("mt_reduce");
    private static final MethodHandle SOFTMAX = NativeLibrary.instance().link("mt_softmax");
    private static final MethodHandle RMS_NORM = NativeLibrary.instance().link("mt_rms_norm");
    private static final MethodHandle LAYER_NORM = NativeLibrary.instance().link("mt_layer_norm");
    private static final MethodHandle TOP_K = NativeLibrary.instance().link("mt_top_k");

    private RowFunctions() {}

    static void reduce(MemorySegment engine, int kind, MemorySegment in, MemorySegment out) {
        int status;
        try {
            status = (int) REDUCE.invokeExact(engine, kind, in, out);
        } catch (Throwable unexpected) {
            throw Status.thrown("mt_reduce", unexpected);
        }
        Status.check(engine, status, "mt_reduce");
    }

    static void softmax(MemorySegment engine, MemorySegment in, MemorySegment out) {
        int status;
        try {
            status = (int) SOFTMAX.invokeExact(engine, in, out);
        } catch (Throwable unexpected) {
            throw Status.thrown("mt_softmax", unexpected);
        }
        Status.check(engine, status, "mt_softmax");
    }

    static void rmsNorm(MemorySegment engine, float epsilon, MemorySegment in, MemorySegment gain, MemorySegment out) {
        int status;
        try {
            status = (int) RMS_NORM.invokeExact(engine, epsilon, in, gain, out);
        } catch (Throwable unexpected) {
            throw Status.thrown("mt_rms_norm", unexpected);
        }
        Status.check(engine, status, "mt_rms_norm");
    }

    static void layerNorm(
            MemorySegment engine,
            float epsilon,
            MemorySegment in,
            MemorySegment gain,
            MemorySegment bias,
            MemorySegment out) {
        int status;
        try {
            status = (int) LAYER_NORM.invokeExact(engine, epsilon, in, gain, bias, out);
        } catch (Throwable unexpected) {
            throw Status.thrown("mt_layer_norm", unexpected);
        }
        Status.check(engine, status, "mt_layer_norm");
    }

    static void topK(MemorySegment engine, MemorySegment in, MemorySegment out) {
        int status;
        try {
            status = (int) TOP_K.invokeExact(engine, in, out);
        } catch (Throwable unexpected) {
            throw Status.thrown("mt_top_k", unexpected);
        }
        Status.check(engine, status, "mt_top_k");
    }
}
