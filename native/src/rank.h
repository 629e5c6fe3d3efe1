// A value and its place as one whole number, so that selections compare one thing.
#ifndef MICROTOME_RANK_H
#define MICROTOME_RANK_H

#include <stdint.h>
#include <string.h>

namespace microtome {

// Orders like the number, NaN above all and both zeros alike, and among equals the lower place as the larger.
inline int64_t rank_of(float value, int64_t place) {
    int32_t bits;
    const float one_zero = value + 0.0f;
    memcpy(&bits, &one_zero, sizeof bits);
    const int32_t ordered = value != value ? INT32_MAX : bits >= 0 ? bits : INT32_MIN - bits;
    return int64_t(ordered) * (int64_t(1) << 32) + (INT32_MAX - place);
}

inline int32_t place_of(int64_t rank) { return int32_t(INT32_MAX - (rank & INT64_C(0xffffffff))); }

inline float value_of(int64_t rank) {
    const int32_t ordered = int32_t(rank >> 32);
    const int32_t bits = ordered >= 0 ? ordered : INT32_MIN - ordered;
    float value;
    memcpy(&value, &bits, sizeof value);
    return value;
}

}  // namespace microtome

#endif
