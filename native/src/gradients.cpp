// The gradients of mt_softmax, mt_rms_norm, mt_layer_norm, mt_gated_activation and of cross-entropy. The upstream may
// hold several gradients one after another: its rows go round the stored rows.
#include <string.h>

#include <cmath>

#include "kernel_table.h"
#include "parallel.h"
#include "view.h"

using namespace microtome;

namespace {

const float* floats(const Aligned& view) { return reinterpret_cast<const float*>(view.data()); }

// F32, contiguous, and apart from the result.
void check_stored(const View& out, std::initializer_list<const View*> stored) {
    for (const View* view : stored) {
        require_type(*view, {MT_F32});
        require_contiguous(*view);
        require_disjoint(out, *view);
    }
    require_type(out, {MT_F32});
    require_contiguous(out);
}

// The upstream has the shape of the result, with any axes in front.
void check_batch(const View& upstream, const View& result, int rank) {
    const int added = upstream.rank - rank;
    const bool fits = added >= 0 && std::equal(result.extent, result.extent + rank, upstream.extent + added);
    MT_REQUIRE(fits, "upstream is %s; need the extents of %s %s%s, with any in front", upstream.shape().c_str(),
               result.name, result.shape().c_str(), rank < result.rank ? " without the last" : "");
}

void check_gain(const View& in, const View& gain) {
    MT_REQUIRE(in.rank > 0, "in has no axis to normalise");
    MT_REQUIRE(gain.rank == 1 && gain.width() == in.width(), "gain must be [%lld]; it is %s", (long long)in.width(),
               gain.shape().c_str());
}

// Calls body(first stored, first of the upstream, count) for pieces that lie in one round of the stored ones.
template <class Body>
void rounds(int64_t stored, int64_t begin, int64_t end, Body body) {
    while (begin < end) {
        const int64_t at = begin % stored, count = std::min(stored - at, end - begin);
        body(at, begin, count);
        begin += count;
    }
}

// u becomes the gradient of (x - mean) / sqrt(variance + epsilon) * gain; sums in double, as the norm's own.
void layer_norm_gradient(const float* x, const float* gain, const float* u, float epsilon, float* out, int64_t width) {
    double sum = 0, weights = 0, squares = 0, products = 0;
    for (int64_t c = 0; c < width; ++c) sum += double(x[c]);
    const double mean = sum / double(width);
    for (int64_t c = 0; c < width; ++c) {
        const double centred = double(x[c]) - mean, weighted = double(gain[c]) * double(u[c]);
        squares += centred * centred;
        weights += weighted;
        products += weighted * centred;
    }
    const double variance = squares / double(width) + double(epsilon), factor = 1.0 / std::sqrt(variance);
    const double along = products / double(width) / variance, shift = weights / double(width);
    for (int64_t c = 0; c < width; ++c) {
        const double weighted = double(gain[c]) * double(u[c]);
        out[c] = float(factor * (weighted - shift - (double(x[c]) - mean) * along));
    }
}

void check_targets(const int32_t* targets, int64_t count, int64_t classes) {
    for (int64_t i = 0; i < count; ++i) {
        MT_REQUIRE(targets[i] >= 0 && targets[i] < classes, "target %d at place %lld is outside the classes 0..%lld",
                   targets[i], (long long)i, (long long)classes - 1);
    }
}

}  // namespace

extern "C" {

mt_status mt_softmax_gradient(mt_engine* engine, const mt_tensor* softmax, const mt_tensor* upstream,
                              const mt_tensor* out) {
    return entry(engine, "mt_softmax_gradient", [&](mt_engine& own) {
        const View y = read(own, softmax, "softmax"), u = read(own, upstream, "upstream");
        const View g = written(own, out, "out");
        MT_REQUIRE(y.rank > 0, "softmax has no axis");
        check_stored(g, {&y, &u});
        check_batch(u, y, y.rank);
        require_same_shape(u, g);
        if (g.elements == 0) return;
        const Aligned stored(own, y), given(own, u);
        const int64_t width = y.width();
        float* result = reinterpret_cast<float*>(g.data);
        parallel_ranges(g.rows(), rows_per_grain(2 * width), [&](int64_t begin, int64_t end, int) {
            memcpy(result + begin * width, floats(given) + begin * width,
                   size_t((end - begin) * width) * sizeof(float));
            rounds(y.rows(), begin, end, [&](int64_t at, int64_t first, int64_t count) {
                kernels().softmax_gradient(floats(stored) + at * width, result + first * width, width, count, width,
                                           1.0f);
            });
        });
    });
}

mt_status mt_rms_norm_gradient(mt_engine* engine, float epsilon, const mt_tensor* in, const mt_tensor* gain,
                               const mt_tensor* upstream, const mt_tensor* out) {
    return entry(engine, "mt_rms_norm_gradient", [&](mt_engine& own) {
        const View x = read(own, in, "in"), w = read(own, gain, "gain"), u = read(own, upstream, "upstream");
        const View g = written(own, out, "out");
        check_stored(g, {&x, &w, &u});
        check_gain(x, w);
        check_batch(u, x, x.rank);
        require_same_shape(u, g);
        MT_REQUIRE(epsilon >= 0.0f, "epsilon is %g; need 0 or more", double(epsilon));
        if (g.elements == 0) return;
        const Aligned stored(own, x), gains(own, w), given(own, u);
        const int64_t width = x.width();
        float* result = reinterpret_cast<float*>(g.data);
        parallel_ranges(g.rows(), rows_per_grain(width), [&](int64_t begin, int64_t end, int) {
            rounds(x.rows(), begin, end, [&](int64_t at, int64_t first, int64_t count) {
                kernels().rms_norm_gradient(floats(stored) + at * width, floats(gains), floats(given) + first * width,
                                            epsilon, result + first * width, count, width);
            });
        });
    });
}

mt_status mt_layer_norm_gradient(mt_engine* engine, float epsilon, const mt_tensor* in, const mt_tensor* gain,
                                 const mt_tensor* upstream, const mt_tensor* out) {
    return entry(engine, "mt_layer_norm_gradient", [&](mt_engine& own) {
        const View x = read(own, in, "in"), w = read(own, gain, "gain"), u = read(own, upstream, "upstream");
        const View g = written(own, out, "out");
        check_stored(g, {&x, &w, &u});
        check_gain(x, w);
        check_batch(u, x, x.rank);
        require_same_shape(u, g);
        MT_REQUIRE(epsilon >= 0.0f, "epsilon is %g; need 0 or more", double(epsilon));
        if (g.elements == 0) return;
        const Aligned stored(own, x), gains(own, w), given(own, u);
        const int64_t width = x.width(), rows = x.rows();
        float* result = reinterpret_cast<float*>(g.data);
        parallel_ranges(g.rows(), rows_per_grain(width * 4), [&](int64_t begin, int64_t end, int) {
            for (int64_t r = begin; r < end; ++r) {
                layer_norm_gradient(floats(stored) + r % rows * width, floats(gains), floats(given) + r * width,
                                    epsilon, result + r * width, width);
            }
        });
    });
}

mt_status mt_gated_activation_gradient(mt_engine* engine, mt_activation_kind kind, const mt_tensor* gate,
                                       const mt_tensor* up, const mt_tensor* upstream, const mt_tensor* out) {
    return entry(engine, "mt_gated_activation_gradient", [&](mt_engine& own) {
        const View a = read(own, gate, "gate"), b = read(own, up, "up"), u = read(own, upstream, "upstream");
        const View g = written(own, out, "out");
        MT_REQUIRE(kind >= MT_SILU && kind <= MT_GELU_ERF, "%d is not an activation; need 0 to 2", kind);
        check_stored(g, {&a, &b, &u});
        require_same_shape(a, b);
        check_batch(u, a, a.rank);
        const bool fits =
            g.rank == u.rank + 1 && g.extent[0] == 2 && std::equal(u.extent, u.extent + u.rank, g.extent + 1);
        MT_REQUIRE(fits, "out is %s; need 2 and the extents of upstream %s", g.shape().c_str(), u.shape().c_str());
        if (g.elements == 0) return;
        const Aligned gates(own, a), ups(own, b), given(own, u);
        float *of_gate = reinterpret_cast<float*>(g.data), *of_up = of_gate + u.elements;
        parallel_ranges(u.elements, kGrain / 4, [&](int64_t begin, int64_t end, int) {
            rounds(a.elements, begin, end, [&](int64_t at, int64_t first, int64_t count) {
                kernels().gated_gradient(kind, floats(gates) + at, floats(ups) + at, floats(given) + first,
                                         of_gate + first, of_up + first, count);
            });
        });
    });
}

mt_status mt_cross_entropy_gradient(mt_engine* engine, const mt_tensor* logits, const mt_tensor* targets,
                                    const mt_tensor* upstream, const mt_tensor* out) {
    return entry(engine, "mt_cross_entropy_gradient", [&](mt_engine& own) {
        const View x = read(own, logits, "logits"), t = read(own, targets, "targets");
        const View u = read(own, upstream, "upstream"), g = written(own, out, "out");
        check_stored(g, {&x, &u});
        require_type(t, {MT_I32});
        require_contiguous(t);
        require_disjoint(g, t);
        MT_REQUIRE(x.rank > 0 && t.rank == x.rank - 1 && std::equal(t.extent, t.extent + t.rank, x.extent),
                   "targets must have the extents of logits %s without the last; they are %s", x.shape().c_str(),
                   t.shape().c_str());
        check_batch(u, x, x.rank - 1);
        MT_REQUIRE(g.rank == u.rank + 1 && g.width() == x.width() && std::equal(u.extent, u.extent + u.rank, g.extent),
                   "out is %s; need the extents of upstream %s, then %lld", g.shape().c_str(), u.shape().c_str(),
                   (long long)x.width());
        const Aligned stored(own, x), places(own, t), given(own, u);
        const auto* target = reinterpret_cast<const int32_t*>(places.data());
        check_targets(target, t.elements, x.width());
        if (g.elements == 0) return;
        const int64_t width = x.width(), rows = x.rows();
        const Scratch scratch(own.pool, omp_get_max_threads() * width * int64_t(sizeof(float)));
        float* result = reinterpret_cast<float*>(g.data);
        parallel_ranges(g.rows(), rows_per_grain(width * 2), [&](int64_t begin, int64_t end, int thread) {
            for (int64_t r = begin; r < end; ++r) {
                float* row = result + r * width;
                kernels().softmax(MT_F32, floats(stored) + r % rows * width, row, 1, width,
                                  scratch.as<float>() + thread * width);
                row[target[r % rows]] -= 1.0f;
                kernels().scale_row(row, floats(given)[r], width);
            }
        });
    });
}

}  // extern "C"
