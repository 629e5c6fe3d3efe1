// Calls functions of the header with arguments that are mostly wrong.
#ifndef MICROTOME_FUZZER_H
#define MICROTOME_FUZZER_H

#include <array>
#include <map>
#include <string>

#include "device.h"

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
    std::array<long, 6> totals() const;
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
    mt_status attention_parts();
    mt_status gradients();
    mt_status attention_gradient();
    mt_status domain();
    mt_status memory();
    mt_status handles();

    Random random_;
    std::vector<char> memory_;
    mt_engine *engine_ = nullptr, *destroyed_ = nullptr;
    std::vector<mt_buffer*> buffers_;
    std::map<std::string, std::array<long, 6>> calls_;
    bool failed_ = false;
};

#endif
