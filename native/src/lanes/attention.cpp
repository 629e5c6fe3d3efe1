// The parts of attention that are not matrix products, and the whole of it for a single query.
#include "lane.h"

namespace microtome {
namespace MT_LANE {
namespace {

constexpr int kLanes = 32;

// The trip counts are constants, so that each fold is one instruction or two: rows are short, and end often.
template <int kHalf>
inline void add_halves(float* accumulators) {
#pragma omp simd
    for (int j = 0; j < kHalf; ++j) accumulators[j] += accumulators[j + kHalf];
    if constexpr (kHalf > 1) add_halves<kHalf / 2>(accumulators);
}

inline float sum_of(float* accumulators) {
    add_halves<kLanes / 2>(accumulators);
    return accumulators[0];
}

// A NaN may be passed over: it comes back when the maximum is subtracted.
inline float larger(float a, float b) { return a > b ? a : b; }

template <int kHalf>
inline void keep_larger_half(float* accumulators) {
#pragma omp simd
    for (int j = 0; j < kHalf; ++j) accumulators[j] = larger(accumulators[j], accumulators[j + kHalf]);
    if constexpr (kHalf > 1) keep_larger_half<kHalf / 2>(accumulators);
}

float scaled_maximum(const float* x, int64_t width, float scale) {
    float accumulators[kLanes];
    for (int j = 0; j < kLanes; ++j) accumulators[j] = -infinity();
    int64_t c = 0;
    for (; c + kLanes <= width; c += kLanes) {
#pragma omp simd
        for (int j = 0; j < kLanes; ++j) accumulators[j] = larger(accumulators[j], x[c + j] * scale);
    }
    for (int j = 0; c < width; ++c, ++j) accumulators[j] = larger(accumulators[j], x[c] * scale);
    keep_larger_half<kLanes / 2>(accumulators);
    return accumulators[0];
}

// x = exp(scale x - max), returns 1 / sum.
float exponentials(float* x, int64_t width, float scale) {
    const float m = scaled_maximum(x, width, scale);
    float accumulators[kLanes] = {};
    int64_t c = 0;
    for (; c + kLanes <= width; c += kLanes) {
#pragma omp simd
        for (int j = 0; j < kLanes; ++j) {
            const float term = exponential_of_negative(x[c + j] * scale - m);
            x[c + j] = term;
            accumulators[j] += term;
        }
    }
    for (int j = 0; c < width; ++c, ++j) {
        x[c] = exponential_of_negative(x[c] * scale - m);
        accumulators[j] += x[c];
    }
    return 1.0f / sum_of(accumulators);
}

void attention_softmax(float* scores, uint16_t* copy, int64_t stride, int64_t rows, int64_t columns, int64_t visible,
                       int64_t visible_step, float scale) {
    for (int64_t r = 0; r < rows; ++r) {
        float* x = scores + r * stride;
        const int64_t ahead = visible + r * visible_step;
        const int64_t limit = ahead < columns ? ahead : columns;
        // Short rows are mostly tail. Up to the next whole step the tail may be filled with terms that vanish, unless a
        // scale of 0 or less would turn them into something else.
        const int64_t whole = (limit + kLanes - 1) / kLanes * kLanes;
        const int64_t width = scale > 0.0f && limit > 0 && whole <= columns ? whole : limit;
        for (int64_t c = limit; c < width; ++c) x[c] = -infinity();
        const float factor = exponentials(x, width, scale);
        if (copy == nullptr) {
#pragma omp simd
            for (int64_t c = 0; c < width; ++c) x[c] *= factor;
        } else {
            uint16_t* y = copy + r * stride;
#pragma omp simd
            for (int64_t c = 0; c < width; ++c) {
                x[c] *= factor;
                y[c] = float_to_bfloat(x[c]);
            }
            for (int64_t c = limit; c < columns; ++c) y[c] = 0;
        }
        for (int64_t c = limit; c < columns; ++c) x[c] = 0.0f;
    }
}

template <class T>
float dot(const T* a, const T* b, int64_t width) {
    float accumulators[kLanes] = {};
    int64_t c = 0;
    for (; c + kLanes <= width; c += kLanes) {
#pragma omp simd
        for (int j = 0; j < kLanes; ++j) accumulators[j] += load(a[c + j]) * load(b[c + j]);
    }
    for (int j = 0; c < width; ++c, ++j) accumulators[j] += load(a[c]) * load(b[c]);
    return sum_of(accumulators);
}

template <class T>
void attention_row_of(const T* query, const T* key, const T* value, AttentionStrides strides, int64_t visible,
                      int64_t head_width, float scale, float* weights, T* out) {
    for (int64_t j = 0; j < visible; ++j) weights[j] = dot(query, key + j * strides.key, head_width);
    const float factor = exponentials(weights, visible, scale);
    for (int64_t j = 0; j < visible; ++j) weights[j] *= factor;
    constexpr int kSlice = 64;  // elements of the head whose sums stay in registers
    for (int64_t first = 0; first < head_width; first += kSlice) {
        const int64_t width = head_width - first < kSlice ? head_width - first : kSlice;
        float sums[kSlice] = {};
        for (int64_t j = 0; j < visible; ++j) {
            const T* v = value + j * strides.value + first;
            const float w = weights[j];
            if (width == kSlice) {
#pragma omp simd
                for (int d = 0; d < kSlice; ++d) sums[d] += w * load(v[d]);
            } else {
                for (int64_t d = 0; d < width; ++d) sums[d] += w * load(v[d]);
            }
        }
        for (int64_t d = 0; d < width; ++d) store(out + first + d, sums[d]);
    }
}

void attention_row(int32_t dtype, const void* query, const void* key, const void* value, AttentionStrides strides,
                   int64_t visible, int64_t head_width, float scale, float* weights, void* out) {
    if (dtype == MT_BF16) {
        attention_row_of(static_cast<const BFloat*>(query), static_cast<const BFloat*>(key),
                         static_cast<const BFloat*>(value), strides, visible, head_width, scale, weights,
                         static_cast<BFloat*>(out));
    } else {
        attention_row_of(static_cast<const float*>(query), static_cast<const float*>(key),
                         static_cast<const float*>(value), strides, visible, head_width, scale, weights,
                         static_cast<float*>(out));
    }
}

}  // namespace

void fill_attention(KernelTable* table) {
    table->attention_softmax = attention_softmax;
    table->attention_row = attention_row;
}

}  // namespace MT_LANE
}  // namespace microtome
