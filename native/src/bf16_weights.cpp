#include "bf16_weights.h"

#include "kernel_table.h"
#include "pack.h"
#include "parallel.h"

namespace microtome {
namespace {

constexpr int64_t kFewRows = 4;              // up to here the weights are read where they lie
constexpr int64_t kPanelFloats = 384 << 10;  // a widened panel: 1.5 MB, the second-level caches of two cores

Product with_columns(Product p, int64_t columns) {
    p.right_type = MT_F32;
    p.n = columns;
    return p;
}

// The matrices of the batch one after the other share the weights; every row is a product of its own.
void multiply_rows(const Product& p, const ProductData& data) {
    const int64_t blocks = (p.n + kBlockColumns - 1) / kBlockColumns, depth = padded_depth(MT_BF16, p.k);
    parallel_ranges(blocks, 1, [&](int64_t begin, int64_t end, int) {
        for (int64_t b = begin; b < end; ++b) {
            const int64_t first = b * kBlockColumns, columns = std::min(kBlockColumns + 0, p.n - first);
            const uint16_t* block = static_cast<const uint16_t*>(data.right) + first * depth;
            for (int64_t r = 0; r < p.m; ++r) {
                float* out = static_cast<float*>(data.out) + r * p.out_row + first;
                kernels().row_product_bf16(static_cast<const float*>(data.left) + r * p.left_row, block, out, columns,
                                           p.k);
                if (p.addend_form == Product::kNone) continue;
                const int64_t row = p.addend_form == Product::kFull ? r * p.out_row : 0;
                const float* addend = static_cast<const float*>(data.addend) + row + first;
                kernels().binary(MT_ADD, MT_F32, out, 1, addend, 1, out, columns);
            }
        }
    });
}

void multiply_panels(mt_engine& engine, const Product& p, const ProductData& data) {
    const int64_t depth = padded_depth(MT_F32, p.k), bf16_depth = padded_depth(MT_BF16, p.k);
    const int64_t fit = kPanelFloats / depth / kBlockColumns * kBlockColumns;
    const int64_t columns = std::min(p.n, std::max<int64_t>(fit, 2 * kBlockColumns));
    const int64_t blocks = (columns + kBlockColumns - 1) / kBlockColumns;
    const Scratch panel(engine.pool, blocks * kBlockColumns * depth * int64_t(sizeof(float)));
    for (int64_t first = 0; first < p.n; first += columns) {
        const int64_t part = std::min(columns, p.n - first);
        parallel_ranges((part + kBlockColumns - 1) / kBlockColumns, 1, [&](int64_t begin, int64_t end, int) {
            for (int64_t b = begin; b < end; ++b) {
                const int64_t column = b * kBlockColumns;
                kernels().unpack_bf16(static_cast<const uint16_t*>(data.right) + (first + column) * bf16_depth,
                                      panel.as<float>() + column * depth, depth);
            }
        });
        const float* addend = data.addend == nullptr ? nullptr : static_cast<const float*>(data.addend) + first;
        const ProductData part_data = {data.left, panel.as<float>(), addend, static_cast<float*>(data.out) + first};
        multiply_f32(*engine.products, engine.pool, with_columns(p, part), part_data);
    }
}

}  // namespace

void multiply_bf16_weights(mt_engine& engine, const Product& p, const ProductData& data) {
    if (p.m <= kFewRows && p.axes == 0) {
        multiply_rows(p, data);
    } else {
        multiply_panels(engine, p, data);
    }
}

}  // namespace microtome
