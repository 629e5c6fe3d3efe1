// Products of F32 activations: the choice between the library and our own kernels, and BF16 or stored weights for many
// rows.
#include "kernel_table.h"
#include "pack.h"
#include "parallel.h"
#include "products.h"

namespace microtome {
namespace {

constexpr int64_t kPanelFloats = 384 << 10;  // a widened panel: 1.5 MB, the second-level caches of two cores

// The weights are decoded to packed F32, as many columns at a time as stay in the cache: `build` makes one block of
// columns, from one on. oneDNN has products of F32 with BF16 weights too, but 3.13 sums them wrongly, without an error,
// for k above 512 (1024 with AVX2; fixed upstream by pull request 6002), and it wants another packing for them than for
// BF16 activations. Decoding is exact and costs one pass.
template <class Build>
void multiply_panels(ProductLibrary& library, Pool& pool, Product p, const ProductData& data, Build build) {
    const int64_t depth = padded_depth(MT_F32, p.k), n = p.n;
    const int64_t fit = kPanelFloats / depth / kBlockColumns * kBlockColumns;
    const int64_t columns = std::min(n, std::max<int64_t>(fit, 2 * kBlockColumns));
    const int64_t blocks = (columns + kBlockColumns - 1) / kBlockColumns;
    const Scratch panel(pool, blocks * kBlockColumns * depth * int64_t(sizeof(float)));
    p.right_type = MT_F32;
    p.right_form = Product::kPacked;
    for (int64_t first = 0; first < n; first += columns) {
        p.n = std::min(columns, n - first);
        parallel_ranges((p.n + kBlockColumns - 1) / kBlockColumns, 1, [&](int64_t begin, int64_t end, int thread) {
            for (int64_t column = begin * kBlockColumns; column < end * kBlockColumns; column += kBlockColumns) {
                build(first + column, panel.as<float>() + column * depth, thread);
            }
        });
        const float* addend = data.addend == nullptr ? nullptr : static_cast<const float*>(data.addend) + first;
        const ProductData part = {data.left, panel.as<float>(), addend, static_cast<float*>(data.out) + first};
        if (p.m <= kOwnRows || !library.multiply(pool, p, part)) multiply_by_own_kernels(pool, p, part);
    }
}

void multiply_bf16(ProductLibrary& library, Pool& pool, const Product& p, const ProductData& data) {
    const int64_t depth = padded_depth(MT_F32, p.k), packed_depth = padded_depth(MT_BF16, p.k);
    multiply_panels(library, pool, p, data, [&](int64_t column, float* block, int) {
        kernels().unpack_bf16(static_cast<const uint16_t*>(data.right) + column * packed_depth, block, depth);
    });
}

void multiply_stored(ProductLibrary& library, Pool& pool, const Product& p, const ProductData& data) {
    if (p.m <= kFewRowsOfStored) return multiply_stored_rows(p, data);
    const StoredWeight weight = {p.right_type, static_cast<const char*>(data.right), p.n, p.k};
    const int64_t floats = decoded_floats(weight);
    const Scratch decoded(pool, omp_get_max_threads() * floats * int64_t(sizeof(float)));
    multiply_panels(library, pool, p, data, [&](int64_t column, float* block, int thread) {
        pack_block(weight, MT_F32, column, decoded.as<float>() + thread * floats, reinterpret_cast<char*>(block));
    });
}

}  // namespace

bool has_plain_rows(const Product& p) {
    const int64_t right_step = std::max(p.right_row, p.right_column), right_inner = p.right_row == 1 ? p.k : p.n;
    return p.left_row >= p.k && (p.right_form == Product::kPacked || right_step >= right_inner);
}

void multiply_f32(ProductLibrary& library, Pool& pool, const Product& p, const ProductData& data) {
    if (p.right_form == Product::kStored) return multiply_stored(library, pool, p, data);
    const bool packed = p.right_form == Product::kPacked;
    if ((packed && p.m <= kOwnRows) || !has_plain_rows(p)) return multiply_by_own_kernels(pool, p, data);
    if (p.right_type == MT_BF16) return multiply_bf16(library, pool, p, data);
    if (!library.multiply(pool, p, data)) multiply_by_own_kernels(pool, p, data);
}

}  // namespace microtome
