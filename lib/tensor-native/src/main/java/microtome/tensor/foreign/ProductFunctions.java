package microtome.tensor.foreign;

import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;
import microtome.tensor.Op;

/**
 * Matrix products, packed weights, rotary embedding and attention. One method per C function, for the thread that owns the engine; see {@link Status} for failures.
 */
final class ProductFunctions {
    private static final MethodHandle ROTARY = NativeLibrary.instance().link("mt_rotary");
    private static final MethodHandle ATTENTION = NativeLibrary.instance().link("mt_attention");
    private static final MethodHandle ATTENTION_PATTERN =
            NativeLibrary.instance().link("mt_attention_pattern");
    private static final MethodHandle ATTENTION_MIX = NativeLibrary.instance().link("mt_attention_mix");
    private static final MethodHandle PACKED_BYTES = NativeLibrary.instance().link("mt_packed_bytes");
    private static final MethodHandle PACK = NativeLibrary.instance().link("mt_pack");
    private static final MethodHandle UNPACK_TRANSPOSED =
            NativeLibrary.instance().link("mt_unpack_transposed");
    private static final MethodHandle MATMUL = NativeLibrary.instance().link("mt_matmul");

    private ProductFunctions() {}

    static void rotary(
            MemorySegment engine,
            int heads,
            MemorySegment in,
            MemorySegment cosine,
            MemorySegment sine,
            MemorySegment out) {
        int status;
        try {
            status = (int) ROTARY.invokeExact(engine, heads, in, cosine, sine, out);
        } catch (Throwable unexpected) {
            throw Status.thrown("mt_rotary", unexpected);
        }
        Status.check(engine, status, "mt_rotary");
    }

    /** The attention of {@code query}, {@code key}, {@code value}; {@code pattern} may be {@code NULL}. */
    record AttentionTensors(
            MemorySegment query, MemorySegment key, MemorySegment value, MemorySegment pattern, MemorySegment out) {}

    static void attention(MemorySegment engine, Op.Attention op, AttentionTensors t) {
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
                    t.pattern,
                    t.out);
        } catch (Throwable unexpected) {
            throw Status.thrown("mt_attention", unexpected);
        }
        Status.check(engine, status, "mt_attention");
    }

    static void attentionPattern(
            MemorySegment engine,
            Op.AttentionPattern op,
            MemorySegment query,
            MemorySegment key,
            MemorySegment pattern) {
        int causal = op.causal() ? 1 : 0;
        int status;
        try {
            status = (int) ATTENTION_PATTERN.invokeExact(
                    engine, op.heads(), op.keyValueHeads(), op.scale(), causal, query, key, pattern);
        } catch (Throwable unexpected) {
            throw Status.thrown("mt_attention_pattern", unexpected);
        }
        Status.check(engine, status, "mt_attention_pattern");
    }

    static void attentionMix(
            MemorySegment engine, int keyValueHeads, MemorySegment pattern, MemorySegment value, MemorySegment out) {
        int status;
        try {
            status = (int) ATTENTION_MIX.invokeExact(engine, keyValueHeads, pattern, value, out);
        } catch (Throwable unexpected) {
            throw Status.thrown("mt_attention_mix", unexpected);
        }
        Status.check(engine, status, "mt_attention_mix");
    }

    static void packedBytes(MemorySegment engine, int type, long n, long k, MemorySegment bytes) {
        int status;
        try {
            status = (int) PACKED_BYTES.invokeExact(engine, type, n, k, bytes);
        } catch (Throwable unexpected) {
            throw Status.thrown("mt_packed_bytes", unexpected);
        }
        Status.check(engine, status, "mt_packed_bytes");
    }

    static void pack(MemorySegment engine, MemorySegment weight, MemorySegment packed) {
        int status;
        try {
            status = (int) PACK.invokeExact(engine, weight, packed);
        } catch (Throwable unexpected) {
            throw Status.thrown("mt_pack", unexpected);
        }
        Status.check(engine, status, "mt_pack");
    }

    static void unpackTransposed(MemorySegment engine, MemorySegment packed, MemorySegment out) {
        int status;
        try {
            status = (int) UNPACK_TRANSPOSED.invokeExact(engine, packed, out);
        } catch (Throwable unexpected) {
            throw Status.thrown("mt_unpack_transposed", unexpected);
        }
        Status.check(engine, status, "mt_unpack_transposed");
    }

    static void matmul(
            MemorySegment engine,
            int transposeRight,
            MemorySegment left,
            MemorySegment right,
            MemorySegment addend,
            MemorySegment out) {
        int status;
        try {
            status = (int) MATMUL.invokeExact(engine, transposeRight, left, right, addend, out);
        } catch (Throwable unexpected) {
            throw Status.thrown("mt_matmul", unexpected);
        }
        Status.check(engine, status, "mt_matmul");
    }
}
