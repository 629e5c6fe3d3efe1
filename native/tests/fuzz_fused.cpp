// Calls of the fused functions: parts of attention, gradients, and those of probes.
#include "fuzzer.h"

mt_status Fuzzer::attention_parts() {
    mt_tensor a, b, c;
    const int64_t sequences = random_.below(3), queries = random_.below(20), keys = queries + random_.below(9);
    const int64_t kv = random_.below(3), heads = kv * random_.below(4), width = random_.below(20);
    const mt_dtype type = half() ? MT_F32 : MT_BF16;
    const mt_tensor* pattern = tensor(a, {sequences, heads, queries, keys}, MT_F32);
    const int32_t key_heads = often() ? int32_t(kv) : small_number();
    if (half()) {
        const mt_tensor* value = tensor(b, {sequences, keys, kv * width}, type);
        return ask("mt_attention_mix", mt_attention_mix, key_heads, pattern, value,
                   tensor(c, {sequences, queries, heads * width}, type));
    }
    const mt_tensor *query = tensor(b, {sequences, queries, heads * width}, type),
                    *key = tensor(c, {sequences, keys, kv * width}, type);
    return ask("mt_attention_pattern", mt_attention_pattern, often() ? int32_t(heads) : small_number(), key_heads,
               number(), half(), query, key, pattern);
}

mt_status Fuzzer::gradients() {
    mt_tensor a, b, c, d;
    Shape shape = any_shape();
    if (shape.empty()) shape = {3};
    Shape batch = shape, pair = shape, one = shape;
    if (half()) batch.insert(batch.begin(), random_.below(4));
    pair = batch;
    pair.insert(pair.begin(), 2);
    one.pop_back();
    Shape of_rows = batch;
    of_rows.pop_back();
    const mt_tensor* x = tensor(a, shape, MT_F32);
    switch (random_.below(5)) {
        case 0: {
            const mt_tensor* upstream = tensor(b, batch, MT_F32);
            return ask("mt_softmax_gradient", mt_softmax_gradient, x, upstream, tensor(c, batch, MT_F32));
        }
        case 1: {
            const mt_tensor *gain = tensor(b, {shape.back()}, MT_F32), *upstream = tensor(c, batch, MT_F32);
            return ask("mt_rms_norm_gradient", mt_rms_norm_gradient, number(), x, gain, upstream,
                       tensor(d, batch, MT_F32));
        }
        case 2: {
            const mt_tensor *gain = tensor(b, {shape.back()}, MT_F32), *upstream = tensor(c, batch, MT_F32);
            return ask("mt_layer_norm_gradient", mt_layer_norm_gradient, number(), x, gain, upstream,
                       tensor(d, batch, MT_F32));
        }
        case 3: {
            const mt_tensor *up = tensor(b, shape, MT_F32), *upstream = tensor(c, batch, MT_F32);
            return ask("mt_gated_activation_gradient", mt_gated_activation_gradient, small_number() % 4, x, up,
                       upstream, tensor(d, pair, MT_F32));
        }
        default: {
            const mt_tensor *targets = tensor(b, one, MT_I32), *upstream = tensor(c, of_rows, MT_F32);
            return ask("mt_cross_entropy_gradient", mt_cross_entropy_gradient, x, targets, upstream,
                       tensor(d, batch, MT_F32));
        }
    }
}

mt_status Fuzzer::attention_gradient() {
    mt_tensor a, b, c, d, e, f, g;
    const int64_t sequences = random_.below(3), queries = random_.below(20), keys = queries + random_.below(9);
    const int64_t kv = random_.below(3), heads = kv * random_.below(4), width = random_.below(20);
    const int64_t gradients = random_.below(3);
    const Shape asked = {sequences, queries, heads * width}, heard = {sequences, keys, kv * width};
    const mt_tensor *q = tensor(a, asked, MT_F32), *k = tensor(b, heard, MT_F32), *v = tensor(c, heard, MT_F32);
    const Shape of_asked = {gradients, sequences, queries, heads * width},
                of_heard = {gradients, sequences, keys, kv * width};
    const mt_tensor *upstream = tensor(d, of_asked, MT_F32), *of_q = tensor(e, of_asked, MT_F32);
    const mt_tensor *of_k = tensor(f, of_heard, MT_F32), *of_v = tensor(g, of_heard, MT_F32);
    return ask("mt_attention_gradient", mt_attention_gradient, often() ? int32_t(heads) : small_number(),
               often() ? int32_t(kv) : small_number(), number(), half(), q, k, v, upstream, of_q, of_k, of_v);
}

mt_status Fuzzer::domain() {
    mt_tensor a, b, c, d, e;
    const mt_dtype type = half() ? MT_F32 : MT_BF16;
    const int64_t rows = random_.below(9), width = random_.below(40), columns = random_.below(70);
    const mt_tensor* x = tensor(a, {rows, width}, type);
    switch (random_.below(5)) {
        case 0: {
            const Shape square = {width + 1, width + 1};
            const mt_tensor* state = tensor(b, square, MT_F64);
            return ask("mt_moments", mt_moments, state, x, half() ? state : tensor(c, square, MT_F64));
        }
        case 1: {
            const mt_tensor* right = tensor(b, {columns, width}, half() ? type : any_type());
            return ask("mt_cosine", mt_cosine, x, right, tensor(c, {rows, columns}, MT_F32));
        }
        case 2: {
            const Shape kept = {2, width, random_.below(9)};
            const mt_tensor* state = tensor(b, kept, MT_F64);
            return ask("mt_top_examples", mt_top_examples, often() ? small_number() : stride(), state, x,
                       half() ? state : tensor(c, kept, MT_F64));
        }
        case 3: {
            const mt_tensor* w = tensor(b, {columns, width}, MT_F32);
            return ask("mt_ica_step", mt_ica_step, small_number() % 4, number(), x, w,
                       tensor(c, {columns, width + 1}, MT_F32));
        }
        default: {
            const mt_tensor* weight = tensor(b, {columns, width}, half() ? MT_F32 : MT_BF16);
            if (half() && often()) b.layout = MT_PACKED, b.offset = 0;
            const mt_tensor *bias = tensor(c, {columns}, MT_F32),
                            *threshold = half() ? nullptr : tensor(d, {columns}, MT_F32);
            const mt_tensor* out = tensor(e, {2, rows, random_.below(9)}, MT_F32);
            return ask("mt_sparse_encode", mt_sparse_encode, small_number() % 3, x, weight, bias, threshold, out);
        }
    }
}
