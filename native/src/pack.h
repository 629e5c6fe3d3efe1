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

}  // namespace microtome

#endif
