// Decoders of the GGUF block types. Every product below is exact in float, so the one rounding (the sum) makes the
// result independent of the lane and of fused multiply-add.
#include "lane.h"

namespace microtome {
namespace MT_LANE {
namespace {

float half_at(const uint8_t* bytes) { return half_to_float(uint16_t(bytes[0] | bytes[1] << 8)); }

uint32_t word_at(const uint8_t* bytes) {
    return uint32_t(bytes[0]) | uint32_t(bytes[1]) << 8 | uint32_t(bytes[2]) << 16 | uint32_t(bytes[3]) << 24;
}

// The low nibbles of 16 bytes are the first half of a block, the high nibbles the second half.
void decode_q4_0(const uint8_t* __restrict block, float* __restrict out) {
    const float scale = half_at(block);
#pragma omp simd
    for (int j = 0; j < 16; ++j) {
        out[j] = scale * float(int(block[2 + j] & 15) - 8);
        out[j + 16] = scale * float(int(block[2 + j] >> 4) - 8);
    }
}

void decode_q4_1(const uint8_t* __restrict block, float* __restrict out) {
    const float scale = half_at(block), minimum = half_at(block + 2);
#pragma omp simd
    for (int j = 0; j < 16; ++j) {
        out[j] = scale * float(int(block[4 + j] & 15)) + minimum;
        out[j + 16] = scale * float(int(block[4 + j] >> 4)) + minimum;
    }
}

void decode_q5_0(const uint8_t* __restrict block, float* __restrict out) {
    const float scale = half_at(block);
    const uint32_t high = word_at(block + 2);
#pragma omp simd
    for (int j = 0; j < 16; ++j) {
        out[j] = scale * float(int((block[6 + j] & 15) | (high >> j & 1) << 4) - 16);
        out[j + 16] = scale * float(int((block[6 + j] >> 4) | (high >> (j + 16) & 1) << 4) - 16);
    }
}

void decode_q5_1(const uint8_t* __restrict block, float* __restrict out) {
    const float scale = half_at(block), minimum = half_at(block + 2);
    const uint32_t high = word_at(block + 4);
#pragma omp simd
    for (int j = 0; j < 16; ++j) {
        out[j] = scale * float(int((block[8 + j] & 15) | (high >> j & 1) << 4)) + minimum;
        out[j + 16] = scale * float(int((block[8 + j] >> 4) | (high >> (j + 16) & 1) << 4)) + minimum;
    }
}

void decode_q8_0(const uint8_t* __restrict block, float* __restrict out) {
    const float scale = half_at(block);
#pragma omp simd
    for (int j = 0; j < 32; ++j) out[j] = scale * float(int(int8_t(block[2 + j])));
}

// Eight pairs of 6-bit numbers (scale, minimum) in 12 bytes.
void unpack_scales(const uint8_t* bytes, int group, int* scale, int* minimum) {
    if (group < 4) {
        *scale = bytes[group] & 63;
        *minimum = bytes[group + 4] & 63;
    } else {
        *scale = (bytes[group + 4] & 15) | (bytes[group - 4] >> 6) << 4;
        *minimum = (bytes[group + 4] >> 4) | (bytes[group] >> 6) << 4;
    }
}

void decode_q4_k(const uint8_t* __restrict block, float* __restrict out) {
    const float scale = half_at(block), minimum = half_at(block + 2);
    for (int group = 0; group < 8; ++group) {
        int group_scale, group_minimum;
        unpack_scales(block + 4, group, &group_scale, &group_minimum);
        const float d = scale * float(group_scale), m = minimum * float(group_minimum);
        const uint8_t* quants = block + 16 + group / 2 * 32;
        const int shift = group % 2 * 4;
        float* target = out + group * 32;
#pragma omp simd
        for (int i = 0; i < 32; ++i) target[i] = d * float(int(quants[i] >> shift & 15)) - m;
    }
}

void decode_q5_k(const uint8_t* __restrict block, float* __restrict out) {
    const float scale = half_at(block), minimum = half_at(block + 2);
    const uint8_t* fifth = block + 16;
    for (int group = 0; group < 8; ++group) {
        int group_scale, group_minimum;
        unpack_scales(block + 4, group, &group_scale, &group_minimum);
        const float d = scale * float(group_scale), m = minimum * float(group_minimum);
        const uint8_t* quants = block + 48 + group / 2 * 32;
        const int shift = group % 2 * 4;
        float* target = out + group * 32;
#pragma omp simd
        for (int i = 0; i < 32; ++i) {
            target[i] = d * float(int((quants[i] >> shift & 15) | (fifth[i] >> group & 1) << 4)) - m;
        }
    }
}

void decode_q6_k(const uint8_t* __restrict block, float* __restrict out) {
    const float scale = half_at(block + 208);
    for (int part = 0; part < 16; ++part) {  // 16 scales of 16 elements
        const int half = part / 8, quarter = part % 8 / 2, first = part % 2 * 16;
        const uint8_t* low = block + half * 64 + quarter % 2 * 32 + first;
        const uint8_t* high = block + 128 + half * 32 + first;
        const int low_shift = quarter / 2 * 4, high_shift = quarter * 2;
        const float d = scale * float(int(int8_t(block[192 + part])));
        float* target = out + part * 16;
#pragma omp simd
        for (int i = 0; i < 16; ++i) {
            target[i] = d * float(int((low[i] >> low_shift & 15) | (high[i] >> high_shift & 3) << 4) - 32);
        }
    }
}

template <void (*kDecode)(const uint8_t*, float*), int kBytes, int kElements>
void decode_all(const void* in, float* out, int64_t count) {
    const uint8_t* block = static_cast<const uint8_t*>(in);
    for (int64_t i = 0; i < count; i += kElements, block += kBytes) kDecode(block, out + i);
}

}  // namespace

void decode_blocks(int32_t dtype, const void* in, float* out, int64_t count) {
    switch (dtype) {
        case MT_Q4_0:
            return decode_all<decode_q4_0, 18, 32>(in, out, count);
        case MT_Q4_1:
            return decode_all<decode_q4_1, 20, 32>(in, out, count);
        case MT_Q5_0:
            return decode_all<decode_q5_0, 22, 32>(in, out, count);
        case MT_Q5_1:
            return decode_all<decode_q5_1, 24, 32>(in, out, count);
        case MT_Q8_0:
            return decode_all<decode_q8_0, 34, 32>(in, out, count);
        case MT_Q4_K:
            return decode_all<decode_q4_k, 144, 256>(in, out, count);
        case MT_Q5_K:
            return decode_all<decode_q5_k, 176, 256>(in, out, count);
        case MT_Q6_K:
            return decode_all<decode_q6_k, 210, 256>(in, out, count);
        default:
            return;
    }
}

}  // namespace MT_LANE
}  // namespace microtome
