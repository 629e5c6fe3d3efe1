// Gradients of rows and of gated activations, from the stored values and the gradient of the result ("upstream").
#include "lane.h"

namespace microtome {
namespace MT_LANE {
namespace {

constexpr int kLanes = 32;  // accumulators, as in rows.cpp: their number is fixed, whatever the number of threads

float sum_of(const float* accumulators) {
    float wide[kLanes];
    for (int j = 0; j < kLanes; ++j) wide[j] = accumulators[j];
    for (int half = kLanes / 2; half > 0; half /= 2) {
        for (int j = 0; j < half; ++j) wide[j] += wide[j + half];
    }
    return wide[0];
}

float dot(const float* a, const float* b, int64_t width) {
    float accumulators[kLanes] = {};
    int64_t c = 0;
    for (; c + kLanes <= width; c += kLanes) {
#pragma omp simd
        for (int j = 0; j < kLanes; ++j) accumulators[j] += a[c + j] * b[c + j];
    }
    for (int j = 0; c < width; ++c, ++j) accumulators[j] += a[c] * b[c];
    return sum_of(accumulators);
}

// In place of the upstream: scale * y * (u - sum(y u)).
void softmax_gradient(const float* softmax, float* upstream, int64_t stride, int64_t rows, int64_t width, float scale) {
    for (int64_t r = 0; r < rows; ++r) {
        const float* y = softmax + r * stride;
        float* u = upstream + r * stride;
        const float sum = dot(y, u, width);
#pragma omp simd
        for (int64_t c = 0; c < width; ++c) u[c] = scale * y[c] * (u[c] - sum);
    }
}

// With f = 1 / sqrt(mean(x^2) + epsilon): f (g u - x f^2 mean(g u x)).
void rms_norm_gradient(const float* in, const float* gain, const float* upstream, float epsilon, float* out,
                       int64_t rows, int64_t width) {
    for (int64_t r = 0; r < rows; ++r, in += width, upstream += width, out += width) {
        float squares[kLanes] = {}, products[kLanes] = {};
        int64_t c = 0;
        for (; c + kLanes <= width; c += kLanes) {
#pragma omp simd
            for (int j = 0; j < kLanes; ++j) {
                const float x = in[c + j];
                squares[j] += x * x;
                products[j] += x * gain[c + j] * upstream[c + j];
            }
        }
        for (int j = 0; c < width; ++c, ++j) {
            squares[j] += in[c] * in[c];
            products[j] += in[c] * gain[c] * upstream[c];
        }
        const float factor = 1.0f / __builtin_sqrtf(sum_of(squares) / float(width) + epsilon);
        const float along = factor * factor * sum_of(products) / float(width);
#pragma omp simd
        for (int64_t i = 0; i < width; ++i) out[i] = factor * (gain[i] * upstream[i] - in[i] * along);
    }
}

struct Both {
    float value, slope;
};

// The sigmoid and 1 minus it, both without cancellation.
struct Gate {
    float open, closed;
};

inline Gate gate_of(float x) {
    const float e = exponential(x < -80.0f ? 80.0f : -x), open = 1.0f / (1.0f + e);
    return {open, e * open};
}

struct Silu {
    static Both of(float x) {
        const Gate gate = gate_of(x);
        return {x * gate.open, gate.open * (1.0f + x * gate.closed)};
    }
};

// x s(v) with v = 2 sqrt(2/pi) (x + 0.044715 x^3)
struct GeluTanh {
    static Both of(float x) {
        const float square = x * x < 1e6f ? x * x : 1e6f;  // beyond it the gate is open or closed
        const Gate gate = gate_of(1.5957691216f * x * (1.0f + 0.044715f * square));
        const float steepness = 1.5957691216f * (1.0f + 0.134145f * square);
        return {x * gate.open, gate.open * (1.0f + x * gate.closed * steepness)};
    }
};

struct GeluErf {
    static Both of(float x) {
        const float share = 0.5f * (1.0f + error_function(x * 0.70710678119f));
        return {x * share, share + x * 0.39894228040f * exponential(-0.5f * x * x)};
    }
};

template <class Activation>
void gated_with(const float* gate, const float* up, const float* upstream, float* of_gate, float* of_up,
                int64_t count) {
#pragma omp simd
    for (int64_t i = 0; i < count; ++i) {
        const Both both = Activation::of(gate[i]);
        of_gate[i] = upstream[i] * up[i] * both.slope;
        of_up[i] = upstream[i] * both.value;
    }
}

void gated_gradient(int32_t kind, const float* gate, const float* up, const float* upstream, float* of_gate,
                    float* of_up, int64_t count) {
    switch (kind) {
        case MT_SILU:
            return gated_with<Silu>(gate, up, upstream, of_gate, of_up, count);
        case MT_GELU_TANH:
            return gated_with<GeluTanh>(gate, up, upstream, of_gate, of_up, count);
        case MT_GELU_ERF:
            return gated_with<GeluErf>(gate, up, upstream, of_gate, of_up, count);
        default:
            return;
    }
}

void scale_row(float* row, float factor, int64_t width) {
#pragma omp simd
    for (int64_t c = 0; c < width; ++c) row[c] *= factor;
}

}  // namespace

void fill_gradients(KernelTable* table) {
    table->softmax_gradient = softmax_gradient;
    table->rms_norm_gradient = rms_norm_gradient;
    table->gated_gradient = gated_gradient;
    table->scale_row = scale_row;
}

}  // namespace MT_LANE
}  // namespace microtome
