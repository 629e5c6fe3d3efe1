// A hundred thousand calls of all functions with arguments that are mostly wrong: each must give a status and, when it
// refuses, a text that begins with the function's name; none may write outside its buffers (the sanitized build sees to
// that). Takes the number of calls and a seed.
#include <cstdio>
#include <cstdlib>

#include "fuzzer.h"

mt_status Fuzzer::movement() {
    mt_tensor a, b, c;
    const Shape shape = any_shape();
    const mt_dtype type = any_type();
    switch (random_.below(4)) {
        case 0: {
            const mt_tensor* in = tensor(a, shape, type);
            return ask("mt_copy", mt_copy, in, tensor(b, shape, type));
        }
        case 1: {
            const mt_tensor* in = tensor(a, shape, type);
            return ask("mt_cast", mt_cast, in, tensor(b, shape, half() ? MT_F32 : any_type()));
        }
        case 2: {
            const int64_t width = 256 * random_.below(3);
            Shape result = shape;
            result.push_back(width);
            const mt_tensor* table = tensor(a, {random_.below(20), width}, type);
            const mt_tensor* indices = tensor(b, shape, MT_I32);
            return ask("mt_gather", mt_gather, table, indices, tensor(c, result, type >= MT_Q4_0 ? MT_F32 : type));
        }
        default:
            return ask("mt_fill", mt_fill,
                       half()    ? double(small_number())
                       : often() ? random_.uniform(-2, 2)
                                 : double(number()),
                       tensor(a, shape, type));
    }
}

mt_status Fuzzer::arithmetic() {
    mt_tensor a, b, c;
    const Shape shape = any_shape();
    const mt_dtype type = computed_type();
    const mt_tensor *x = tensor(a, shape, type), *y = tensor(b, shape, type), *z = tensor(c, shape, type);
    switch (random_.below(3)) {
        case 0:
            return ask("mt_unary", mt_unary, small_number(), x, half() ? x : y);
        case 1:
            return ask("mt_binary", mt_binary, small_number(), x, y, half() ? x : z);
        default:
            return ask("mt_gated_activation", mt_gated_activation, small_number() % 4, x, y, z);
    }
}

mt_status Fuzzer::rows() {
    mt_tensor a, b, c, d;
    Shape shape = any_shape();
    if (shape.empty()) shape = {3};
    const mt_dtype type = computed_type();
    switch (random_.below(4)) {
        case 0: {
            Shape result = shape;
            result.back() = 1;
            const mt_tensor* in = tensor(a, shape, type);
            return ask("mt_reduce", mt_reduce, small_number() % 4, in, tensor(b, result, type));
        }
        case 1: {
            const mt_tensor* in = tensor(a, shape, type);
            return ask("mt_softmax", mt_softmax, in, half() ? in : tensor(b, shape, type));
        }
        case 2: {
            const mt_tensor *in = tensor(a, shape, type), *gain = tensor(b, {shape.back()}, MT_F32);
            return ask("mt_rms_norm", mt_rms_norm, number(), in, gain, tensor(c, shape, half() ? MT_F32 : MT_BF16));
        }
        default: {
            const int64_t heads = random_.below(4), positions = random_.below(9), half_width = random_.below(5);
            const Shape states = {2, positions, heads * half_width * 2};
            const mt_tensor *in = tensor(a, states, type), *cosine = tensor(b, {positions, half_width}, MT_F32);
            const mt_tensor* sine = tensor(c, {positions, half_width}, MT_F32);
            return ask("mt_rotary", mt_rotary, often() ? int32_t(heads) : small_number(), in, cosine, sine,
                       half() ? in : tensor(d, states, type));
        }
    }
}

mt_status Fuzzer::choices() {
    mt_tensor a, b, c, d;
    Shape shape = any_shape();
    const mt_dtype type = any_type();
    switch (random_.below(4)) {
        case 0: {
            const mt_tensor *condition = tensor(a, shape, any_type()), *x = tensor(b, shape, type);
            const mt_tensor* y = tensor(c, shape, type);
            return ask("mt_where", mt_where, condition, x, y, half() ? x : tensor(d, shape, type));
        }
        case 1: {
            const int64_t width = random_.below(40), rows = random_.below(20);
            Shape added = shape;
            added.push_back(width);
            const mt_dtype kind = half() ? MT_F32 : MT_I32;
            const mt_tensor *table = tensor(a, {rows, width}, kind), *indices = tensor(b, shape, MT_I32);
            const mt_tensor* updates = tensor(c, added, kind);
            return ask("mt_scatter_add", mt_scatter_add, table, indices, updates, tensor(d, {rows, width}, kind));
        }
        case 2: {
            if (shape.empty()) shape = {3};
            Shape result = shape;
            result.back() = random_.below(9);
            const mt_tensor* in = tensor(a, shape, MT_F32);
            return ask("mt_top_k", mt_top_k, in, tensor(b, result, MT_I32));
        }
        default: {
            if (shape.empty()) shape = {3};
            const mt_tensor *in = tensor(a, shape, half() ? MT_F32 : MT_BF16),
                            *gain = tensor(b, {shape.back()}, MT_F32);
            const mt_tensor* bias = tensor(c, {shape.back()}, MT_F32);
            return ask("mt_layer_norm", mt_layer_norm, number(), in, gain, bias,
                       tensor(d, shape, half() ? MT_F32 : MT_BF16));
        }
    }
}

mt_status Fuzzer::attention() {
    mt_tensor a, b, c, d, e;
    const int64_t sequences = random_.below(3), queries = random_.below(20), keys = queries + random_.below(9);
    const int64_t kv = random_.below(3), heads = kv * random_.below(4), width = random_.below(20);
    const mt_dtype type = half() ? MT_F32 : MT_BF16;
    const mt_tensor *q = tensor(a, {sequences, queries, heads * width}, type),
                    *k = tensor(b, {sequences, keys, kv * width}, type);
    const mt_tensor *v = tensor(c, {sequences, keys, kv * width}, type),
                    *out = tensor(d, {sequences, queries, heads * width}, type);
    const mt_tensor* pattern = half() ? nullptr : tensor(e, {sequences, heads, queries, keys}, MT_F32);
    return ask("mt_attention", mt_attention, often() ? int32_t(heads) : small_number(),
               often() ? int32_t(kv) : small_number(), number(), half(), q, k, v, pattern, out);
}

mt_status Fuzzer::product() {
    mt_tensor a, b, c, d;
    const int64_t m = random_.below(20), n = random_.below(70), k = random_.below(40), batch = random_.below(3);
    const mt_dtype type = half() ? MT_F32 : MT_BF16, out_type = half() ? MT_F32 : MT_BF16;
    const bool transposed = half(), shared = half(), packed = half();
    if (random_.below(4) == 0) {
        const mt_tensor* weight = tensor(a, {n, k}, any_type());
        tensor(b, {n, k}, type);
        if (often()) b.layout = MT_PACKED, b.offset = 0;
        int64_t bytes = 0;
        if (half())
            return ask("mt_packed_bytes", mt_packed_bytes, any_type(), extent(), extent(), often() ? &bytes : nullptr);
        if (half()) return ask("mt_unpack_transposed", mt_unpack_transposed, &b, tensor(c, {k, n}, type));
        return ask("mt_pack", mt_pack, weight, &b);
    }
    if (random_.below(4) == 0) {
        const int64_t depth = half() ? k : 256 * random_.below(3);
        const mt_tensor *stored_rows = tensor(a, {m, depth}, type), *weight = tensor(b, {n, depth}, any_type());
        const mt_tensor* added = half() ? nullptr : tensor(c, half() ? Shape{n} : Shape{m, n}, out_type);
        return ask("mt_matmul", mt_matmul, often(), stored_rows, weight, added, tensor(d, {m, n}, out_type));
    }
    const mt_tensor *left = tensor(a, {batch, m, k}, type), *out = tensor(d, {batch, m, n}, out_type);
    const Shape matrix = transposed || packed ? Shape{n, k} : Shape{k, n};
    tensor(b, shared || packed ? matrix : Shape{batch, matrix[0], matrix[1]}, type);
    if (packed && often()) b.layout = MT_PACKED, b.offset = 0;
    const mt_tensor* addend = half() ? nullptr : tensor(c, half() ? Shape{n} : Shape{batch, m, n}, out_type);
    return ask("mt_matmul", mt_matmul, transposed || packed, left, often() ? &b : nullptr, addend, out);
}

mt_status Fuzzer::memory() {
    mt_buffer* buffer = buffers_[size_t(random_.below(int64_t(buffers_.size())))];
    char bytes[64] = {};
    const int64_t first = half() ? random_.below(80) : stride(),
                  count = often() ? random_.below(65) : -1 - random_.below(9);
    switch (random_.below(11)) {
        case 9:
            return ask("mt_limit_pool", mt_limit_pool, half() ? random_.below(1 << 20) : stride());
        case 10:
            return ask("mt_interrupt", mt_interrupt);
        case 8: {
            int64_t operations = 0;
            const mt_dtype type = half() ? MT_F32 : any_type();
            return ask("mt_arithmetic_peak", mt_arithmetic_peak, type, often() ? random_.below(9) : stride(),
                       often() ? &operations : nullptr);
        }
        case 5: {
            int64_t live = 0, pooled = 0;
            return ask("mt_memory", mt_memory, often() ? &live : nullptr, often() ? &pooled : nullptr);
        }
        case 6:
            return ask("mt_synchronize", mt_synchronize);
        case 7:
            return handles();
        case 0:
            return ask("mt_upload", mt_upload, often() ? bytes : nullptr, buffer, first, count);
        case 1:
            return ask("mt_download", mt_download, buffer, first, count, often() ? bytes : nullptr);
        case 2: {
            mt_buffer* made = nullptr;
            const mt_status status = ask("mt_buffer_create", mt_buffer_create,
                                         often() ? random_.below(100000) : stride(), half() ? &made : nullptr);
            if (made != nullptr) ask("mt_buffer_destroy", mt_buffer_destroy, made);
            return status;
        }
        case 3:
            return ask("mt_trim", mt_trim);
        default:
            return ask("mt_forget_pages", mt_forget_pages, bytes, half() ? 64 : stride());
    }
}

// Makes and ends buffers over memory of its own, and engines.
mt_status Fuzzer::handles() {
    switch (random_.below(3)) {
        case 0: {
            mt_buffer* made = nullptr;
            const int64_t bytes = often() ? random_.below(4096) : stride();
            const mt_status status = ask("mt_buffer_wrap", mt_buffer_wrap, often() ? memory_.data() : nullptr, bytes,
                                         often() ? &made : nullptr);
            if (made != nullptr) ask("mt_buffer_destroy", mt_buffer_destroy, made);
            return status;
        }
        case 1:  // the last three are no living buffers: a destroyed one, NULL (which is allowed) and a wild one
            return ask("mt_buffer_destroy", mt_buffer_destroy,
                       buffers_[buffers_.size() - 1 - size_t(random_.below(3))]);
        default: {
            mt_engine* made = nullptr;
            const mt_status status =
                note("mt_engine_create",
                     mt_engine_create(often() ? int32_t(random_.below(4)) : int32_t(random_.next()),
                                      often() ? &made : nullptr),
                     nullptr);
            mt_engine* ended = made != nullptr ? made : pick_engine();
            note("mt_engine_destroy", mt_engine_destroy(ended), nullptr);
            if (*mt_describe(ended) != '\0' || mt_abi_version() != MT_ABI_VERSION || *mt_active_isa() == '\0') {
                printf("FAILED  an engine that has ended describes itself, or the library does not\n");
                failed_ = true;
            }
            return status;
        }
    }
}

void Fuzzer::call() {
    switch (random_.below(13)) {
        case 9:
            domain();
            return;
        case 10:
            gradients();
            return;
        case 11:
            attention_gradient();
            return;
        case 12:
            attention_parts();
            return;
        case 8:
            choices();
            return;
        case 0:
            movement();
            return;
        case 1:
            arithmetic();
            return;
        case 2:
            rows();
            return;
        case 3:
        case 4:
            attention();
            return;
        case 5:
        case 6:
            product();
            return;
        default:
            memory();
    }
}

int main(int count, char** arguments) {
    const long calls = count > 1 ? atol(arguments[1]) : 100000;
    Fuzzer fuzzer(count > 2 ? strtoull(arguments[2], nullptr, 10) : 1);
    for (long i = 0; i < calls && !fuzzer.failed(); ++i) fuzzer.call();
    const std::array<long, 6> by_status = fuzzer.totals();
    printf("%s  %ld calls: %ld done, %ld invalid, %ld unsupported, %ld out of memory\n",
           fuzzer.failed() ? "FAILED" : "ok    ", calls, by_status[MT_OK], by_status[MT_INVALID_ARGUMENT],
           by_status[MT_UNSUPPORTED], by_status[MT_OUT_OF_MEMORY]);
    return fuzzer.failed() || !fuzzer.saw_both_sides() ? 1 : 0;
}
