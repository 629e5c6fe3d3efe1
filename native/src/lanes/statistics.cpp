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

// Sixteen by sixteen, so that every line of the cache that is read or written is used up.
void centre_transposed(const float* __restrict rows, int64_t row_stride, const float* __restrict shift,
                       float* __restrict out, int64_t out_stride, int64_t count, int64_t columns) {
    constexpr int64_t kTile = 16;
    for (int64_t r0 = 0; r0 < count; r0 += kTile) {
        const int64_t r1 = r0 + kTile < count ? r0 + kTile : count;
        for (int64_t j0 = 0; j0 < columns; j0 += kTile) {
            const int64_t j1 = j0 + kTile < columns ? j0 + kTile : columns;
            for (int64_t r = r0; r < r1; ++r) {
                for (int64_t j = j0; j < j1; ++j) out[j * out_stride + r] = rows[r * row_stride + j] - shift[j];
            }
        }
    }
}

double sum_of_squares(const float* values, int64_t count) {
    double sums[kLanes] = {};
    int64_t i = 0;
    for (; i + kLanes <= count; i += kLanes) {
#pragma omp simd
        for (int j = 0; j < kLanes; ++j) sums[j] += double(values[i + j]) * double(values[i + j]);
    }
    for (int j = 0; i < count; ++i, ++j) sums[j] += double(values[i]) * double(values[i]);
    double sum = 0;
    for (int j = 0; j < kLanes; ++j) sum += sums[j];
    return sum;
}

void scale(float* __restrict values, float factor, const float* __restrict factors, int64_t count) {
#pragma omp simd
    for (int64_t j = 0; j < count; ++j) values[j] = values[j] * factor * factors[j];
}

void add_centred(const float* __restrict terms, double a, const double* __restrict x, double b,
                 const double* __restrict y, double* __restrict sums, int64_t count) {
#pragma omp simd
    for (int64_t j = 0; j < count; ++j) sums[j] += double(terms[j]) + (a * x[j] - b * y[j]);
}

}  // namespace

void fill_statistics(KernelTable* table) {
    table->contrast = contrast;
    table->add_to_doubles = add_to_doubles;
    table->centre_transposed = centre_transposed;
    table->sum_of_squares = sum_of_squares;
    table->scale = scale;
    table->add_centred = add_centred;
}

}  // namespace MT_LANE
}  // namespace microtome
