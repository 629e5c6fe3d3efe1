// Included by every file of this folder, which is compiled once per lane with MT_LANE naming the lane's namespace.
// Everything here lives inside that namespace and no standard header with code may be included: otherwise the linker
// could keep one copy of a shared inline function, compiled for a processor that is not there.
#ifndef MICROTOME_LANE_H
#define MICROTOME_LANE_H

#include <stddef.h>
#include <stdint.h>

#include "../kernel_table.h"
#include "microtome/microtome.h"

#ifndef MT_LANE
#error "compile the files of lanes/ with -DMT_LANE=v2, v3 or v4"
#endif

namespace microtome {
namespace MT_LANE {

// A number that may lie at any address: mapped files promise no alignment.
typedef float UnalignedFloat __attribute__((aligned(1), may_alias));
typedef double UnalignedDouble __attribute__((aligned(1), may_alias));
typedef uint16_t UnalignedHalf __attribute__((aligned(1), may_alias));
typedef int32_t UnalignedInt __attribute__((aligned(1), may_alias));

struct BFloat {
    uint16_t bits;
};

inline float float_of_bits(uint32_t bits) {
    union {
        uint32_t u;
        float f;
    } both = {bits};
    return both.f;
}

inline uint32_t bits_of_float(float value) {
    union {
        float f;
        uint32_t u;
    } both = {value};
    return both.u;
}

inline float infinity() { return __builtin_inff(); }

inline float bfloat_to_float(uint16_t bits) { return float_of_bits(uint32_t(bits) << 16); }

// Round to nearest even; NaN stays NaN (its quiet bit is set).
inline uint16_t float_to_bfloat(float value) {
    const uint32_t bits = bits_of_float(value);
    const uint32_t rounded = bits + 0x7fffu + ((bits >> 16) & 1u);
    const uint32_t quiet = bits | 0x00400000u;
    return uint16_t(((bits & 0x7fffffffu) > 0x7f800000u ? quiet : rounded) >> 16);
}

// Multiplying by 2^112 moves the exponent into place and makes subnormal numbers normal, exactly.
inline float half_to_float(uint16_t half) {
    const uint32_t magnitude = half & 0x7fffu;
    const uint32_t finite = bits_of_float(float_of_bits(magnitude << 13) * 0x1p112f);
    const uint32_t bits = magnitude >= 0x7c00u ? (finite | 0x7f800000u) : finite;
    return float_of_bits(bits | (uint32_t(half & 0x8000u) << 16));
}

// Round to nearest even. Below 2^-14 a sum with 0.5 lets the adder round at the bit that a subnormal half keeps.
inline uint16_t float_to_half(float value) {
    const uint32_t bits = bits_of_float(value);
    const uint32_t sign = (bits >> 16) & 0x8000u;
    const uint32_t magnitude = bits & 0x7fffffffu;
    const uint32_t tiny = bits_of_float(float_of_bits(magnitude) + 0.5f) - 0x3f000000u;
    const uint32_t normal = (magnitude - 0x38000000u + 0xfffu + ((magnitude >> 13) & 1u)) >> 13;
    uint32_t half = magnitude < 0x38800000u ? tiny : normal;
    half = magnitude >= 0x477ff000u ? 0x7c00u : half;  // 65520 and above round to infinity
    half = magnitude > 0x7f800000u ? 0x7e00u : half;
    return uint16_t(sign | half);
}

inline float load(float value) { return value; }
inline float load(BFloat value) { return bfloat_to_float(value.bits); }
inline int32_t load(int32_t value) { return value; }
inline void store(int32_t* target, int32_t value) { *target = value; }
inline void store(float* target, float value) { *target = value; }
inline void store(BFloat* target, float value) { target->bits = float_to_bfloat(value); }

// e^x, relative error below 3e-7, subnormal results included; infinities and NaN as in libm.
inline float exponential(float x) {
    const float low = x < -104.0f ? -104.0f : x;  // NaN passes both comparisons
    const float clamped = low > 89.0f ? 89.0f : low;
    const float shifted = clamped * 1.44269504f + 12582912.0f;  // 1.5 * 2^23: the sum rounds to an integer
    const float whole = shifted - 12582912.0f;
    const float r = (clamped - whole * 0.693359375f) - whole * -2.12194440e-4f;
    float p = 0.001381446791f;
    p = p * r + 0.008368780407f;
    p = p * r + 0.0416683942f;
    p = p * r + 0.1666652011f;
    p = p * r + 0.4999999341f;
    p = p * (r * r) + r + 1.0f;
    // 2^whole in two factors, since 2^whole itself may be subnormal or overflow.
    const int32_t n = int32_t(bits_of_float(shifted) - 0x4b400000u);
    const int32_t half = n >> 1;
    const float first = float_of_bits(uint32_t(half + 127) << 23);
    const float second = float_of_bits(uint32_t(n - half + 127) << 23);
    return p * first * second;
}

// e^x with a relative error below 2e-7 for x from -88.03 (where the result is 0) to 88.73 (where it is infinite), NaN as it
// is: the number added below leaves the exponent of 2^whole, bias included, in the last bits of the sum.
inline float clamped_exponential(float x) {
    const float shifted = x * 1.44269504f + 12583039.0f;  // 1.5 * 2^23 + 127: the sum rounds to an integer
    const float whole = shifted - 12583039.0f;
    const float r = (x - whole * 0.693359375f) - whole * -2.12194440e-4f;
    float p = 0.008290315047f;
    p = p * r + 0.0418979302f;
    p = p * r + 0.1666763574f;
    p = p * r + 0.4999915063f;
    p = p * r + 0.999999702f;
    p = p * r + 1.0f;
    return p * float_of_bits(bits_of_float(shifted) << 23);
}

// e^x for x <= 0 where a result below 1e-37 may be 0: the softmax, whose largest term is 1.
inline float exponential_of_negative(float x) { return clamped_exponential(x < -88.0297f ? -88.0297f : x); }

// e^x where a result below 1e-37 may be 0 and one above 2e38 infinite.
inline float saturating_exponential(float x) {
    const float low = x < -88.0297f ? -88.0297f : x;  // NaN passes both comparisons
    return clamped_exponential(low > 88.7228f ? 88.7228f : low);
}

// Near 0 an odd polynomial keeps the relative error; elsewhere 1 - 2 / (e^2|x| + 1).
inline float hyperbolic_tangent(float x) {
    const float a = __builtin_fabsf(x);
    const float z = x * x;
    float p = -0.00572082095f;
    p = p * z + 0.02065380699f;
    p = p * z - 0.05374443182f;
    p = p * z + 0.1333150178f;
    p = p * z - 0.3333328428f;
    const float near = x * (1.0f + z * p);
    const float far = __builtin_copysignf(1.0f - 2.0f / (exponential(2.0f * a) + 1.0f), x);
    return a < 0.625f ? near : far;
}

// Below 1 an odd polynomial; above 1 - e^-q with q fitted to -log erfc. Absolute error below 2e-7.
inline float error_function(float x) {
    const float a = __builtin_fabsf(x);
    const float z = x * x;
    float p = 7.889122889e-5f;
    p = p * z - 0.0008020842277f;
    p = p * z + 0.00518953545f;
    p = p * z - 0.02685444465f;
    p = p * z + 0.1128360018f;
    p = p * z - 0.3761262714f;
    p = p * z + 1.128379166f;
    const float near = x * p;
    const float b = a > 4.0f ? 4.0f : a;
    float q = 1.697620628e-7f;
    q = q * b + 1.926252155e-5f;
    q = q * b - 0.0004265042042f;
    q = q * b + 0.004153772436f;
    q = q * b - 0.02510175439f;
    q = q * b + 0.1082784767f;
    q = q * b + 0.6333328535f;
    q = q * b + 1.129527357f;
    q = q * b - 0.0001781237497f;
    const float far = __builtin_copysignf(1.0f - exponential(-q), x);
    return a < 1.0f ? near : far;
}

inline float sigmoid(float x) { return 1.0f / (1.0f + saturating_exponential(-x)); }

// GGUF blocks to floats; `count` is a multiple of the block.
void decode_blocks(int32_t dtype, const void* in, float* out, int64_t count);

void fill_convert(KernelTable* table);
void fill_elementwise(KernelTable* table);
void fill_rows(KernelTable* table);
void fill_attention(KernelTable* table);
void fill_gradients(KernelTable* table);
void fill_product(KernelTable* table);
void fill_stored(KernelTable* table);
void fill_copy(KernelTable* table);
void fill_sparse(KernelTable* table);
void fill_statistics(KernelTable* table);
void fill_peak(KernelTable* table);

}  // namespace MT_LANE
}  // namespace microtome

#endif
