// How the rows of a weight are stored: each format gives kWidth decoded weights at a time, equal to what decode_blocks
// makes of them. An object of a format stands at one block; `walk` calls use(place, weights) for every kWidth elements of
// one step of it.
#ifndef MICROTOME_LANES_FORMATS_H
#define MICROTOME_LANES_FORMATS_H

#include "vectors.h"

namespace microtome {
namespace MT_LANE {

// What the codes 0 .. 15 stand for. Looking them up is cheaper than computing them where a register holds all.
#if defined(__AVX512F__)
struct Levels {
    Vector table;
    MT_INLINE Levels(Vector scale, Vector offset) : table(scale * counts() + offset) {}
    MT_INLINE Levels(Vector scale, Vector offset, float first) : table(scale * (counts() + first) + offset) {}
    MT_INLINE Levels(Vector scale, float first) : table(scale * (counts() + first)) {}
    // The bits above the lowest four do not matter.
    MT_INLINE Vector of(Ints codes) const { return Vector(_mm512_permutexvar_ps(__m512i(codes), __m512(table))); }
    static MT_INLINE Vector counts() { return Vector{0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15}; }
};
#else
struct Levels {
    Vector scale, offset, first;
    MT_INLINE Levels(Vector s, Vector o) : scale(s), offset(o), first(Vector{}) {}
    MT_INLINE Levels(Vector s, float f) : scale(s), offset(Vector{}), first(everywhere(f)) {}
    MT_INLINE Vector of(Ints codes) const { return scale * (floats(codes & 15) + first) + offset; }
};
#endif

// 32 elements: their low nibbles are the first half of the block, the high ones the second.
template <class Use>
MT_INLINE void walk_nibbles(const uint8_t* quants, const Levels& levels, Use use) {
    for (int j = 0; j < 16; j += kWidth) {
        const Ints codes = bytes_at(quants + j);
        use(j, levels.of(codes));
        use(j + 16, levels.of(codes >> 4));
    }
}

// The same for the codes 0 .. 31, whose fifth bits come apart from the rest.
#if defined(__AVX512F__)
typedef __mmask16 Fifths;  // one bit for each of kWidth codes

struct WideLevels {
    Levels low, high;
    MT_INLINE WideLevels(Vector scale, Vector offset) : low(scale, offset), high(scale, offset, 16.0f) {}
    MT_INLINE WideLevels(Vector scale, float first) : low(scale, first), high(scale, first + 16.0f) {}
    MT_INLINE Vector of(Ints codes, Fifths fifths) const {
        const __m512 below = _mm512_permutexvar_ps(__m512i(codes), __m512(low.table));
        return Vector(_mm512_mask_permutexvar_ps(below, fifths, __m512i(codes), __m512(high.table)));
    }
};

// kWidth bits of a word from bit `first` on.
MT_INLINE Fifths fifths_of(uint32_t word, int first) { return Fifths(word >> first); }
// Bit `place` of each number.
MT_INLINE Fifths fifths_of(Ints numbers, int place) {
    return _mm512_test_epi32_mask(__m512i(numbers), _mm512_set1_epi32(1 << place));
}
#else
typedef Ints Fifths;  // 0 or 16

struct WideLevels {
    Vector scale, offset, first;
    MT_INLINE WideLevels(Vector s, Vector o) : scale(s), offset(o), first(Vector{}) {}
    MT_INLINE WideLevels(Vector s, float f) : scale(s), offset(Vector{}), first(everywhere(f)) {}
    MT_INLINE Vector of(Ints codes, Fifths fifths) const {
        return scale * (floats((codes & 15) | fifths) + first) + offset;
    }
};

MT_INLINE Fifths fifths_of(uint32_t word, int first) {
    Ints place;
    for (int i = 0; i < kWidth; ++i) place[i] = int32_t(1u << i);
    const Ints bits = Ints{} + int32_t(word >> first);
    return Ints((bits & place) != 0) & 16;
}
MT_INLINE Fifths fifths_of(Ints numbers, int place) { return (numbers >> place & 1) << 4; }
#endif

// As walk_nibbles, with the fifth bits in a word.
template <class Use>
MT_INLINE void walk_five_bits(const uint8_t* quants, uint32_t fifths, const WideLevels& levels, Use use) {
    for (int j = 0; j < 16; j += kWidth) {
        const Ints codes = bytes_at(quants + j);
        use(j, levels.of(codes, fifths_of(fifths, j)));
        use(j + 16, levels.of(codes >> 4, fifths_of(fifths, j + 16)));
    }
}

inline uint32_t word_at(const uint8_t* bytes) { return uint32_t(*reinterpret_cast<const UnalignedInt*>(bytes)); }

// One block, of which nothing is known beforehand.
struct AtBlock {
    const uint8_t* block;
    MT_INLINE void open(const uint8_t* place) { block = place; }
};

struct Q4_0 : AtBlock {
    static constexpr int kElements = 32, kBytes = 18, kStep = 32;
    template <class Use>
    MT_INLINE void walk(int, Use use) const {
        walk_nibbles(block + 2, Levels(half_everywhere(block), -8.0f), use);
    }
};

struct Q4_1 : AtBlock {
    static constexpr int kElements = 32, kBytes = 20, kStep = 32;
    template <class Use>
    MT_INLINE void walk(int, Use use) const {
        walk_nibbles(block + 4, Levels(half_everywhere(block), half_everywhere(block + 2)), use);
    }
};

struct Q5_0 : AtBlock {
    static constexpr int kElements = 32, kBytes = 22, kStep = 32;
    template <class Use>
    MT_INLINE void walk(int, Use use) const {
        walk_five_bits(block + 6, word_at(block + 2), WideLevels(half_everywhere(block), -16.0f), use);
    }
};

struct Q5_1 : AtBlock {
    static constexpr int kElements = 32, kBytes = 24, kStep = 32;
    template <class Use>
    MT_INLINE void walk(int, Use use) const {
        const WideLevels levels(half_everywhere(block), half_everywhere(block + 2));
        walk_five_bits(block + 8, word_at(block + 4), levels, use);
    }
};

struct Q8_0 : AtBlock {
    static constexpr int kElements = 32, kBytes = 34, kStep = 32;
    template <class Use>
    MT_INLINE void walk(int, Use use) const {
        const Vector scale = half_everywhere(block);
        for (int j = 0; j < 32; j += kWidth) use(j, floats(signed_bytes_at(block + 2 + j)) * scale);
    }
};

// The scales and minima of the eight groups of 32, from the twelve bytes that hold eight pairs of 6-bit numbers.
struct Groups {
    float scale[8], offset[8];  // one after the other: a wide lane writes both at once
    MT_INLINE void open(const uint8_t* block) {
        const uint32_t first = word_at(block + 4), second = word_at(block + 8), third = word_at(block + 12);
        const uint32_t whole[4] = {first & 0x3f3f3f3f, (third & 0x0f0f0f0f) | (first >> 2 & 0x30303030),
                                   second & 0x3f3f3f3f, (third >> 4 & 0x0f0f0f0f) | (second >> 2 & 0x30303030)};
        uint8_t bytes[16];
        __builtin_memcpy(bytes, whole, sizeof bytes);
        const Vector d = half_everywhere(block), m = -half_everywhere(block + 2);
#if defined(__AVX512F__)
        const Vector both = Vector(_mm512_mask_blend_ps(0xff00, __m512(d), __m512(m)));
        *reinterpret_cast<StoredVector*>(scale) = floats(bytes_at(bytes)) * both;
        // Into memory: a load spreads a float over a register without the units that decoding waits for.
        asm("" : "+m"(scale), "+m"(offset));
#else
        for (int i = 0; i < 8; i += kWidth) {
            *reinterpret_cast<StoredVector*>(scale + i) = floats(bytes_at(bytes + i)) * d;
            *reinterpret_cast<StoredVector*>(offset + i) = floats(bytes_at(bytes + 8 + i)) * m;
        }
#endif
    }
};

// A step is two groups: the low nibbles of 32 bytes, and their high nibbles.
struct Q4_K {
    static constexpr int kElements = 256, kBytes = 144, kStep = 64;
    const uint8_t* block;
    Groups groups;
    MT_INLINE void open(const uint8_t* place) {
        block = place;
        groups.open(place);
    }
    template <class Use>
    MT_INLINE void walk(int step, Use use) const {
        const float *scale = groups.scale + step * 2, *offset = groups.offset + step * 2;
        const Levels low(everywhere(scale[0]), everywhere(offset[0])),
            high(everywhere(scale[1]), everywhere(offset[1]));
        for (int j = 0; j < 32; j += kWidth) {
            const Ints codes = bytes_at(block + 16 + step * 32 + j);
            use(j, low.of(codes));
            use(j + 32, high.of(codes >> 4));
        }
    }
};

struct Q5_K {
    static constexpr int kElements = 256, kBytes = 176, kStep = 64;
    const uint8_t* block;
    Groups groups;
    MT_INLINE void open(const uint8_t* place) {
        block = place;
        groups.open(place);
    }
    template <class Use>
    MT_INLINE void walk(int step, Use use) const {
        const float *scale = groups.scale + step * 2, *offset = groups.offset + step * 2;
        const WideLevels low(everywhere(scale[0]), everywhere(offset[0])),
            high(everywhere(scale[1]), everywhere(offset[1]));
        for (int j = 0; j < 32; j += kWidth) {
            const Ints codes = bytes_at(block + 48 + step * 32 + j), fifths = bytes_at(block + 16 + j) >> (step * 2);
            use(j, low.of(codes, fifths_of(fifths, 0)));
            use(j + 32, high.of(codes >> 4, fifths_of(fifths, 1)));
        }
    }
};

// A step is one half of the block: 64 bytes of low nibbles, 32 bytes of upper pairs, 8 scales of 16 elements.
struct Q6_K {
    static constexpr int kElements = 256, kBytes = 210, kStep = 128;
    typedef uint8_t Bytes __attribute__((vector_size(32)));
    typedef uint8_t StoredBytes __attribute__((vector_size(32), aligned(1), may_alias));
    const uint8_t* block;
    float scales[16];
    MT_INLINE void open(const uint8_t* place) {
        block = place;
        const Vector scale = half_everywhere(place + 208);
        for (int i = 0; i < 16; i += kWidth) {
            *reinterpret_cast<StoredVector*>(scales + i) = floats(signed_bytes_at(place + 192 + i)) * scale;
        }
    }
    template <class Use>
    MT_INLINE void walk(int step, Use use) const {
        const Bytes first = *reinterpret_cast<const StoredBytes*>(block + step * 64),
                    second = *reinterpret_cast<const StoredBytes*>(block + step * 64 + 32),
                    pairs = *reinterpret_cast<const StoredBytes*>(block + 128 + step * 32);
        const Bytes codes[4] = {(first & 15) | (pairs << 4 & 48), (second & 15) | (pairs << 2 & 48),
                                (first >> 4) | (pairs & 48), (second >> 4) | (pairs >> 2 & 48)};
        uint8_t bytes[128];
        __builtin_memcpy(bytes, codes, sizeof bytes);
        for (int j = 0; j < 128; j += kWidth) {
            const Vector scale = everywhere(scales[step * 8 + j / 16]);
            use(j, (floats(bytes_at(bytes + j)) - 32.0f) * scale);
        }
    }
};

struct Half : AtBlock {
    static constexpr int kElements = 32, kBytes = 64, kStep = 32;
    template <class Use>
    MT_INLINE void walk(int, Use use) const {
        for (int j = 0; j < 32; j += kWidth) use(j, halves_at(block + 2 * j));
    }
    static float one(const uint8_t* place) { return half_to_float(*reinterpret_cast<const UnalignedHalf*>(place)); }
};

struct BrainFloat : AtBlock {
    static constexpr int kElements = 32, kBytes = 64, kStep = 32;
    template <class Use>
    MT_INLINE void walk(int, Use use) const {
        for (int j = 0; j < 32; j += kWidth) use(j, bfloats_at(block + 2 * j));
    }
    static float one(const uint8_t* place) { return bfloat_to_float(*reinterpret_cast<const UnalignedHalf*>(place)); }
};

}  // namespace MT_LANE
}  // namespace microtome

#endif
