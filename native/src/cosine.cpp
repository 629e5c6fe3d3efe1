// mt_cosine: blocks of the result, multiplied and divided by their norms while they are in the cache.
#include <algorithm>
#include <cmath>
#include <vector>

#include "kernel_table.h"
#include "parallel.h"
#include "products.h"
#include "view.h"
#include "wide_rows.h"

using namespace microtome;

namespace {

enum : int64_t { kRows = 512, kColumns = 1024 };

void check(const View& x, const View& y, const View& out) {
    require_type(x, {MT_F32, MT_BF16});
    require_type(y, {MT_F32, MT_BF16});
    require_type(out, {MT_F32});
    for (const View* view : {&x, &y, &out}) {
        require_rank(*view, 2);
        require_contiguous(*view);
    }
    MT_REQUIRE(x.extent[1] == y.extent[1], "x %s and y %s must have one width", x.shape().c_str(), y.shape().c_str());
    MT_REQUIRE(out.extent[0] == x.extent[0] && out.extent[1] == y.extent[0], "out must be [%lld, %lld]; it is %s",
               (long long)x.extent[0], (long long)y.extent[0], out.shape().c_str());
    require_disjoint(out, x);
    require_disjoint(out, y);
}

// 1 / |row|, or 0 for a row of zeros.
void invert_norms(const float* rows, int64_t count, int64_t width, float* out) {
    parallel_ranges(count, rows_per_grain(width), [&](int64_t begin, int64_t end, int) {
        for (int64_t r = begin; r < end; ++r) {
            const double squares = kernels().sum_of_squares(rows + r * width, width);
            out[r] = squares == 0 ? 0.0f : float(1 / std::sqrt(squares));
        }
    });
}

void multiply(mt_engine& engine, const float* x, const float* y, int64_t rows, int64_t columns, int64_t width,
              float* out, int64_t out_row) {
    Product p;
    p.m = rows;
    p.n = columns;
    p.k = p.left_row = p.right_column = width;
    p.right_row = 1;
    p.out_row = out_row;
    multiply_f32(*engine.products, engine.pool, p, {x, y, nullptr, out});
}

void cosine(mt_engine& engine, const View& x, const View& y, float* out) {
    const int64_t rows = x.extent[0], columns = y.extent[0], width = x.extent[1];
    const WideRows left(engine, x, std::min<int64_t>(kRows, rows)),
        right(engine, y, std::min<int64_t>(kColumns, columns));
    std::vector<float> of_rows(static_cast<size_t>(rows)), of_columns(size_t(std::min<int64_t>(kColumns, columns)));
    for (int64_t i = 0; i < rows; i += kRows) {
        const int64_t count = std::min<int64_t>(kRows, rows - i);
        invert_norms(left.rows(i, count), count, width, of_rows.data() + i);
    }
    for (int64_t j = 0; j < columns; j += kColumns) {
        const int64_t across = std::min<int64_t>(kColumns, columns - j);
        const float* some = right.rows(j, across);
        invert_norms(some, across, width, of_columns.data());
        for (int64_t i = 0; i < rows; i += kRows) {
            const int64_t down = std::min<int64_t>(kRows, rows - i);
            float* block = out + i * columns + j;
            multiply(engine, left.rows(i, down), some, down, across, width, block, columns);
            parallel_ranges(down, rows_per_grain(across), [&](int64_t begin, int64_t end, int) {
                for (int64_t r = begin; r < end; ++r) {
                    kernels().scale(block + r * columns, of_rows[size_t(i + r)], of_columns.data(), across);
                }
            });
        }
    }
}

}  // namespace

extern "C" mt_status mt_cosine(mt_engine* engine, const mt_tensor* x, const mt_tensor* y, const mt_tensor* out) {
    return entry(engine, "mt_cosine", [&](mt_engine& own) {
        const View left = read(own, x, "x"), right = read(own, y, "y"), result = written(own, out, "out");
        check(left, right, result);
        float* values = reinterpret_cast<float*>(result.data);
        if (left.extent[1] == 0) std::fill_n(values, result.elements, 0.0f);
        if (left.extent[1] == 0 || result.elements == 0) return;
        cosine(own, left, right, values);
    });
}
