// Products of few rows with weights as they are stored in a file.
#include "kernel_table.h"
#include "pack.h"
#include "parallel.h"
#include "products.h"

namespace microtome {
namespace {

constexpr int64_t kLeastShare = 32768;  // weights that are worth a second thread
constexpr int64_t kColumnStep = 4;      // columns that the kernels take at once

}  // namespace

void multiply_stored_rows(const Product& p, const ProductData& data) {
    const StoredWeight weight = {p.right_type, static_cast<const char*>(data.right), p.n, p.k};
    const int64_t row_bytes = weight.row_bytes();
    const int64_t grain = (kLeastShare / p.k / kColumnStep + 1) * kColumnStep;
    parallel_ranges(p.n, grain, [&](int64_t begin, int64_t end, int) {
        float* out = static_cast<float*>(data.out) + begin;
        kernels().product_stored(p.right_type, static_cast<const float*>(data.left), p.left_row,
                                 weight.data + begin * row_bytes, row_bytes, out, p.out_row, p.m, end - begin, p.k);
        add_addend(p, data, begin, begin, p.m, end - begin);
    });
}

}  // namespace microtome
