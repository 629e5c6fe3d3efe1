package microtome.tensor.foreign;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_DOUBLE;
import static java.lang.foreign.ValueLayout.JAVA_FLOAT;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.MemoryLayout;
import java.util.Map;
import java.util.TreeMap;

/** What every C function takes and gives, as in the header; a test compares the two. */
final class Signatures {
    static final int ABI_VERSION = 3;

    private static final Map<String, FunctionDescriptor> ALL = new TreeMap<>();

    static {
        status("mt_engine_create", JAVA_INT, ADDRESS);
        status("mt_engine_destroy", ADDRESS);
        ALL.put("mt_last_error", FunctionDescriptor.of(ADDRESS, ADDRESS));
        status("mt_synchronize", ADDRESS);
        status("mt_interrupt", ADDRESS);
        ALL.put("mt_abi_version", FunctionDescriptor.of(JAVA_INT));
        ALL.put("mt_active_isa", FunctionDescriptor.of(ADDRESS));
        ALL.put("mt_describe", FunctionDescriptor.of(ADDRESS, ADDRESS));
        status("mt_arithmetic_peak", ADDRESS, JAVA_INT, JAVA_LONG, ADDRESS);
        status("mt_buffer_create", ADDRESS, JAVA_LONG, ADDRESS);
        status("mt_buffer_wrap", ADDRESS, ADDRESS, JAVA_LONG, ADDRESS);
        status("mt_buffer_destroy", ADDRESS, ADDRESS);
        status("mt_upload", ADDRESS, ADDRESS, ADDRESS, JAVA_LONG, JAVA_LONG);
        status("mt_download", ADDRESS, ADDRESS, JAVA_LONG, JAVA_LONG, ADDRESS);
        status("mt_memory", ADDRESS, ADDRESS, ADDRESS);
        status("mt_limit_pool", ADDRESS, JAVA_LONG);
        status("mt_trim", ADDRESS);
        status("mt_forget_pages", ADDRESS, ADDRESS, JAVA_LONG);
        status("mt_copy", ADDRESS, ADDRESS, ADDRESS);
        status("mt_cast", ADDRESS, ADDRESS, ADDRESS);
        status("mt_gather", ADDRESS, ADDRESS, ADDRESS, ADDRESS);
        status("mt_fill", ADDRESS, JAVA_DOUBLE, ADDRESS);
        status("mt_scatter_add", ADDRESS, ADDRESS, ADDRESS, ADDRESS, ADDRESS);
        status("mt_where", ADDRESS, ADDRESS, ADDRESS, ADDRESS, ADDRESS);
        status("mt_layer_norm", ADDRESS, JAVA_FLOAT, ADDRESS, ADDRESS, ADDRESS, ADDRESS);
        status("mt_top_k", ADDRESS, ADDRESS, ADDRESS);
        status("mt_unary", ADDRESS, JAVA_INT, ADDRESS, ADDRESS);
        status("mt_binary", ADDRESS, JAVA_INT, ADDRESS, ADDRESS, ADDRESS);
        status("mt_gated_activation", ADDRESS, JAVA_INT, ADDRESS, ADDRESS, ADDRESS);
        status("mt_reduce", ADDRESS, JAVA_INT, ADDRESS, ADDRESS);
        status("mt_softmax", ADDRESS, ADDRESS, ADDRESS);
        status("mt_rms_norm", ADDRESS, JAVA_FLOAT, ADDRESS, ADDRESS, ADDRESS);
        status("mt_rotary", ADDRESS, JAVA_INT, ADDRESS, ADDRESS, ADDRESS, ADDRESS);
        status(
                "mt_attention",
                ADDRESS,
                JAVA_INT,
                JAVA_INT,
                JAVA_FLOAT,
                JAVA_INT,
                ADDRESS,
                ADDRESS,
                ADDRESS,
                ADDRESS,
                ADDRESS);
        status("mt_softmax_gradient", ADDRESS, ADDRESS, ADDRESS, ADDRESS);
        status("mt_rms_norm_gradient", ADDRESS, JAVA_FLOAT, ADDRESS, ADDRESS, ADDRESS, ADDRESS);
        status("mt_layer_norm_gradient", ADDRESS, JAVA_FLOAT, ADDRESS, ADDRESS, ADDRESS, ADDRESS);
        status("mt_gated_activation_gradient", ADDRESS, JAVA_INT, ADDRESS, ADDRESS, ADDRESS, ADDRESS);
        status("mt_cross_entropy_gradient", ADDRESS, ADDRESS, ADDRESS, ADDRESS, ADDRESS);
        status(
                "mt_attention_gradient",
                ADDRESS,
                JAVA_INT,
                JAVA_INT,
                JAVA_FLOAT,
                JAVA_INT,
                ADDRESS,
                ADDRESS,
                ADDRESS,
                ADDRESS,
                ADDRESS,
                ADDRESS,
                ADDRESS);
        status("mt_attention_pattern", ADDRESS, JAVA_INT, JAVA_INT, JAVA_FLOAT, JAVA_INT, ADDRESS, ADDRESS, ADDRESS);
        status("mt_attention_mix", ADDRESS, JAVA_INT, ADDRESS, ADDRESS, ADDRESS);
        status("mt_packed_bytes", ADDRESS, JAVA_INT, JAVA_LONG, JAVA_LONG, ADDRESS);
        status("mt_pack", ADDRESS, ADDRESS, ADDRESS);
        status("mt_unpack_transposed", ADDRESS, ADDRESS, ADDRESS);
        status("mt_matmul", ADDRESS, JAVA_INT, ADDRESS, ADDRESS, ADDRESS, ADDRESS);
        status("mt_ica_step", ADDRESS, JAVA_INT, JAVA_FLOAT, ADDRESS, ADDRESS, ADDRESS);
        status("mt_moments", ADDRESS, ADDRESS, ADDRESS, ADDRESS);
        status("mt_cosine", ADDRESS, ADDRESS, ADDRESS, ADDRESS);
        status("mt_top_examples", ADDRESS, JAVA_LONG, ADDRESS, ADDRESS, ADDRESS);
        status("mt_sparse_encode", ADDRESS, JAVA_INT, ADDRESS, ADDRESS, ADDRESS, ADDRESS, ADDRESS);
    }

    private Signatures() {}

    private static void status(String name, MemoryLayout... parameters) {
        ALL.put(name, FunctionDescriptor.of(JAVA_INT, parameters));
    }

    static FunctionDescriptor of(String name) {
        return ALL.get(name);
    }

    static Map<String, FunctionDescriptor> all() {
        return Map.copyOf(ALL);
    }
}
