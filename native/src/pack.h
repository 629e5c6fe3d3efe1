// The packed form of a weight [n, k], on every processor the same: blocks of 64 outputs, each [k, 64] row-major, with k
// padded by zeros. BF16 interleaves pairs of inputs, [k / 2, 64, 2]. oneDNN calls these BA16a64b and BA16a64b2a and is
// at its fastest or near it with them for every number of rows, so one copy serves them all; where oneDNN lacks a
// kernel for them, ours read them.
#ifndef MICROTOME_PACK_H
#define MICROTOME_PACK_H

#include <stdint.h>

#include "microtome/microtome.h"

namespace microtome {

int64_t padded_depth(mt_dtype dtype, int64_t k);
// Fails when the number does not fit.
int64_t packed_bytes(mt_dtype dtype, int64_t n, int64_t k);

// A weight [n, k] as it is stored: rows of any type but I32 and F64, one after the other, at any address.
struct StoredWeight {
    mt_dtype dtype;
    const char* data;
    int64_t n, k;

    int64_t row_bytes() const;
};

// Floats that decoding one block takes in between.
int64_t decoded_floats(const StoredWeight& weight);
// Packs the block of 64 rows from `first_row` on, decoded to F32 or BF16.
void pack_block(const StoredWeight& weight, mt_dtype dtype, int64_t first_row, float* decoded, char* out);

}  // namespace microtome

#endif
