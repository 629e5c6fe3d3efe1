// How the rows of a weight are stored: each format gives kWidth decoded weights at a time, equal to what decode_blocks
// makes of them. `walk` calls use(place, weights) for every kWidth elements of one step of a block.
#ifndef MICROTOME_LANES_FORMATS_H
#define MICROTOME_LANES_FORMATS_H

#include "vectors.h"

namespace microtome {
namespace MT_LANE {

#define MT_INLINE inline __attribute__((always_inline))

// What the codes 0 .. 15 stand for. Looking them up is cheaper than computing them where a register holds all.
#if defined(__AVX512F__)
struct Levels {
    Vector table;
    MT_INLINE Levels(Vector scale, Vector offset) : table(scale * counts() + offset) {}
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

// kWidth bits of a word from bit `first` on, as 0 or 16.
MT_INLINE Ints fifth_bits(uint32_t word, int first) {
    Ints place;
    for (int i = 0; i < kWidth; ++i) place[i] = int32_t(1u << i);
    const Ints bits = Ints{} + int32_t(word >> first);
    return Ints((bits & place) != 0) & 16;
}

template <class Use>
MT_INLINE void walk_five_bits(const uint8_t* quants, uint32_t fifth, Vector scale, Vector offset, Use use) {
    for (int j = 0; j < 16; j += kWidth) {
        const Ints codes = bytes_at(quants + j);
        use(j, floats((codes & 15) | fifth_bits(fifth, j)) * scale + offset);
        use(j + 16, floats((codes >> 4) | fifth_bits(fifth, j + 16)) * scale + offset);
    }
}

inline uint32_t word_at(const uint8_t* bytes) { return uint32_t(*reinterpret_cast<const UnalignedInt*>(bytes)); }

struct Q4_0 {
    static constexpr int kElements = 32, kBytes = 18, kStep = 32;
    template <class Use>
    static MT_INLINE void walk(const uint8_t* block, int, Use use) {
        walk_nibbles(block + 2, Levels(half_everywhere(block), -8.0f), use);
    }
};

struct Q4_1 {
    static constexpr int kElements = 32, kBytes = 20, kStep = 32;
    template <class Use>
    static MT_INLINE void walk(const uint8_t* block, int, Use use) {
        walk_nibbles(block + 4, Levels(half_everywhere(block), half_everywhere(block + 2)), use);
    }
};

struct Q5_0 {
    static constexpr int kElements = 32, kBytes = 22, kStep = 32;
    template <class Use>
    static MT_INLINE void walk(const uint8_t* block, int, Use use) {
        const Vector scale = half_everywhere(block);
        walk_five_bits(block + 6, word_at(block + 2), scale, scale * -16.0f, use);
    }
};

struct Q5_1 {
    static constexpr int kElements = 32, kBytes = 24, kStep = 32;
    template <class Use>
    static MT_INLINE void walk(const uint8_t* block, int, Use use) {
        walk_five_bits(block + 8, word_at(block + 4), half_everywhere(block), half_everywhere(block + 2), use);
    }
};

struct Q8_0 {
    static constexpr int kElements = 32, kBytes = 34, kStep = 32;
    template <class Use>
    static MT_INLINE void walk(const uint8_t* block, int, Use use) {
        const Vector scale = half_everywhere(block);
        for (int j = 0; j < 32; j += kWidth) use(j, floats(signed_bytes_at(block + 2 + j)) * scale);
    }
};

// Scale and minimum of a group of 32, from the twelve bytes that hold eight pairs of 6-bit numbers.
struct Group {
    Vector scale, offset;
    MT_INLINE Group(const uint8_t* block, int group) {
        const uint8_t* bytes = block + 4;
        const int low = group & 3;
        const bool second = group > 3;
        const int s = second ? (bytes[low + 8] & 15) | (bytes[low] >> 6) << 4 : bytes[low] & 63;
        const int m = second ? (bytes[low + 8] >> 4) | (bytes[low + 4] >> 6) << 4 : bytes[low + 4] & 63;
        scale = half_everywhere(block) * float(s);
        offset = half_everywhere(block + 2) * float(-m);
    }
};

// A step is two groups: the low nibbles of 32 bytes, and their high nibbles.
struct Q4_K {
    static constexpr int kElements = 256, kBytes = 144, kStep = 64;
    template <class Use>
    static MT_INLINE void walk(const uint8_t* block, int step, Use use) {
        const Group one(block, step * 2), two(block, step * 2 + 1);
        const Levels low(one.scale, one.offset), high(two.scale, two.offset);
        const uint8_t* quants = block + 16 + step * 32;
        for (int j = 0; j < 32; j += kWidth) {
            const Ints codes = bytes_at(quants + j);
            use(j, low.of(codes));
            use(j + 32, high.of(codes >> 4));
        }
    }
};

struct Q5_K {
    static constexpr int kElements = 256, kBytes = 176, kStep = 64;
    template <class Use>
    static MT_INLINE void walk(const uint8_t* block, int step, Use use) {
        const Group low(block, step * 2), high(block, step * 2 + 1);
        const uint8_t* quants = block + 48 + step * 32;
        for (int j = 0; j < 32; j += kWidth) {
            const Ints codes = bytes_at(quants + j), fifth = bytes_at(block + 16 + j) >> (step * 2);
            use(j, floats((codes & 15) | (fifth & 1) << 4) * low.scale + low.offset);
            use(j + 32, floats((codes >> 4) | (fifth & 2) << 3) * high.scale + high.offset);
        }
    }
};

// A step is one half of the block: 64 bytes of low nibbles, 32 bytes of upper pairs, 8 scales of 16 elements.
struct Q6_K {
    static constexpr int kElements = 256, kBytes = 210, kStep = 128;
    template <class Use>
    static MT_INLINE void walk(const uint8_t* block, int step, Use use) {
        const Vector scale = half_everywhere(block + 208);
        const uint8_t *low = block + step * 64, *upper = block + 128 + step * 32, *scales = block + 192 + step * 8;
        for (int j = 0; j < 32; j += kWidth) {
            const Ints first = bytes_at(low + j), second = bytes_at(low + 32 + j), pairs = bytes_at(upper + j);
            const auto give = [&](int quarter, Ints nibbles, Ints above) {
                const Vector own = scale * float(int8_t(scales[quarter * 2 + j / 16]));
                use(j + quarter * 32, floats((nibbles | above << 4) - 32) * own);
            };
            give(0, first & 15, pairs & 3);
            give(1, second & 15, pairs >> 2 & 3);
            give(2, first >> 4, pairs >> 4 & 3);
            give(3, second >> 4, pairs >> 6);
        }
    }
};

struct Half {
    static constexpr int kElements = 32, kBytes = 64, kStep = 32;
    template <class Use>
    static MT_INLINE void walk(const uint8_t* block, int, Use use) {
        for (int j = 0; j < 32; j += kWidth) use(j, halves_at(block + 2 * j));
    }
    static float one(const uint8_t* place) { return half_to_float(*reinterpret_cast<const UnalignedHalf*>(place)); }
};

struct BrainFloat {
    static constexpr int kElements = 32, kBytes = 64, kStep = 32;
    template <class Use>
    static MT_INLINE void walk(const uint8_t* block, int, Use use) {
        for (int j = 0; j < 32; j += kWidth) use(j, bfloats_at(block + 2 * j));
    }
    static float one(const uint8_t* place) { return bfloat_to_float(*reinterpret_cast<const UnalignedHalf*>(place)); }
};

}  // namespace MT_LANE
}  // namespace microtome

#endif
