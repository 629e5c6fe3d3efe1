// Matrix products, as the matrix library sees them.
#ifndef MICROTOME_PRODUCTS_H
#define MICROTOME_PRODUCTS_H

#include <stdint.h>

#include <memory>

#include "microtome/microtome.h"
#include "pool.h"

namespace microtome {

// out[b.., m, n] = left[b.., m, k] * right[b.., k, n] + addend. Strides count elements. Also the key of the cache of
// compiled kernels, so it holds everything that a kernel depends on, and nothing else, and no padding.
struct Product {
    // Stored: rows [n, k] of any type, one after the other; decoded on the way.
    enum Form : int32_t { kPlain = 0, kPacked = 1, kStored = 2 };
    enum Addend : int32_t { kNone = 0, kRow = 1, kFull = 2 };  // [n], or the extents and strides of out

    mt_dtype left_type = MT_F32, right_type = MT_F32, out_type = MT_F32;
    int32_t right_form = kPlain;
    int32_t addend_form = kNone;
    int32_t axes = 0;  // of the batch
    int64_t m = 0, n = 0, k = 0;
    int64_t batch[MT_MAX_RANK] = {}, left_batch[MT_MAX_RANK] = {}, right_batch[MT_MAX_RANK] = {},
            out_batch[MT_MAX_RANK] = {};  // a stride of 0 reads the same matrix again
    int64_t left_row = 0, right_row = 0, right_column = 0, out_row = 0;

    void add_batch(int64_t extent, int64_t left, int64_t right, int64_t out);
    int64_t batches() const;
};

struct ProductData {
    const void* left;
    const void* right;
    const void* addend;
    void* out;
};

class ProductLibrary {
public:
    ProductLibrary();
    ~ProductLibrary();

    // False, with nothing of use done, when the library has no compiled kernel for this product: its fallback is a
    // hundred times slower than ours and is never used. A long product is computed in pieces and looks between them
    // whether it shall stop.
    bool multiply(Pool& pool, const Product& product, const ProductData& data);
    // Whether the processor multiplies BF16 matrices directly.
    bool multiplies_bf16() const;

private:
    bool multiply_at_once(Pool& pool, const Product& product, const ProductData& data);

    struct State;
    std::unique_ptr<State> state_;
};

// The same by our own kernels, on every processor: F32 all over, or packed BF16 on the right.
void multiply_by_own_kernels(Pool& pool, const Product& product, const ProductData& data);

// The same for a stored right operand and few rows.
void multiply_stored_rows(const Product& product, const ProductData& data);

// Adds the addend to `rows` rows of `columns` elements of out, of which the first is element `place` of out and stands
// in column `first`.
void add_addend(const Product& product, const ProductData& data, int64_t place, int64_t first, int64_t rows,
                int64_t columns);

// Up to this many rows our own kernels are as fast as the library's on packed weights or faster, and up to this many
// they beat its BF16 products: they read memory at its full speed and are never compiled anew.
enum : int64_t { kOwnRows = 64, kOwnRowsOfBf16 = 4 };
// Up to this many rows decoding a stored weight anew for every eight of them costs less than a decoded panel.
enum : int64_t { kFewRowsOfStored = 16 };

// Whether the library can read these strides: rows one after the other, none over another.
bool has_plain_rows(const Product& product);

// Any product of F32 on the left, F32, packed BF16 or a stored weight on the right, F32 out, by the fastest way.
void multiply_f32(ProductLibrary& library, Pool& pool, const Product& product, const ProductData& data);

}  // namespace microtome

#endif
