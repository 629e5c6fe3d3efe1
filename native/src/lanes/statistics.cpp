// What sums over samples are made of.
#include "lane.h"

namespace microtome {
namespace MT_LANE {
namespace {

constexpr int kLanes = 32;  // accumulators, as many for every lane

// g and its slope at u.
struct LogCosh {
    float alpha;
    float operator()(float u, float* slope) const {
        const float t = hyperbolic_tangent(alpha * u);
        *slope = alpha * (1.0f - t * t);
        return t;
    }
};

struct Gaussian {
    float operator()(float u, float* slope) const {
        const float bell = exponential(-0.5f * u * u);
        *slope = (1.0f - u * u) * bell;
        return u * bell;
    }
};

struct Cube {
    float operator()(float u, float* slope) const {
        *slope = 3.0f * u * u;
        return u * u * u;
    }
};

template <class Contrast>
float apply(Contrast g, float* values, int64_t count) {
    float sums[kLanes] = {};
    int64_t i = 0;
    for (; i + kLanes <= count; i += kLanes) {
#pragma omp simd
        for (int j = 0; j < kLanes; ++j) {
            float slope;
            values[i + j] = g(values[i + j], &slope);
            sums[j] += slope;
        }
    }
    for (int j = 0; i < count; ++i, ++j) {
        float slope;
        values[i] = g(values[i], &slope);
        sums[j] += slope;
    }
    for (int half = kLanes / 2; half > 0; half /= 2) {
        for (int j = 0; j < half; ++j) sums[j] += sums[j + half];
    }
    return sums[0];
}

float contrast(int32_t kind, float alpha, float* values, int64_t count) {
    switch (kind) {
        case MT_LOGCOSH:
            return apply(LogCosh{alpha}, values, count);
        case MT_GAUSSIAN:
            return apply(Gaussian(), values, count);
        default:
            return apply(Cube(), values, count);
    }
}

void add_to_doubles(const float* __restrict terms, double* __restrict sums, int64_t count) {
#pragma omp simd
    for (int64_t i = 0; i < count; ++i) sums[i] += double(terms[i]);
}

}  // namespace

void fill_statistics(KernelTable* table) {
    table->contrast = contrast;
    table->add_to_doubles = add_to_doubles;
}

}  // namespace MT_LANE
}  // namespace microtome
