// Arguments that are often almost right, and what every answer must be.
#include "fuzzer.h"

#include <cstdio>
#include <cstring>

mt_status Fuzzer::note(const char* name, mt_status status, const mt_engine* engine) {
    const bool known = status >= MT_OK && status <= MT_INTERRUPTED && status != MT_INTERNAL;
    const std::string text = mt_last_error(engine);
    if (!known || (status != MT_OK && text.rfind(name, 0) != 0)) {
        printf("FAILED  %s gave status %d and says \"%s\"\n", name, status, text.c_str());
        failed_ = true;
    }
    if (known) ++calls_[name][size_t(status)];
    return status;
}

std::array<long, 6> Fuzzer::totals() const {
    std::array<long, 6> sums = {};
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
