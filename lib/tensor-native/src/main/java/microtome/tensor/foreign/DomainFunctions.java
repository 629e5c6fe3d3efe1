package microtome.tensor.foreign;

import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;

/**
 * What probes live on. One method per C function, for the thread that owns the engine; see {@link Status} for failures.
 */
final class DomainFunctions {
    private static final MethodHandle SPARSE_ENCODE = NativeLibrary.instance().link("mt_sparse_encode");
    private static final MethodHandle ICA_STEP = NativeLibrary.instance().link("mt_ica_step");
    private static final MethodHandle MOMENTS = NativeLibrary.instance().link("mt_moments");
    private static final MethodHandle COSINE = NativeLibrary.instance().link("mt_cosine");
    private static final MethodHandle TOP_EXAMPLES = NativeLibrary.instance().link("mt_top_examples");

    private DomainFunctions() {}

    static void icaStep(
            MemorySegment engine, int contrast, float alpha, MemorySegment z, MemorySegment w, MemorySegment out) {
        int status;
        try {
            status = (int) ICA_STEP.invokeExact(engine, contrast, alpha, z, w, out);
        } catch (Throwable unexpected) {
            throw Status.thrown("mt_ica_step", unexpected);
        }
        Status.check(engine, status, "mt_ica_step");
    }

    static void moments(MemorySegment engine, MemorySegment state, MemorySegment rows, MemorySegment out) {
        int status;
        try {
            status = (int) MOMENTS.invokeExact(engine, state, rows, out);
        } catch (Throwable unexpected) {
            throw Status.thrown("mt_moments", unexpected);
        }
        Status.check(engine, status, "mt_moments");
    }

    static void cosine(MemorySegment engine, MemorySegment x, MemorySegment y, MemorySegment out) {
        int status;
        try {
            status = (int) COSINE.invokeExact(engine, x, y, out);
        } catch (Throwable unexpected) {
            throw Status.thrown("mt_cosine", unexpected);
        }
        Status.check(engine, status, "mt_cosine");
    }

    static void topExamples(
            MemorySegment engine, long first, MemorySegment state, MemorySegment activations, MemorySegment out) {
        int status;
        try {
            status = (int) TOP_EXAMPLES.invokeExact(engine, first, state, activations, out);
        } catch (Throwable unexpected) {
            throw Status.thrown("mt_top_examples", unexpected);
        }
        Status.check(engine, status, "mt_top_examples");
    }

    /** An encoder and what it reads; {@code threshold} may be {@code NULL}. */
    record Encoding(MemorySegment x, MemorySegment weight, MemorySegment bias, MemorySegment threshold) {}

    static void sparseEncode(MemorySegment engine, int choice, Encoding in, MemorySegment out) {
        int status;
        try {
            status = (int) SPARSE_ENCODE.invokeExact(engine, choice, in.x, in.weight, in.bias, in.threshold, out);
        } catch (Throwable unexpected) {
            throw Status.thrown("mt_sparse_encode", unexpected);
        }
        Status.check(engine, status, "mt_sparse_encode");
    }
}
