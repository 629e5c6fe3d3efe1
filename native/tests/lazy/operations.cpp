// The functions that compute: put off, then done in order.
#include "lazy.h"

using lazy::later;

mt_status mt_arithmetic_peak(mt_engine* engine, mt_dtype dtype, int64_t rounds, int64_t* operations) {
    return later("mt_arithmetic_peak", &mt_arithmetic_peak, engine, dtype, rounds, operations);
}

mt_status mt_limit_pool(mt_engine* engine, int64_t bytes) {
    return later("mt_limit_pool", &mt_limit_pool, engine, bytes);
}

mt_status mt_copy(mt_engine* engine, const mt_tensor* in, const mt_tensor* out) {
    return later("mt_copy", &mt_copy, engine, in, out);
}

mt_status mt_cast(mt_engine* engine, const mt_tensor* in, const mt_tensor* out) {
    return later("mt_cast", &mt_cast, engine, in, out);
}

mt_status mt_gather(mt_engine* engine, const mt_tensor* table, const mt_tensor* indices, const mt_tensor* out) {
    return later("mt_gather", &mt_gather, engine, table, indices, out);
}

mt_status mt_fill(mt_engine* engine, double value, const mt_tensor* out) {
    return later("mt_fill", &mt_fill, engine, value, out);
}

mt_status mt_scatter_add(mt_engine* engine, const mt_tensor* table, const mt_tensor* indices, const mt_tensor* updates,
                         const mt_tensor* out) {
    return later("mt_scatter_add", &mt_scatter_add, engine, table, indices, updates, out);
}

mt_status mt_unary(mt_engine* engine, mt_unary_kind kind, const mt_tensor* in, const mt_tensor* out) {
    return later("mt_unary", &mt_unary, engine, kind, in, out);
}

mt_status mt_binary(mt_engine* engine, mt_binary_kind kind, const mt_tensor* left, const mt_tensor* right,
                    const mt_tensor* out) {
    return later("mt_binary", &mt_binary, engine, kind, left, right, out);
}

mt_status mt_gated_activation(mt_engine* engine, mt_activation_kind kind, const mt_tensor* gate, const mt_tensor* up,
                              const mt_tensor* out) {
    return later("mt_gated_activation", &mt_gated_activation, engine, kind, gate, up, out);
}

mt_status mt_where(mt_engine* engine, const mt_tensor* condition, const mt_tensor* first, const mt_tensor* second,
                   const mt_tensor* out) {
    return later("mt_where", &mt_where, engine, condition, first, second, out);
}

mt_status mt_reduce(mt_engine* engine, mt_reduce_kind kind, const mt_tensor* in, const mt_tensor* out) {
    return later("mt_reduce", &mt_reduce, engine, kind, in, out);
}

mt_status mt_softmax(mt_engine* engine, const mt_tensor* in, const mt_tensor* out) {
    return later("mt_softmax", &mt_softmax, engine, in, out);
}

mt_status mt_rms_norm(mt_engine* engine, float epsilon, const mt_tensor* in, const mt_tensor* gain,
                      const mt_tensor* out) {
    return later("mt_rms_norm", &mt_rms_norm, engine, epsilon, in, gain, out);
}

mt_status mt_layer_norm(mt_engine* engine, float epsilon, const mt_tensor* in, const mt_tensor* gain,
                        const mt_tensor* bias, const mt_tensor* out) {
    return later("mt_layer_norm", &mt_layer_norm, engine, epsilon, in, gain, bias, out);
}

mt_status mt_top_k(mt_engine* engine, const mt_tensor* in, const mt_tensor* out) {
    return later("mt_top_k", &mt_top_k, engine, in, out);
}

mt_status mt_rotary(mt_engine* engine, int32_t heads, const mt_tensor* in, const mt_tensor* cosine,
                    const mt_tensor* sine, const mt_tensor* out) {
    return later("mt_rotary", &mt_rotary, engine, heads, in, cosine, sine, out);
}

mt_status mt_attention(mt_engine* engine, int32_t heads, int32_t key_value_heads, float scale, int32_t causal,
                       const mt_tensor* query, const mt_tensor* key, const mt_tensor* value, const mt_tensor* pattern,
                       const mt_tensor* out) {
    return later("mt_attention", &mt_attention, engine, heads, key_value_heads, scale, causal, query, key, value,
                 pattern, out);
}

mt_status mt_attention_pattern(mt_engine* engine, int32_t heads, int32_t key_value_heads, float scale, int32_t causal,
                               const mt_tensor* query, const mt_tensor* key, const mt_tensor* pattern) {
    return later("mt_attention_pattern", &mt_attention_pattern, engine, heads, key_value_heads, scale, causal, query,
                 key, pattern);
}

mt_status mt_attention_mix(mt_engine* engine, int32_t key_value_heads, const mt_tensor* pattern, const mt_tensor* value,
                           const mt_tensor* out) {
    return later("mt_attention_mix", &mt_attention_mix, engine, key_value_heads, pattern, value, out);
}

mt_status mt_pack(mt_engine* engine, const mt_tensor* weight, const mt_tensor* packed) {
    return later("mt_pack", &mt_pack, engine, weight, packed);
}

mt_status mt_unpack_transposed(mt_engine* engine, const mt_tensor* packed, const mt_tensor* out) {
    return later("mt_unpack_transposed", &mt_unpack_transposed, engine, packed, out);
}

mt_status mt_matmul(mt_engine* engine, int32_t transpose_right, const mt_tensor* left, const mt_tensor* right,
                    const mt_tensor* addend, const mt_tensor* out) {
    return later("mt_matmul", &mt_matmul, engine, transpose_right, left, right, addend, out);
}

mt_status mt_softmax_gradient(mt_engine* engine, const mt_tensor* softmax, const mt_tensor* upstream,
                              const mt_tensor* out) {
    return later("mt_softmax_gradient", &mt_softmax_gradient, engine, softmax, upstream, out);
}

mt_status mt_rms_norm_gradient(mt_engine* engine, float epsilon, const mt_tensor* in, const mt_tensor* gain,
                               const mt_tensor* upstream, const mt_tensor* out) {
    return later("mt_rms_norm_gradient", &mt_rms_norm_gradient, engine, epsilon, in, gain, upstream, out);
}

mt_status mt_layer_norm_gradient(mt_engine* engine, float epsilon, const mt_tensor* in, const mt_tensor* gain,
                                 const mt_tensor* upstream, const mt_tensor* out) {
    return later("mt_layer_norm_gradient", &mt_layer_norm_gradient, engine, epsilon, in, gain, upstream, out);
}

mt_status mt_gated_activation_gradient(mt_engine* engine, mt_activation_kind kind, const mt_tensor* gate,
                                       const mt_tensor* up, const mt_tensor* upstream, const mt_tensor* out) {
    return later("mt_gated_activation_gradient", &mt_gated_activation_gradient, engine, kind, gate, up, upstream, out);
}

mt_status mt_cross_entropy_gradient(mt_engine* engine, const mt_tensor* logits, const mt_tensor* targets,
                                    const mt_tensor* upstream, const mt_tensor* out) {
    return later("mt_cross_entropy_gradient", &mt_cross_entropy_gradient, engine, logits, targets, upstream, out);
}

mt_status mt_attention_gradient(mt_engine* engine, int32_t heads, int32_t key_value_heads, float scale, int32_t causal,
                                const mt_tensor* query, const mt_tensor* key, const mt_tensor* value,
                                const mt_tensor* upstream, const mt_tensor* of_query, const mt_tensor* of_key,
                                const mt_tensor* of_value) {
    return later("mt_attention_gradient", &mt_attention_gradient, engine, heads, key_value_heads, scale, causal, query,
                 key, value, upstream, of_query, of_key, of_value);
}

mt_status mt_sparse_encode(mt_engine* engine, mt_choice_kind kind, const mt_tensor* x, const mt_tensor* weight,
                           const mt_tensor* bias, const mt_tensor* threshold, const mt_tensor* out) {
    return later("mt_sparse_encode", &mt_sparse_encode, engine, kind, x, weight, bias, threshold, out);
}

mt_status mt_ica_step(mt_engine* engine, mt_contrast_kind kind, float alpha, const mt_tensor* z, const mt_tensor* w,
                      const mt_tensor* out) {
    return later("mt_ica_step", &mt_ica_step, engine, kind, alpha, z, w, out);
}

mt_status mt_moments(mt_engine* engine, const mt_tensor* state, const mt_tensor* rows, const mt_tensor* out) {
    return later("mt_moments", &mt_moments, engine, state, rows, out);
}

mt_status mt_cosine(mt_engine* engine, const mt_tensor* x, const mt_tensor* y, const mt_tensor* out) {
    return later("mt_cosine", &mt_cosine, engine, x, y, out);
}

mt_status mt_top_examples(mt_engine* engine, int64_t first, const mt_tensor* state, const mt_tensor* activations,
                          const mt_tensor* out) {
    return later("mt_top_examples", &mt_top_examples, engine, first, state, activations, out);
}
