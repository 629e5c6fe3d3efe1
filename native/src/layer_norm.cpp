// mt_layer_norm.
#include <cmath>

#include "kernel_table.h"
#include "parallel.h"
#include "view.h"

using namespace microtome;

namespace {

void check_layer_norm(const View& in, const View& gain, const View& bias, const View& out) {
    require_type(in, {MT_F32, MT_BF16});
    require_type(out, {MT_F32, MT_BF16});
    require_same_shape(in, out);
    MT_REQUIRE(in.rank > 0, "in has no axis to normalise");
    for (const View* weight : {&gain, &bias}) {
        require_type(*weight, {MT_F32});
        MT_REQUIRE(weight->rank == 1 && weight->width() == in.width(), "%s must be [%lld]; it is %s", weight->name,
                   (long long)in.width(), weight->shape().c_str());
        require_disjoint(out, *weight);
    }
    for (const View* view : {&in, &gain, &bias, &out}) require_contiguous(*view);
    require_disjoint(out, in);
}

// y = (x - mean) * gain / sqrt(variance + epsilon) + bias, the variance from the differences to the mean.
void normalise(const float* x, const float* gain, const float* bias, float epsilon, float* y, int64_t width) {
    double sum = 0, squares = 0;
    for (int64_t c = 0; c < width; ++c) sum += double(x[c]);
    const double mean = sum / double(width);
    for (int64_t c = 0; c < width; ++c) {
        const double difference = double(x[c]) - mean;
        squares += difference * difference;
    }
    const double scale = 1.0 / std::sqrt(squares / double(width) + double(epsilon));
    for (int64_t c = 0; c < width; ++c) y[c] = float((double(x[c]) - mean) * scale) * gain[c] + bias[c];
}

}  // namespace

extern "C" mt_status mt_layer_norm(mt_engine* engine, float epsilon, const mt_tensor* in, const mt_tensor* gain,
                                   const mt_tensor* bias, const mt_tensor* out) {
    return entry(engine, "mt_layer_norm", [&](mt_engine& own) {
        const View x = read(own, in, "in"), g = read(own, gain, "gain"), b = read(own, bias, "bias");
        const View y = written(own, out, "out");
        check_layer_norm(x, g, b, y);
        MT_REQUIRE(epsilon >= 0.0f, "epsilon is %g; need 0 or more", double(epsilon));
        if (y.elements == 0) return;
        const Aligned source(own, x), gains(own, g), biases(own, b);
        const int64_t in_size = unit_of(x.dtype).bytes, out_size = unit_of(y.dtype).bytes, width = x.width();
        const Scratch rows(own.pool, omp_get_max_threads() * width * int64_t(2 * sizeof(float)));
        parallel_ranges(x.rows(), rows_per_grain(width * 4), [&](int64_t begin, int64_t end, int thread) {
            float* row = rows.as<float>() + thread * width * 2;
            for (int64_t r = begin; r < end; ++r) {
                kernels().to_float(x.dtype, source.data() + r * width * in_size, row, width);
                normalise(row, reinterpret_cast<const float*>(gains.data()),
                          reinterpret_cast<const float*>(biases.data()), epsilon, row + width, width);
                kernels().from_float(y.dtype, row + width, y.data + r * width * out_size, width);
            }
        });
    });
}
