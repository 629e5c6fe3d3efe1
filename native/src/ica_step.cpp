// mt_ica_step: some samples at a time, both products of them while they are in the cache.
#include <algorithm>
#include <cmath>

#include "dense.h"
#include "kernel_table.h"
#include "parallel.h"
#include "products.h"
#include "view.h"
#include "wide_rows.h"

using namespace microtome;

namespace {

enum : int64_t { kSamples = 1024 };  // summed in F32

void check(const View& z, const View& w, const View& out) {
    require_type(z, {MT_F32, MT_BF16});
    require_type(w, {MT_F32});
    require_type(out, {MT_F32});
    for (const View* view : {&z, &w, &out}) {
        require_rank(*view, 2);
        require_contiguous(*view);
    }
    MT_REQUIRE(z.extent[1] == w.extent[1], "z %s and w %s must have one width", z.shape().c_str(), w.shape().c_str());
    MT_REQUIRE(out.extent[0] == w.extent[0] && out.extent[1] - 1 == w.extent[1],
               "out must be [%lld, %lld + 1]; it is %s", (long long)w.extent[0], (long long)w.extent[1],
               out.shape().c_str());
    require_disjoint(out, z);
    require_disjoint(out, w);
}

class Step {
public:
    Step(mt_engine& engine, mt_contrast_kind kind, float alpha, const View& z, const View& w)
        : engine_(engine),
          kind_(kind),
          alpha_(alpha),
          w_(engine, w, MT_F32),
          components_(w.extent[0]),
          inputs_(w.extent[1]),
          block_(std::min<int64_t>(kSamples, z.extent[0])),
          samples_(z.extent[0]),
          z_(engine, z, block_),
          y_(engine.pool, bytes(components_ * block_)),
          part_(engine.pool, bytes(components_ * inputs_)),
          sums_(engine.pool, components_ * (inputs_ + 1) * int64_t(sizeof(double))) {
        std::fill_n(sums_.as<double>(), components_ * (inputs_ + 1), 0.0);
    }

    void run() {
        for (int64_t first = 0; first < samples_; first += block_) {
            add(first, std::min(block_, samples_ - first));
        }
    }

    // [components, inputs] of products and [components] of slopes, as out has them.
    void write(float* out) const {
        const double samples = double(samples_);
        const double *products = sums_.as<double>(), *slopes = products + components_ * inputs_;
        for (int64_t i = 0; i < components_; ++i) {
            for (int64_t j = 0; j < inputs_; ++j) *out++ = float(products[i * inputs_ + j] / samples);
            *out++ = float(slopes[i] / samples);
        }
    }

private:
    static int64_t bytes(int64_t floats) { return floats * int64_t(sizeof(float)); }

    // y^T = w z^T, so that a component's values lie side by side and g(y)^T is the left of the next product.
    void add(int64_t first, int64_t count) {
        const float* z = z_.rows(first, count);
        float* y = y_.as<float>();
        Product p;
        p.m = components_;
        p.n = p.out_row = count;
        p.k = p.left_row = p.right_column = inputs_;
        p.right_row = 1;
        if (inputs_ == 0) {
            std::fill_n(y, components_ * count, 0.0f);
        } else {
            multiply_f32(*engine_.products, engine_.pool, p, {w_.view().data, z, nullptr, y});
        }
        double* slopes = sums_.as<double>() + components_ * inputs_;
        parallel_ranges(components_, rows_per_grain(count * 4), [&](int64_t begin, int64_t end, int) {
            for (int64_t i = begin; i < end; ++i) {
                slopes[i] += double(kernels().contrast(kind_, alpha_, y + i * count, count));
            }
        });
        if (inputs_ == 0) return;
        Product q;
        q.m = components_;
        q.n = q.out_row = q.right_row = inputs_;
        q.k = q.left_row = count;
        q.right_column = 1;
        multiply_f32(*engine_.products, engine_.pool, q, {y, z, nullptr, part_.as<float>()});
        parallel_ranges(components_ * inputs_, kGrain, [&](int64_t begin, int64_t end, int) {
            kernels().add_to_doubles(part_.as<float>() + begin, sums_.as<double>() + begin, end - begin);
        });
    }

    mt_engine& engine_;
    const mt_contrast_kind kind_;
    const float alpha_;
    const Dense w_;
    const int64_t components_, inputs_, block_, samples_;
    const WideRows z_;
    const Scratch y_, part_, sums_;
};

}  // namespace

extern "C" mt_status mt_ica_step(mt_engine* engine, mt_contrast_kind kind, float alpha, const mt_tensor* z,
                                 const mt_tensor* w, const mt_tensor* out) {
    return entry(engine, "mt_ica_step", [&](mt_engine& own) {
        MT_REQUIRE(kind >= MT_LOGCOSH && kind <= MT_CUBE, "%d is not a contrast; need 0 to 2", kind);
        MT_REQUIRE(std::isfinite(alpha), "alpha is %g; need a finite number", double(alpha));
        const View samples = read(own, z, "z"), unmixing = read(own, w, "w"), y = written(own, out, "out");
        check(samples, unmixing, y);
        if (y.elements == 0) return;
        Step step(own, kind, alpha, samples, unmixing);
        step.run();
        step.write(reinterpret_cast<float*>(y.data));
    });
}
