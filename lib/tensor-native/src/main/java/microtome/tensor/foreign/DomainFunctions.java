package microtome.tensor.foreign;

import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;

/**
 * What probes live on. One method per C function, for the thread that owns the engine; see {@link Status} for failures.
 */
final class DomainFunctions {
    private static final MethodHandle SPARSE_ENCODE = NativeLibrary.instance().link("mt_sparse_encode");
    private static final MethodHandle ICA_STEP = NativeLibrary.instance().link("mt_ica_step");

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
