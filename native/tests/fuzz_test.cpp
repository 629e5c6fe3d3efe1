// A hundred thousand calls of all functions with arguments that are mostly wrong: each must give a status and, when it
// refuses, a text that begins with the function's name; none may write outside its buffers (the sanitized build sees to
// that). Takes the number of calls and a seed.
#include <algorithm>
#include <array>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <map>
#include <string>

#include "device.h"

namespace {

class Fuzzer {
public:
    explicit Fuzzer(uint64_t seed) : random_(seed), memory_(4096 + 3) {
        mt_engine_create(1, &destroyed_);
        mt_engine_create(2, &engine_);
        mt_engine_destroy(destroyed_);
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

    void call();
    // Calls by status.
    std::array<long, 5> totals() const;
    // Every function was seen to succeed and to refuse, else this tester tests one side only.
    bool saw_both_sides() const;
    bool failed() const { return failed_; }

private:
    // Calls a function, mostly with the engine, and looks at what it answers.
    template <class Function, class... Arguments>
    mt_status ask(const char* name, Function function, Arguments... arguments) {
        mt_engine* engine = random_.below(200) != 0 ? engine_ : pick_engine();
        return note(name, function(engine, arguments...), engine);
    }
    mt_status note(const char* name, mt_status status, const mt_engine* engine);
    mt_engine* pick_engine() {
        mt_engine* const odd[] = {nullptr, destroyed_, reinterpret_cast<mt_engine*>(uintptr_t(0x1234567))};
        return pick(odd);
    }
    float number() {
        static const float odd[] = {0.0f, -1.0f, NAN, INFINITY, -INFINITY, 1e-45f, 3e38f};
        return often() ? 1e-5f : pick(odd);
    }
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
    mt_dtype computed_type() {
        static const mt_dtype types[] = {MT_F32, MT_F32, MT_BF16, MT_BF16, MT_I32};
        return often() ? pick(types) : any_type();
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
    mt_status attention();
    mt_status product();
    mt_status memory();
    mt_status handles();

    Random random_;
    std::vector<char> memory_;
    mt_engine *engine_ = nullptr, *destroyed_ = nullptr;
    std::vector<mt_buffer*> buffers_;
    std::map<std::string, std::array<long, 5>> calls_;
    bool failed_ = false;
};

mt_status Fuzzer::note(const char* name, mt_status status, const mt_engine* engine) {
    const bool known = status >= MT_OK && status < MT_INTERNAL;
    const std::string text = mt_last_error(engine);
    if (!known || (status != MT_OK && text.rfind(name, 0) != 0)) {
        printf("FAILED  %s gave status %d and says \"%s\"\n", name, status, text.c_str());
        failed_ = true;
    }
    if (known) ++calls_[name][size_t(status)];
    return status;
}

std::array<long, 5> Fuzzer::totals() const {
    std::array<long, 5> sums = {};
    for (const auto& [name, counts] : calls_) {
        for (size_t i = 0; i < sums.size(); ++i) sums[i] += counts[i];
    }
    return sums;
}

bool Fuzzer::saw_both_sides() const {
    bool both = true;
    for (const auto& [name, counts] : calls_) {
        if (counts[MT_OK] > 0 && counts[MT_INVALID_ARGUMENT] > 0) continue;
        printf("FAILED  %s: %ld done, %ld refused\n", name.c_str(), counts[MT_OK], counts[MT_INVALID_ARGUMENT]);
        both = false;
    }
    return both;
}

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
    switch (random_.below(9)) {
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
    switch (random_.below(9)) {
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

}  // namespace

int main(int count, char** arguments) {
    const long calls = count > 1 ? atol(arguments[1]) : 100000;
    Fuzzer fuzzer(count > 2 ? strtoull(arguments[2], nullptr, 10) : 1);
    for (long i = 0; i < calls && !fuzzer.failed(); ++i) fuzzer.call();
    const std::array<long, 5> by_status = fuzzer.totals();
    printf("%s  %ld calls: %ld done, %ld invalid, %ld unsupported, %ld out of memory\n",
           fuzzer.failed() ? "FAILED" : "ok    ", calls, by_status[MT_OK], by_status[MT_INVALID_ARGUMENT],
           by_status[MT_UNSUPPORTED], by_status[MT_OUT_OF_MEMORY]);
    return fuzzer.failed() || !fuzzer.saw_both_sides() ? 1 : 0;
}
