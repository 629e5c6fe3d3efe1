package microtome.tensor.foreign;

import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;
import microtome.tensor.BackendException;
import microtome.tensor.Op;

/**
 * One method per C function of the header, for the thread that owns the engine. A status never leaves as a number. Loading
 * this class needs the native library: ask {@link NativeLibrary#isLoaded()} first.
 */
final class Functions {
    private static final int OK = 0;

    private static final MethodHandle ENGINE_CREATE = link("mt_engine_create");
    private static final MethodHandle ENGINE_DESTROY = link("mt_engine_destroy");
    private static final MethodHandle LAST_ERROR = link("mt_last_error");
    private static final MethodHandle SYNCHRONIZE = link("mt_synchronize");
    private static final MethodHandle ABI_VERSION = link("mt_abi_version");
    private static final MethodHandle ACTIVE_ISA = link("mt_active_isa");
    private static final MethodHandle DESCRIBE = link("mt_describe");
    private static final MethodHandle BUFFER_CREATE = link("mt_buffer_create");
    private static final MethodHandle BUFFER_WRAP = link("mt_buffer_wrap");
    private static final MethodHandle BUFFER_DESTROY = link("mt_buffer_destroy");
    private static final MethodHandle UPLOAD = link("mt_upload");
    private static final MethodHandle UPLOAD_HEAP = link("mt_upload", Linker.Option.critical(true));
    private static final MethodHandle DOWNLOAD = link("mt_download");
    private static final MethodHandle DOWNLOAD_HEAP = link("mt_download", Linker.Option.critical(true));
    private static final MethodHandle MEMORY = link("mt_memory");
    private static final MethodHandle TRIM = link("mt_trim");
    private static final MethodHandle FORGET_PAGES = link("mt_forget_pages");
    private static final MethodHandle COPY = link("mt_copy");
    private static final MethodHandle CAST = link("mt_cast");
    private static final MethodHandle GATHER = link("mt_gather");
    private static final MethodHandle FILL = link("mt_fill");
    private static final MethodHandle SCATTER_ADD = link("mt_scatter_add");
    private static final MethodHandle WHERE = link("mt_where");
    private static final MethodHandle LAYER_NORM = link("mt_layer_norm");
    private static final MethodHandle TOP_K = link("mt_top_k");
    private static final MethodHandle UNARY = link("mt_unary");
    private static final MethodHandle BINARY = link("mt_binary");
    private static final MethodHandle GATED_ACTIVATION = link("mt_gated_activation");
    private static final MethodHandle REDUCE = link("mt_reduce");
    private static final MethodHandle SOFTMAX = link("mt_softmax");
    private static final MethodHandle RMS_NORM = link("mt_rms_norm");
    private static final MethodHandle ROTARY = link("mt_rotary");
    private static final MethodHandle ATTENTION = link("mt_attention");
    private static final MethodHandle PACKED_BYTES = link("mt_packed_bytes");
    private static final MethodHandle PACK = link("mt_pack");
    private static final MethodHandle UNPACK_TRANSPOSED = link("mt_unpack_transposed");
    private static final MethodHandle MATMUL = link("mt_matmul");

    private Functions() {}

    static void engineCreate(int threads, MemorySegment engine) {
        int status;
        try {
            status = (int) ENGINE_CREATE.invokeExact(threads, engine);
        } catch (Throwable unexpected) {
            throw thrown("mt_engine_create", unexpected);
        }
        check(MemorySegment.NULL, status, "mt_engine_create");
    }

    static void engineDestroy(MemorySegment engine) {
        int status;
        try {
            status = (int) ENGINE_DESTROY.invokeExact(engine);
        } catch (Throwable unexpected) {
            throw thrown("mt_engine_destroy", unexpected);
        }
        check(MemorySegment.NULL, status, "mt_engine_destroy");
    }

    static void synchronize(MemorySegment engine) {
        int status;
        try {
            status = (int) SYNCHRONIZE.invokeExact(engine);
        } catch (Throwable unexpected) {
            throw thrown("mt_synchronize", unexpected);
        }
        check(engine, status, "mt_synchronize");
    }

    static void bufferCreate(MemorySegment engine, long bytes, MemorySegment buffer) {
        int status;
        try {
            status = (int) BUFFER_CREATE.invokeExact(engine, bytes, buffer);
        } catch (Throwable unexpected) {
            throw thrown("mt_buffer_create", unexpected);
        }
        check(engine, status, "mt_buffer_create");
    }

    static void bufferWrap(MemorySegment engine, MemorySegment memory, long bytes, MemorySegment buffer) {
        int status;
        try {
            status = (int) BUFFER_WRAP.invokeExact(engine, memory, bytes, buffer);
        } catch (Throwable unexpected) {
            throw thrown("mt_buffer_wrap", unexpected);
        }
        check(engine, status, "mt_buffer_wrap");
    }

    static void bufferDestroy(MemorySegment engine, MemorySegment buffer) {
        int status;
        try {
            status = (int) BUFFER_DESTROY.invokeExact(engine, buffer);
        } catch (Throwable unexpected) {
            throw thrown("mt_buffer_destroy", unexpected);
        }
        check(engine, status, "mt_buffer_destroy");
    }

    static void memory(MemorySegment engine, MemorySegment live, MemorySegment pooled) {
        int status;
        try {
            status = (int) MEMORY.invokeExact(engine, live, pooled);
        } catch (Throwable unexpected) {
            throw thrown("mt_memory", unexpected);
        }
        check(engine, status, "mt_memory");
    }

    static void trim(MemorySegment engine) {
        int status;
        try {
            status = (int) TRIM.invokeExact(engine);
        } catch (Throwable unexpected) {
            throw thrown("mt_trim", unexpected);
        }
        check(engine, status, "mt_trim");
    }

    static void forgetPages(MemorySegment engine, MemorySegment memory, long bytes) {
        int status;
        try {
            status = (int) FORGET_PAGES.invokeExact(engine, memory, bytes);
        } catch (Throwable unexpected) {
            throw thrown("mt_forget_pages", unexpected);
        }
        check(engine, status, "mt_forget_pages");
    }

    static void copy(MemorySegment engine, MemorySegment in, MemorySegment out) {
        int status;
        try {
            status = (int) COPY.invokeExact(engine, in, out);
        } catch (Throwable unexpected) {
            throw thrown("mt_copy", unexpected);
        }
        check(engine, status, "mt_copy");
    }

    static void cast(MemorySegment engine, MemorySegment in, MemorySegment out) {
        int status;
        try {
            status = (int) CAST.invokeExact(engine, in, out);
        } catch (Throwable unexpected) {
            throw thrown("mt_cast", unexpected);
        }
        check(engine, status, "mt_cast");
    }

    static void gather(MemorySegment engine, MemorySegment table, MemorySegment indices, MemorySegment out) {
        int status;
        try {
            status = (int) GATHER.invokeExact(engine, table, indices, out);
        } catch (Throwable unexpected) {
            throw thrown("mt_gather", unexpected);
        }
        check(engine, status, "mt_gather");
    }

    static void fill(MemorySegment engine, double value, MemorySegment out) {
        int status;
        try {
            status = (int) FILL.invokeExact(engine, value, out);
        } catch (Throwable unexpected) {
            throw thrown("mt_fill", unexpected);
        }
        check(engine, status, "mt_fill");
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
            throw thrown("mt_scatter_add", unexpected);
        }
        check(engine, status, "mt_scatter_add");
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
            throw thrown("mt_where", unexpected);
        }
        check(engine, status, "mt_where");
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
            throw thrown("mt_layer_norm", unexpected);
        }
        check(engine, status, "mt_layer_norm");
    }

    static void topK(MemorySegment engine, MemorySegment in, MemorySegment out) {
        int status;
        try {
            status = (int) TOP_K.invokeExact(engine, in, out);
        } catch (Throwable unexpected) {
            throw thrown("mt_top_k", unexpected);
        }
        check(engine, status, "mt_top_k");
    }

    static void unary(MemorySegment engine, int kind, MemorySegment in, MemorySegment out) {
        int status;
        try {
            status = (int) UNARY.invokeExact(engine, kind, in, out);
        } catch (Throwable unexpected) {
            throw thrown("mt_unary", unexpected);
        }
        check(engine, status, "mt_unary");
    }

    static void binary(MemorySegment engine, int kind, MemorySegment left, MemorySegment right, MemorySegment out) {
        int status;
        try {
            status = (int) BINARY.invokeExact(engine, kind, left, right, out);
        } catch (Throwable unexpected) {
            throw thrown("mt_binary", unexpected);
        }
        check(engine, status, "mt_binary");
    }

    static void gatedActivation(
            MemorySegment engine, int kind, MemorySegment gate, MemorySegment up, MemorySegment out) {
        int status;
        try {
            status = (int) GATED_ACTIVATION.invokeExact(engine, kind, gate, up, out);
        } catch (Throwable unexpected) {
            throw thrown("mt_gated_activation", unexpected);
        }
        check(engine, status, "mt_gated_activation");
    }

    static void reduce(MemorySegment engine, int kind, MemorySegment in, MemorySegment out) {
        int status;
        try {
            status = (int) REDUCE.invokeExact(engine, kind, in, out);
        } catch (Throwable unexpected) {
            throw thrown("mt_reduce", unexpected);
        }
        check(engine, status, "mt_reduce");
    }

    static void softmax(MemorySegment engine, MemorySegment in, MemorySegment out) {
        int status;
        try {
            status = (int) SOFTMAX.invokeExact(engine, in, out);
        } catch (Throwable unexpected) {
            throw thrown("mt_softmax", unexpected);
        }
        check(engine, status, "mt_softmax");
    }

    static void rmsNorm(MemorySegment engine, float epsilon, MemorySegment in, MemorySegment gain, MemorySegment out) {
        int status;
        try {
            status = (int) RMS_NORM.invokeExact(engine, epsilon, in, gain, out);
        } catch (Throwable unexpected) {
            throw thrown("mt_rms_norm", unexpected);
        }
        check(engine, status, "mt_rms_norm");
    }

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
            throw thrown("mt_rotary", unexpected);
        }
        check(engine, status, "mt_rotary");
    }

    static void packedBytes(MemorySegment engine, int type, long n, long k, MemorySegment bytes) {
        int status;
        try {
            status = (int) PACKED_BYTES.invokeExact(engine, type, n, k, bytes);
        } catch (Throwable unexpected) {
            throw thrown("mt_packed_bytes", unexpected);
        }
        check(engine, status, "mt_packed_bytes");
    }

    static void pack(MemorySegment engine, MemorySegment weight, MemorySegment packed) {
        int status;
        try {
            status = (int) PACK.invokeExact(engine, weight, packed);
        } catch (Throwable unexpected) {
            throw thrown("mt_pack", unexpected);
        }
        check(engine, status, "mt_pack");
    }

    static void unpackTransposed(MemorySegment engine, MemorySegment packed, MemorySegment out) {
        int status;
        try {
            status = (int) UNPACK_TRANSPOSED.invokeExact(engine, packed, out);
        } catch (Throwable unexpected) {
            throw thrown("mt_unpack_transposed", unexpected);
        }
        check(engine, status, "mt_unpack_transposed");
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
            throw thrown("mt_matmul", unexpected);
        }
        check(engine, status, "mt_matmul");
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
            throw thrown("mt_attention", unexpected);
        }
        check(engine, status, "mt_attention");
    }

    /** From native memory, or from a Java array, which holds off the garbage collector: few bytes at a time. */
    static void upload(MemorySegment engine, MemorySegment source, MemorySegment target, long firstByte, long bytes) {
        int status;
        try {
            status = source.isNative()
                    ? (int) UPLOAD.invokeExact(engine, source, target, firstByte, bytes)
                    : (int) UPLOAD_HEAP.invokeExact(engine, source, target, firstByte, bytes);
        } catch (Throwable unexpected) {
            throw thrown("mt_upload", unexpected);
        }
        check(engine, status, "mt_upload");
    }

    /** To native memory, or to a Java array, which holds off the garbage collector: few bytes at a time. */
    static void download(MemorySegment engine, MemorySegment source, long firstByte, long bytes, MemorySegment target) {
        int status;
        try {
            status = target.isNative()
                    ? (int) DOWNLOAD.invokeExact(engine, source, firstByte, bytes, target)
                    : (int) DOWNLOAD_HEAP.invokeExact(engine, source, firstByte, bytes, target);
        } catch (Throwable unexpected) {
            throw thrown("mt_download", unexpected);
        }
        check(engine, status, "mt_download");
    }

    static int abiVersion() {
        try {
            return (int) ABI_VERSION.invokeExact();
        } catch (Throwable unexpected) {
            throw thrown("mt_abi_version", unexpected);
        }
    }

    static String activeIsa() {
        try {
            return text((MemorySegment) ACTIVE_ISA.invokeExact());
        } catch (Throwable unexpected) {
            throw thrown("mt_active_isa", unexpected);
        }
    }

    static String describe(MemorySegment engine) {
        try {
            return text((MemorySegment) DESCRIBE.invokeExact(engine));
        } catch (Throwable unexpected) {
            throw thrown("mt_describe", unexpected);
        }
    }

    static String lastError(MemorySegment engine) {
        try {
            return text((MemorySegment) LAST_ERROR.invokeExact(engine));
        } catch (Throwable unexpected) {
            throw thrown("mt_last_error", unexpected);
        }
    }

    private static MethodHandle link(String function, Linker.Option... options) {
        return NativeLibrary.instance().link(function, options);
    }

    @SuppressWarnings("restricted")
    private static String text(MemorySegment terminated) {
        return terminated.reinterpret(Long.MAX_VALUE).getString(0);
    }

    /** A status other than OK becomes an exception with the engine's text, without the name of the C function. */
    private static void check(MemorySegment engine, int status, String function) {
        if (status != OK) {
            var text = lastError(engine);
            var prefix = function + ": ";
            throw new BackendException(text.startsWith(prefix) ? text.substring(prefix.length()) : text);
        }
    }

    /** What a call itself throws: a closed arena or a thread that may not see it is passed on, anything else is a fault. */
    private static RuntimeException thrown(String function, Throwable unexpected) {
        if (unexpected instanceof IllegalStateException || unexpected instanceof WrongThreadException) {
            return new BackendException(function + ": " + unexpected.getMessage(), unexpected);
        }
        throw new AssertionError(function + " must not throw into Java", unexpected);
    }
}
