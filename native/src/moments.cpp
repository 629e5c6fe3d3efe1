// mt_moments: blocks of rows, centred by their own mean, multiplied in F32 and merged in F64 (Chan, Golub and LeVeque 1983).
#include <string.h>

#include <algorithm>

#include "kernel_table.h"
#include "parallel.h"
#include "products.h"
#include "view.h"
#include "wide_rows.h"

using namespace microtome;

namespace {

enum : int64_t {
    kRows = 1024,   // summed in F32
    kPanel = 256,   // columns of one product; only those up to the diagonal are computed
    kColumns = 64,  // of one thread at least
    kMirror = 32
};

void check(const View& state, const View& rows, const View& out) {
    require_type(state, {MT_F64});
    require_type(rows, {MT_F32, MT_BF16});
    require_type(out, {MT_F64});
    for (const View* view : {&state, &rows, &out}) {
        require_rank(*view, 2);
        require_contiguous(*view);
    }
    const int64_t width = rows.extent[1];
    MT_REQUIRE(state.extent[0] - 1 == width && state.extent[1] - 1 == width,
               "state must be [%lld + 1, %lld + 1]; it is %s", (long long)width, (long long)width,
               state.shape().c_str());
    require_same_shape(state, out);
    require_disjoint(out, state, true);
    require_disjoint(out, rows);
}

class Moments {
public:
    Moments(mt_engine& engine, const View& rows, double* state)
        : engine_(engine),
          rows_(rows.extent[0]),
          width_(rows.extent[1]),
          block_(std::min<int64_t>(kRows, rows.extent[0])),
          state_(state),
          x_(engine, rows, block_),
          centred_(engine.pool, block_ * width_ * int64_t(sizeof(float))),
          products_(engine.pool, width_ * width_ * int64_t(sizeof(float))),
          vectors_(engine.pool, 4 * width_ * int64_t(sizeof(double))),
          rest_(vectors_.as<double>()),
          delta_(rest_ + width_),
          sums_(delta_ + width_),
          shift_(reinterpret_cast<float*>(sums_ + width_)) {}

    void run() {
        for (int64_t first = 0; first < rows_; first += block_) {
            add(first, std::min(block_, rows_ - first));
        }
        mirror();
    }

private:
    double* scatter(int64_t row) const { return state_ + (row + 1) * (width_ + 1) + 1; }

    void add(int64_t first, int64_t count) {
        const float* x = x_.rows(first, count);
        const double before = state_[0], total = before + double(count);
        double* mean = state_ + 1;
        // The shift is the block's mean as a float: what is left of the mean is put right in F64.
        parallel_ranges(width_, kColumns, [&](int64_t begin, int64_t end, int) {
            std::fill(sums_ + begin, sums_ + end, 0.0);
            for (int64_t r = 0; r < count; ++r) {
                kernels().add_to_doubles(x + r * width_ + begin, sums_ + begin, end - begin);
            }
            for (int64_t j = begin; j < end; ++j) {
                const double own = sums_[j] / double(count);
                shift_[j] = float(own);
                rest_[j] = own - double(shift_[j]);
                delta_[j] = own - mean[j];
            }
            kernels().centre_transposed(x + begin, width_, shift_ + begin, centred_.as<float>() + begin * count, count,
                                        count, end - begin);
        });
        multiply(count);
        const double weight = before * double(count) / total;
        parallel_ranges(width_, rows_per_grain(width_), [&](int64_t begin, int64_t end, int) {
            for (int64_t i = begin; i < end; ++i) {
                kernels().add_centred(products_.as<float>() + i * width_, weight * delta_[i], delta_,
                                      double(count) * rest_[i], rest_, scatter(i), i + 1);
            }
        });
        for (int64_t j = 0; j < width_; ++j) mean[j] += delta_[j] * (double(count) / total);
        state_[0] = total;
    }

    // The lower triangle, by panels.
    void multiply(int64_t count) const {
        const float* centred = centred_.as<float>();
        for (int64_t first = 0; first < width_; first += kPanel) {
            Product p;
            p.m = width_ - first;
            p.n = std::min<int64_t>(kPanel, p.m);
            p.k = p.left_row = p.right_column = count;
            p.right_row = 1;
            p.out_row = width_;
            const float* from = centred + first * count;
            multiply_f32(*engine_.products, engine_.pool, p,
                         {from, from, nullptr, products_.as<float>() + first * width_ + first});
        }
    }

    void mirror() const {
        parallel_ranges(width_, kMirror, [&](int64_t begin, int64_t end, int) {
            for (int64_t j0 = begin; j0 < width_; j0 += kMirror) {
                for (int64_t i = begin; i < end; ++i) {
                    const int64_t last = std::min(j0 + kMirror, width_);
                    for (int64_t j = std::max(j0, i + 1); j < last; ++j) scatter(i)[j] = scatter(j)[i];
                }
            }
        });
    }

    mt_engine& engine_;
    const int64_t rows_, width_, block_;
    double* state_;
    const WideRows x_;
    const Scratch centred_, products_, vectors_;
    double *rest_, *delta_, *sums_;  // of the block in hand: what the shift leaves of its mean, its way to the old mean
    float* shift_;
};

}  // namespace

extern "C" mt_status mt_moments(mt_engine* engine, const mt_tensor* state, const mt_tensor* rows,
                                const mt_tensor* out) {
    return entry(engine, "mt_moments", [&](mt_engine& own) {
        const View before = read(own, state, "state"), x = read(own, rows, "rows"), after = written(own, out, "out");
        check(before, x, after);
        if (after.data != before.data) memcpy(after.data, before.data, size_t(after.elements) * sizeof(double));
        if (x.elements == 0 && x.extent[1] > 0) return;
        if (x.elements == 0) {
            reinterpret_cast<double*>(after.data)[0] += double(x.extent[0]);
            return;
        }
        Moments(own, x, reinterpret_cast<double*>(after.data)).run();
    });
}
