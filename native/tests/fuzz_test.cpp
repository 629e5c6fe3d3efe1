// Thousands of calls with descriptors that are mostly wrong: each must give a status, and none may write outside its
// buffers (the sanitized build sees to that). Takes the number of calls.
#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <string>

#include "device.h"

namespace {

class Fuzzer {
public:
    explicit Fuzzer(uint64_t seed) : random_(seed), memory_(4096 + 3) {
        mt_engine_create(2, &engine_);
        for (const int64_t bytes : {0, 64, 4096, 40000, 300000}) {
            mt_buffer* buffer = nullptr;
            mt_buffer_create(engine_, bytes, &buffer);
            // Zeros: finite numbers, and small indices.
            const std::vector<char> zeros(static_cast<size_t>(bytes));
            mt_upload(engine_, zeros.data(), buffer, 0, bytes);
            buffers_.push_back(buffer);
        }
        mt_buffer* wrapped = nullptr;
        mt_buffer_wrap(engine_, memory_.data() + 3, 4096, &wrapped);
        buffers_.push_back(wrapped);
        mt_buffer* gone = nullptr;
        mt_buffer_create(engine_, 64, &gone);
        mt_buffer_destroy(engine_, gone);
        buffers_.push_back(gone);
        buffers_.push_back(nullptr);
        buffers_.push_back(reinterpret_cast<mt_buffer*>(uintptr_t(0x1234567)));
    }
    ~Fuzzer() { mt_engine_destroy(engine_); }

    mt_status call();

private:
    int64_t extent() {
        static const int64_t usual[] = {0, 1, 2, 3, 4, 8, 9, 16, 32, 33, 64, 96, 256, 512};
        static const int64_t odd[] = {-1, INT64_MIN, INT64_MAX, int64_t(1) << 32, int64_t(1) << 62, 1 << 20};
        return often() ? pick(usual) : pick(odd);
    }
    int64_t stride() {
        static const int64_t odd[] = {0, -1, 1, 2, 7, 32, 33, 64, INT64_MIN, INT64_MAX, int64_t(1) << 61};
        return pick(odd);
    }
    bool often() { return random_.below(24) != 0; }
    bool half() { return random_.below(2) == 0; }
    template <class T, size_t kCount>
    T pick(const T (&all)[kCount]) {
        return all[random_.below(int64_t(kCount))];
    }
    int32_t small_number() { return often() ? int32_t(random_.below(13)) : int32_t(random_.next()); }

    // Usually of the type and shape asked for, so that calls get past the first checks.
    const mt_tensor* tensor(mt_tensor& target, const Shape& shape, mt_dtype dtype);
    const mt_tensor* tensor(mt_tensor& target) { return tensor(target, {}, -1); }
    mt_dtype any_type() {
        static const mt_dtype types[] = {MT_F32,  MT_F16,  MT_BF16, MT_F64,  MT_I32,  MT_Q4_0, MT_Q4_1,
                                         MT_Q5_0, MT_Q5_1, MT_Q8_0, MT_Q4_K, MT_Q5_K, MT_Q6_K};
        return often() ? pick(types) : small_number() ^ 0x55;
    }
    Shape any_shape() {
        Shape shape(size_t(random_.below(5)));
        for (int64_t& each : shape) each = extent();
        return shape;
    }

    mt_status movement();
    mt_status arithmetic();
    mt_status rows();
    mt_status choices();
    mt_status domain();
    mt_status attention();
    mt_status product();
    mt_status memory();

    Random random_;
    std::vector<char> memory_;
    mt_engine* engine_ = nullptr;
    std::vector<mt_buffer*> buffers_;
};

const mt_tensor* Fuzzer::tensor(mt_tensor& target, const Shape& wanted, mt_dtype dtype) {
    memset(&target, 0, sizeof target);
    const bool wild = dtype < 0 || !often();
    const Shape shape = wild && half() ? any_shape() : wanted;
    int64_t stride_so_far = 1;
    target.rank = int32_t(shape.size());
    for (size_t i = shape.size(); i-- > 0;) {
        target.extent[i] = shape[i];
        target.stride[i] = often() ? stride_so_far : stride();
        if (__builtin_mul_overflow(stride_so_far, shape[i], &stride_so_far)) stride_so_far = 1;
    }
    target.buffer = often() ? buffers_[size_t(4 - random_.below(2) * random_.below(2))]
                            : buffers_[size_t(random_.below(int64_t(buffers_.size())))];
    target.dtype = wild ? any_type() : dtype;
    target.offset = half() ? 0 : often() ? random_.below(200) * 32 : stride();
    target.layout = often() ? MT_ROW_MAJOR : small_number() % 3;
    if (!often()) target.reserved = small_number();
    if (!often() && !often()) target.rank = small_number() - 2;
    return often() || often() ? &target : nullptr;
}

mt_status Fuzzer::movement() {
    mt_tensor a, b, c;
    const Shape shape = any_shape();
    const mt_dtype type = any_type();
    switch (random_.below(4)) {
        case 0: {
            const mt_tensor* in = tensor(a, shape, type);
            return mt_copy(engine_, in, tensor(b, shape, type));
        }
        case 1: {
            const mt_tensor* in = tensor(a, shape, type);
            return mt_cast(engine_, in, tensor(b, shape, half() ? MT_F32 : MT_BF16));
        }
        case 2: {
            const int64_t width = 256 * random_.below(3);
            Shape result = shape;
            result.push_back(width);
            const mt_tensor* table = tensor(a, {random_.below(20), width}, type);
            const mt_tensor* indices = tensor(b, shape, MT_I32);
            return mt_gather(engine_, table, indices, tensor(c, result, type >= MT_Q4_0 ? MT_F32 : type));
        }
        default:
            return mt_fill(engine_, half() ? double(small_number()) : random_.uniform(-2, 2), tensor(a, shape, type));
    }
}

mt_status Fuzzer::arithmetic() {
    mt_tensor a, b, c;
    const Shape shape = any_shape();
    const mt_dtype type = half() ? MT_F32 : MT_BF16;
    const mt_tensor *x = tensor(a, shape, type), *y = tensor(b, shape, type), *z = tensor(c, shape, type);
    switch (random_.below(3)) {
        case 0:
            return mt_unary(engine_, small_number(), x, half() ? x : y);
        case 1:
            return mt_binary(engine_, small_number(), x, y, half() ? x : z);
        default:
            return mt_gated_activation(engine_, small_number() % 4, x, y, z);
    }
}

mt_status Fuzzer::rows() {
    mt_tensor a, b, c, d;
    Shape shape = any_shape();
    if (shape.empty()) shape = {3};
    const mt_dtype type = half() ? MT_F32 : MT_BF16;
    switch (random_.below(4)) {
        case 0: {
            Shape result = shape;
            result.back() = 1;
            const mt_tensor* in = tensor(a, shape, type);
            return mt_reduce(engine_, small_number() % 4, in, tensor(b, result, type));
        }
        case 1: {
            const mt_tensor* in = tensor(a, shape, type);
            return mt_softmax(engine_, in, half() ? in : tensor(b, shape, type));
        }
        case 2: {
            const mt_tensor *in = tensor(a, shape, type), *gain = tensor(b, {shape.back()}, MT_F32);
            return mt_rms_norm(engine_, 1e-5f, in, gain, tensor(c, shape, half() ? MT_F32 : MT_BF16));
        }
        default: {
            const int64_t heads = random_.below(4), positions = random_.below(9), half_width = random_.below(5);
            const Shape states = {2, positions, heads * half_width * 2};
            const mt_tensor *in = tensor(a, states, type), *cosine = tensor(b, {positions, half_width}, MT_F32);
            const mt_tensor* sine = tensor(c, {positions, half_width}, MT_F32);
            return mt_rotary(engine_, often() ? int32_t(heads) : small_number(), in, cosine, sine,
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
            return mt_where(engine_, condition, x, y, half() ? x : tensor(d, shape, type));
        }
        case 1: {
            const int64_t width = random_.below(40), rows = random_.below(20);
            Shape added = shape;
            added.push_back(width);
            const mt_tensor *table = tensor(a, {rows, width}, MT_F32), *indices = tensor(b, shape, MT_I32);
            const mt_tensor* updates = tensor(c, added, MT_F32);
            return mt_scatter_add(engine_, table, indices, updates, tensor(d, {rows, width}, MT_F32));
        }
        case 2: {
            if (shape.empty()) shape = {3};
            Shape result = shape;
            result.back() = random_.below(9);
            const mt_tensor* in = tensor(a, shape, MT_F32);
            return mt_top_k(engine_, in, tensor(b, result, MT_I32));
        }
        default: {
            if (shape.empty()) shape = {3};
            const mt_tensor *in = tensor(a, shape, half() ? MT_F32 : MT_BF16),
                            *gain = tensor(b, {shape.back()}, MT_F32);
            const mt_tensor* bias = tensor(c, {shape.back()}, MT_F32);
            return mt_layer_norm(engine_, 1e-5f, in, gain, bias, tensor(d, shape, half() ? MT_F32 : MT_BF16));
        }
    }
}

mt_status Fuzzer::domain() {
    mt_tensor a, b, c, d, e;
    const mt_dtype type = half() ? MT_F32 : MT_BF16;
    const int64_t rows = random_.below(9), width = random_.below(40), columns = random_.below(70);
    const mt_tensor* x = tensor(a, {rows, width}, type);
    if (random_.below(3) == 0) {
        const mt_tensor *z = tensor(a, {rows, width}, type), *w = tensor(b, {columns, width}, MT_F32);
        return mt_ica_step(engine_, small_number() % 4, 1.0f, z, w, tensor(c, {columns, width + 1}, MT_F32));
    }
    const mt_tensor* y = tensor(b, {columns, width}, half() ? MT_F32 : MT_BF16);
    if (half() && often()) b.layout = MT_PACKED, b.offset = 0;
    const mt_tensor *bias = tensor(c, {columns}, MT_F32), *threshold = half() ? nullptr : tensor(d, {columns}, MT_F32);
    const mt_tensor* out = tensor(e, {2, rows, random_.below(9)}, MT_F32);
    return mt_sparse_encode(engine_, small_number() % 3, x, y, bias, threshold, out);
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
    const bool parts = half();
    const mt_tensor* pattern = half() && !parts ? nullptr : tensor(e, {sequences, heads, queries, keys}, MT_F32);
    if (parts && half()) return mt_attention_mix(engine_, often() ? int32_t(kv) : small_number(), pattern, v, out);
    if (parts) {
        return mt_attention_pattern(engine_, often() ? int32_t(heads) : small_number(),
                                    often() ? int32_t(kv) : small_number(), 0.1f, half(), q, k, pattern);
    }
    return mt_attention(engine_, often() ? int32_t(heads) : small_number(), often() ? int32_t(kv) : small_number(),
                        0.1f, half(), q, k, v, pattern, out);
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
        if (half()) return mt_packed_bytes(engine_, any_type(), extent(), extent(), often() ? &bytes : nullptr);
        if (half()) return mt_unpack_transposed(engine_, &b, tensor(c, {k, n}, type));
        return mt_pack(engine_, weight, &b);
    }
    if (random_.below(4) == 0) {
        const int64_t depth = half() ? k : 256 * random_.below(3);
        const mt_tensor *rows = tensor(a, {m, depth}, type), *weight = tensor(b, {n, depth}, any_type());
        const mt_tensor* added = half() ? nullptr : tensor(c, half() ? Shape{n} : Shape{m, n}, out_type);
        return mt_matmul(engine_, often(), rows, weight, added, tensor(d, {m, n}, out_type));
    }
    const mt_tensor *left = tensor(a, {batch, m, k}, type), *out = tensor(d, {batch, m, n}, out_type);
    const Shape matrix = transposed || packed ? Shape{n, k} : Shape{k, n};
    tensor(b, shared || packed ? matrix : Shape{batch, matrix[0], matrix[1]}, type);
    if (packed && often()) b.layout = MT_PACKED, b.offset = 0;
    const mt_tensor* addend = half() ? nullptr : tensor(c, half() ? Shape{n} : Shape{batch, m, n}, out_type);
    return mt_matmul(engine_, transposed || packed, left, often() ? &b : nullptr, addend, out);
}

mt_status Fuzzer::memory() {
    mt_buffer* buffer = buffers_[size_t(random_.below(int64_t(buffers_.size())))];
    char bytes[64] = {};
    const int64_t first = half() ? random_.below(80) : stride(),
                  count = often() ? random_.below(65) : -1 - random_.below(9);
    switch (random_.below(7)) {
        case 0:
            return mt_upload(engine_, often() ? bytes : nullptr, buffer, first, count);
        case 1:
            return mt_download(engine_, buffer, first, count, often() ? bytes : nullptr);
        case 2: {
            mt_buffer* made = nullptr;
            const mt_status status =
                mt_buffer_create(engine_, often() ? random_.below(100000) : stride(), half() ? &made : nullptr);
            if (made != nullptr) mt_buffer_destroy(engine_, made);
            return status;
        }
        case 3:
            return mt_trim(engine_);
        case 4:
            return mt_limit_pool(engine_, half() ? random_.below(1 << 20) : stride());
        case 5:
            return mt_interrupt(often() ? engine_ : nullptr);
        default:
            return mt_forget_pages(engine_, bytes, half() ? 64 : stride());
    }
}

mt_status Fuzzer::call() {
    switch (random_.below(10)) {
        case 9:
            return domain();
        case 8:
            return choices();
        case 0:
            return movement();
        case 1:
            return arithmetic();
        case 2:
            return rows();
        case 3:
        case 4:
            return attention();
        case 5:
        case 6:
            return product();
        default:
            return memory();
    }
}

}  // namespace

int main(int count, char** arguments) {
    const long calls = count > 1 ? atol(arguments[1]) : 20000;
    Fuzzer fuzzer(count > 2 ? strtoull(arguments[2], nullptr, 10) : 1);
    long by_status[6] = {};
    for (long i = 0; i < calls; ++i) {
        const mt_status status = fuzzer.call();
        if (status < 0 || status > 5 || status == MT_INTERNAL) {
            printf("FAILED  call %ld gave status %d\n", i, status);
            return 1;
        }
        ++by_status[status];
    }
    printf("ok      %ld calls: %ld done, %ld invalid, %ld unsupported, %ld out of memory, %ld interrupted\n", calls,
           by_status[0], by_status[1], by_status[2], by_status[3], by_status[5]);
    return by_status[0] > calls / 20 && by_status[1] > calls / 20 ? 0 : 1;  // else it tested one side only
}
