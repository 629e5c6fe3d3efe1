package microtome.tensor.foreign;

import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;
import microtome.tensor.Op;

/**
 * Gradients that one pass over memory computes. One method per C function, for the thread that owns the engine; see {@link Status} for failures.
 */
final class GradientFunctions {
    private static final MethodHandle SOFTMAX = NativeLibrary.instance().link("mt_softmax_gradient");
    private static final MethodHandle RMS_NORM = NativeLibrary.instance().link("mt_rms_norm_gradient");
    private static final MethodHandle LAYER_NORM = NativeLibrary.instance().link("mt_layer_norm_gradient");
    private static final MethodHandle GATED = NativeLibrary.instance().link("mt_gated_activation_gradient");
    private static final MethodHandle CROSS_ENTROPY = NativeLibrary.instance().link("mt_cross_entropy_gradient");
    private static final MethodHandle ATTENTION = NativeLibrary.instance().link("mt_attention_gradient");

    private GradientFunctions() {}

    static void softmaxGradient(
            MemorySegment engine, MemorySegment softmax, MemorySegment upstream, MemorySegment out) {
        int status;
        try {
            status = (int) SOFTMAX.invokeExact(engine, softmax, upstream, out);
        } catch (Throwable unexpected) {
            throw Status.thrown("mt_softmax_gradient", unexpected);
        }
        Status.check(engine, status, "mt_softmax_gradient");
    }

    /** The three inputs of a gradient and its result. */
    record Tensors(MemorySegment first, MemorySegment second, MemorySegment upstream, MemorySegment out) {}

    static void rmsNormGradient(MemorySegment engine, float epsilon, Tensors t) {
        int status;
        try {
            status = (int) RMS_NORM.invokeExact(engine, epsilon, t.first, t.second, t.upstream, t.out);
        } catch (Throwable unexpected) {
            throw Status.thrown("mt_rms_norm_gradient", unexpected);
        }
        Status.check(engine, status, "mt_rms_norm_gradient");
    }

    static void layerNormGradient(MemorySegment engine, float epsilon, Tensors t) {
        int status;
        try {
            status = (int) LAYER_NORM.invokeExact(engine, epsilon, t.first, t.second, t.upstream, t.out);
        } catch (Throwable unexpected) {
            throw Status.thrown("mt_layer_norm_gradient", unexpected);
        }
        Status.check(engine, status, "mt_layer_norm_gradient");
    }

    static void gatedActivationGradient(MemorySegment engine, int kind, Tensors t) {
        int status;
        try {
            status = (int) GATED.invokeExact(engine, kind, t.first, t.second, t.upstream, t.out);
        } catch (Throwable unexpected) {
            throw Status.thrown("mt_gated_activation_gradient", unexpected);
        }
        Status.check(engine, status, "mt_gated_activation_gradient");
    }

    static void crossEntropyGradient(MemorySegment engine, Tensors t) {
        int status;
        try {
            status = (int) CROSS_ENTROPY.invokeExact(engine, t.first, t.second, t.upstream, t.out);
        } catch (Throwable unexpected) {
            throw Status.thrown("mt_cross_entropy_gradient", unexpected);
        }
        Status.check(engine, status, "mt_cross_entropy_gradient");
    }

    /** What attention read, the gradient of its result, and where the gradients of what it read go. */
    record AttentionTensors(
            MemorySegment query,
            MemorySegment key,
            MemorySegment value,
            MemorySegment upstream,
            MemorySegment ofQuery,
            MemorySegment ofKey,
            MemorySegment ofValue) {}

    static void attentionGradient(MemorySegment engine, Op.Gradient.OfAttention op, AttentionTensors t) {
        int causal = op.causal() ? 1 : 0;
        int status;
        try {
            status = (int) ATTENTION.invokeExact(
                    engine,
                    op.heads(),
                    op.keyValueHeads(),
                    op.scale(),
                    causal,
                    t.query,
                    t.key,
                    t.value,
                    t.upstream,
                    t.ofQuery,
                    t.ofKey,
                    t.ofValue);
        } catch (Throwable unexpected) {
            throw Status.thrown("mt_attention_gradient", unexpected);
        }
        Status.check(engine, status, "mt_attention_gradient");
    }
}
