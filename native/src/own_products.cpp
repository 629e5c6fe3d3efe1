// Matrix products by the kernels of lanes/product.cpp: for processors and shapes for which the library has none.
#include "kernel_table.h"
#include "pack.h"
#include "parallel.h"
#include "products.h"

namespace microtome {
namespace {

struct Offsets {
    int64_t left = 0, right = 0, out = 0;
};

Offsets offsets_of(const Product& p, int64_t index) {
    Offsets offsets;
    for (int i = p.axes - 1; i >= 0; --i) {
        const int64_t at = index % p.batch[i];
        index /= p.batch[i];
        offsets.left += at * p.left_batch[i];
        offsets.right += at * p.right_batch[i];
        offsets.out += at * p.out_batch[i];
    }
    return offsets;
}

void add_addend(const Product& p, const float* addend, int64_t first_column, int64_t columns, float* out) {
    const float* source = addend + first_column;
    const int64_t step = p.addend_form == Product::kFull ? p.out_row : 0;
    for (int64_t r = 0; r < p.m; ++r) {
        float* row = out + r * p.out_row;
        kernels().binary(MT_ADD, MT_F32, row, 1, source + r * step, 1, row, columns);
    }
}

}  // namespace

void multiply_by_own_kernels(Pool& pool, const Product& p, const ProductData& data) {
    const int64_t blocks = (p.n + kBlockColumns - 1) / kBlockColumns, depth = padded_depth(MT_F32, p.k);
    const bool packed = p.right_form == Product::kPacked;
    const int64_t panel = packed ? 0 : kBlockColumns * depth;
    const Scratch panels(pool, omp_get_max_threads() * panel * int64_t(sizeof(float)));
    parallel_ranges(p.batches() * blocks, 1, [&](int64_t begin, int64_t end, int thread) {
        for (int64_t task = begin; task < end; ++task) {
            const Offsets at = offsets_of(p, task / blocks);
            const int64_t first = task % blocks * kBlockColumns, columns = std::min(kBlockColumns + 0, p.n - first);
            const float* right = static_cast<const float*>(data.right);
            float* out = static_cast<float*>(data.out) + at.out + first;
            const float* block = right + first * depth;
            if (!packed) {
                float* own = panels.as<float>() + thread * panel;
                kernels().pack_f32(right + at.right + first * p.right_column, p.right_column, p.right_row, columns, p.k,
                                   p.k, own);
                block = own;
            }
            kernels().product_f32(static_cast<const float*>(data.left) + at.left, p.left_row, block, out, p.out_row,
                                  p.m, columns, p.k);
            if (p.addend_form == Product::kNone) continue;
            const int64_t shift = p.addend_form == Product::kFull ? at.out : 0;
            add_addend(p, static_cast<const float*>(data.addend) + shift, first, columns, out);
        }
    });
}

}  // namespace microtome
