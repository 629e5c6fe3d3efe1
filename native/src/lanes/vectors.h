// Vectors as wide as the lane's registers, and the ways from stored bytes to them.
#ifndef MICROTOME_LANES_VECTORS_H
#define MICROTOME_LANES_VECTORS_H

#include <immintrin.h>

#include "lane.h"

#define MT_INLINE inline __attribute__((always_inline))

namespace microtome {
namespace MT_LANE {

#if defined(__AVX512F__)
constexpr int kVectorBytes = 64;
#elif defined(__AVX2__)
constexpr int kVectorBytes = 32;
#else
constexpr int kVectorBytes = 16;
#endif
constexpr int kWidth = kVectorBytes / 4;
typedef float Vector __attribute__((vector_size(kVectorBytes)));
typedef int32_t Ints __attribute__((vector_size(kVectorBytes)));
typedef uint32_t Words __attribute__((vector_size(kVectorBytes)));
// The same in memory: weights may lie in a mapped file, at any address.
typedef float StoredVector __attribute__((vector_size(kVectorBytes), aligned(1), may_alias));
typedef uint32_t StoredWords __attribute__((vector_size(kVectorBytes), aligned(1), may_alias));

inline Vector vector_at(const float* place) { return *reinterpret_cast<const StoredVector*>(place); }

inline Vector everywhere(float value) { return Vector{} + value; }

inline Vector floats(Ints whole) { return __builtin_convertvector(whole, Vector); }

// kWidth bytes as numbers 0 .. 255.
inline Ints bytes_at(const uint8_t* place) {
#if defined(__AVX512F__)
    return Ints(_mm512_cvtepu8_epi32(_mm_loadu_si128(reinterpret_cast<const __m128i*>(place))));
#elif defined(__AVX2__)
    return Ints(_mm256_cvtepu8_epi32(_mm_loadl_epi64(reinterpret_cast<const __m128i*>(place))));
#else
    return Ints(_mm_cvtepu8_epi32(_mm_loadu_si32(place)));
#endif
}

// kWidth bytes as numbers -128 .. 127.
inline Ints signed_bytes_at(const uint8_t* place) {
#if defined(__AVX512F__)
    return Ints(_mm512_cvtepi8_epi32(_mm_loadu_si128(reinterpret_cast<const __m128i*>(place))));
#elif defined(__AVX2__)
    return Ints(_mm256_cvtepi8_epi32(_mm_loadl_epi64(reinterpret_cast<const __m128i*>(place))));
#else
    return Ints(_mm_cvtepi8_epi32(_mm_loadu_si32(place)));
#endif
}

inline Vector bfloats_at(const uint8_t* place) {
#if defined(__AVX512F__)
    const Ints bits = Ints(_mm512_cvtepu16_epi32(_mm256_loadu_si256(reinterpret_cast<const __m256i*>(place))));
#elif defined(__AVX2__)
    const Ints bits = Ints(_mm256_cvtepu16_epi32(_mm_loadu_si128(reinterpret_cast<const __m128i*>(place))));
#else
    const Ints bits = Ints(_mm_cvtepu16_epi32(_mm_loadl_epi64(reinterpret_cast<const __m128i*>(place))));
#endif
    return Vector(bits << 16);
}

inline Vector halves_at(const uint8_t* place) {
#if defined(__AVX512F__)
    return Vector(_mm512_cvtph_ps(_mm256_loadu_si256(reinterpret_cast<const __m256i*>(place))));
#elif defined(__AVX2__)
    return Vector(_mm256_cvtph_ps(_mm_loadu_si128(reinterpret_cast<const __m128i*>(place))));
#else
    // As half_to_float, four at a time.
    const Ints half = Ints(_mm_cvtepu16_epi32(_mm_loadl_epi64(reinterpret_cast<const __m128i*>(place))));
    const Ints magnitude = half & 0x7fff;
    const Ints finite = Ints(Vector(magnitude << 13) * 0x1p112f);
    const Ints endless = Ints(magnitude >= 0x7c00) & 0x7f800000;
    return Vector(finite | endless | (half & 0x8000) << 16);
#endif
}

// One half, in every place.
inline Vector half_everywhere(const uint8_t* place) {
    const uint16_t half = *reinterpret_cast<const UnalignedHalf*>(place);
#if defined(__AVX512F__)
    return Vector(_mm512_cvtph_ps(_mm256_set1_epi16(int16_t(half))));
#elif defined(__AVX2__)
    return Vector(_mm256_cvtph_ps(_mm_set1_epi16(int16_t(half))));
#else
    return everywhere(half_to_float(half));
#endif
}

inline float sum_of(Vector v) {
#if defined(__AVX512F__)
    const __m512 all = __m512(v);
    const __m256 eight = _mm512_castps512_ps256(all) + _mm512_castps512_ps256(_mm512_shuffle_f32x4(all, all, 0xee));
    __m128 four = _mm256_castps256_ps128(eight) + _mm256_extractf128_ps(eight, 1);
#elif defined(__AVX2__)
    __m128 four = _mm256_castps256_ps128(__m256(v)) + _mm256_extractf128_ps(__m256(v), 1);
#else
    __m128 four = __m128(v);
#endif
    four += _mm_movehl_ps(four, four);
    four += _mm_shuffle_ps(four, four, 1);
    return four[0];
}

}  // namespace MT_LANE
}  // namespace microtome

#endif
