// F32 activations times packed BF16 weights: half the memory of F32 weights and the same answer.
#ifndef MICROTOME_BF16_WEIGHTS_H
#define MICROTOME_BF16_WEIGHTS_H

#include "engine.h"
#include "products.h"

namespace microtome {

// The product names BF16 packed weights, F32 elsewhere. oneDNN has such products too, but 3.13 sums them wrongly,
// without an error, for k above 512 (1024 with AVX2; fixed upstream by pull request 6002), and it wants another packing
// for them than for BF16 activations. Widening BF16 is exact and costs one pass over a panel that stays in the cache.
void multiply_bf16_weights(mt_engine& engine, const Product& product, const ProductData& data);

}  // namespace microtome

#endif
