// Conversions between the stored types and float.
#include "lane.h"

namespace microtome {
namespace MT_LANE {
namespace {

void to_float(int32_t dtype, const void* in, float* __restrict out, int64_t count) {
    const UnalignedHalf* halves = static_cast<const UnalignedHalf*>(in);
    switch (dtype) {
        case MT_F32:
            __builtin_memcpy(out, in, size_t(count) * sizeof(float));
            return;
        case MT_BF16:
#pragma omp simd
            for (int64_t i = 0; i < count; ++i) out[i] = bfloat_to_float(halves[i]);
            return;
        case MT_F16:
#pragma omp simd
            for (int64_t i = 0; i < count; ++i) out[i] = half_to_float(halves[i]);
            return;
        case MT_F64: {
            const UnalignedDouble* doubles = static_cast<const UnalignedDouble*>(in);
#pragma omp simd
            for (int64_t i = 0; i < count; ++i) out[i] = float(doubles[i]);
            return;
        }
        default:
            decode_blocks(dtype, in, out, count);
    }
}

// Towards zero; outside the range the nearest end, NaN 0 (as Java's cast).
int32_t float_to_int(float value) {
    if (value != value) return 0;
    if (value >= 2147483648.0f) return INT32_MAX;
    if (value < -2147483648.0f) return INT32_MIN;
    return int32_t(value);
}

void from_float(int32_t dtype, const float* __restrict in, void* __restrict out, int64_t count) {
    uint16_t* halves = static_cast<uint16_t*>(out);
    int32_t* integers = static_cast<int32_t*>(out);
    switch (dtype) {
        case MT_F32:
            __builtin_memcpy(out, in, size_t(count) * sizeof(float));
            return;
        case MT_BF16:
#pragma omp simd
            for (int64_t i = 0; i < count; ++i) halves[i] = float_to_bfloat(in[i]);
            return;
        case MT_F16:
#pragma omp simd
            for (int64_t i = 0; i < count; ++i) halves[i] = float_to_half(in[i]);
            return;
        case MT_I32:
            for (int64_t i = 0; i < count; ++i) integers[i] = float_to_int(in[i]);
            return;
        default:
            return;
    }
}

// Round to odd: towards zero, and when that was not exact the last bit becomes 1.
void double_to_odd_float(const void* in, float* out, int64_t count) {
    const UnalignedDouble* doubles = static_cast<const UnalignedDouble*>(in);
    for (int64_t i = 0; i < count; ++i) {
        const double value = doubles[i];
        const float nearest = float(value);
        const double difference = __builtin_fabs(double(nearest)) - __builtin_fabs(value);
        uint32_t bits = bits_of_float(nearest);
        if (difference > 0) bits -= 1;
        if (difference != 0 && value == value) bits |= __builtin_isinf(value) ? 0u : 1u;
        out[i] = float_of_bits(bits);
    }
}

void int_to_float(const void* in, float* out, int64_t count) {
    const UnalignedInt* integers = static_cast<const UnalignedInt*>(in);
#pragma omp simd
    for (int64_t i = 0; i < count; ++i) out[i] = float(integers[i]);
}

template <class T>
void fill_with(T value, void* out, int64_t count) {
    T* target = static_cast<T*>(out);
    for (int64_t i = 0; i < count; ++i) target[i] = value;
}

void fill(int32_t dtype, double value, void* out, int64_t count) {
    float odd;
    double_to_odd_float(&value, &odd, 1);
    switch (dtype) {
        case MT_F32:
            return fill_with(float(value), out, count);
        case MT_BF16:
            return fill_with(float_to_bfloat(odd), out, count);
        case MT_F16:
            return fill_with(float_to_half(odd), out, count);
        case MT_I32:
            return fill_with(int32_t(value), out, count);
        case MT_F64:
            return fill_with(value, out, count);
        default:
            return;
    }
}

}  // namespace

void fill_convert(KernelTable* table) {
    table->to_float = to_float;
    table->from_float = from_float;
    table->double_to_odd_float = double_to_odd_float;
    table->int_to_float = int_to_float;
    table->fill = fill;
}

}  // namespace MT_LANE
}  // namespace microtome
