// Reductions, normalisations and rotations of rows. Sums run in several accumulators whose number is fixed, so a result
// depends on the lane but not on the number of threads.
#include "lane.h"

namespace microtome {
namespace MT_LANE {
namespace {

constexpr int kLanes = 32;  // accumulators; two registers of 16 floats

// The trip counts are constants, so that each fold is one instruction or two: many rows are short.
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

template <int kHalf>
inline void keep_larger_half(float* accumulators) {
#pragma omp simd
    for (int j = 0; j < kHalf; ++j) {
        accumulators[j] = accumulators[j] > accumulators[j + kHalf] ? accumulators[j] : accumulators[j + kHalf];
    }
    if constexpr (kHalf > 1) keep_larger_half<kHalf / 2>(accumulators);
}

// The sum of f(x) over a row.
template <class Function, class T>
float sum(const T* x, int64_t width, Function f) {
    float accumulators[kLanes] = {},
          others[kLanes] = {};  // two chains of sums: the adder starts one before the other ends
    int64_t c = 0;
    for (; c + 2 * kLanes <= width; c += 2 * kLanes) {
#pragma omp simd
        for (int j = 0; j < kLanes; ++j) accumulators[j] += f(load(x[c + j]));
#pragma omp simd
        for (int j = 0; j < kLanes; ++j) others[j] += f(load(x[c + kLanes + j]));
    }
    for (; c + kLanes <= width; c += kLanes) {
#pragma omp simd
        for (int j = 0; j < kLanes; ++j) accumulators[j] += f(load(x[c + j]));
    }
#pragma omp simd
    for (int j = 0; j < kLanes; ++j) accumulators[j] += others[j];
    for (int j = 0; c < width; ++c, ++j) accumulators[j] += f(load(x[c]));
    return sum_of(accumulators);
}

inline float larger(float a, float b) { return b > a || b != b ? b : a; }  // NaN wins

template <class T>
float maximum(const T* x, int64_t width) {
    float accumulators[kLanes];
    for (int j = 0; j < kLanes; ++j) accumulators[j] = -infinity();
    int64_t c = 0;
    for (; c + kLanes <= width; c += kLanes) {
#pragma omp simd
        for (int j = 0; j < kLanes; ++j) accumulators[j] = larger(accumulators[j], load(x[c + j]));
    }
    for (int j = 0; c < width; ++c, ++j) accumulators[j] = larger(accumulators[j], load(x[c]));
    float result = -infinity();
    for (int j = 0; j < kLanes; ++j) result = larger(result, accumulators[j]);
    return result;
}

// Of numbers alone: a NaN may be passed over. A softmax finds it again when it subtracts.
template <class T>
float largest_number(const T* x, int64_t width) {
    float accumulators[kLanes];
    for (int j = 0; j < kLanes; ++j) accumulators[j] = -infinity();
    int64_t c = 0;
    for (; c + kLanes <= width; c += kLanes) {
#pragma omp simd
        for (int j = 0; j < kLanes; ++j) {
            const float value = load(x[c + j]);
            accumulators[j] = accumulators[j] > value ? accumulators[j] : value;
        }
    }
    for (int j = 0; c < width; ++c, ++j) {
        const float value = load(x[c]);
        accumulators[j] = accumulators[j] > value ? accumulators[j] : value;
    }
    keep_larger_half<kLanes / 2>(accumulators);
    return accumulators[0];
}

// max + log sum exp(x - max); an infinite maximum is the answer itself, where x - max would be NaN.
template <class T>
float log_sum_exp(const T* x, int64_t width) {
    const float m = maximum(x, width);
    if (m - m != 0.0f) return m;
    return m + __builtin_logf(sum(x, width, [m](float value) { return exponential_of_negative(value - m); }));
}

template <class T>
void reduce_of(int32_t kind, const void* in, void* out, int64_t rows, int64_t width) {
    const T* x = static_cast<const T*>(in);
    T* y = static_cast<T*>(out);
    for (int64_t r = 0; r < rows; ++r, x += width) {
        switch (kind) {
            case MT_SUM:
                store(y + r, sum(x, width, [](float value) { return value; }));
                break;
            case MT_MAX:
                store(y + r, maximum(x, width));
                break;
            default:
                store(y + r, log_sum_exp(x, width));
        }
    }
}

// Sums wrap around; the largest of nothing is the smallest number.
void reduce_integers(int32_t kind, const void* in, void* out, int64_t rows, int64_t width) {
    const int32_t* x = static_cast<const int32_t*>(in);
    int32_t* y = static_cast<int32_t*>(out);
    for (int64_t r = 0; r < rows; ++r, x += width) {
        uint32_t total = 0;
        int32_t largest = INT32_MIN;
#pragma omp simd reduction(+ : total) reduction(max : largest)
        for (int64_t c = 0; c < width; ++c) {
            total += uint32_t(x[c]);
            largest = x[c] > largest ? x[c] : largest;
        }
        y[r] = kind == MT_SUM ? int32_t(total) : largest;
    }
}

void reduce(int32_t kind, int32_t dtype, const void* in, void* out, int64_t rows, int64_t width) {
    if (dtype == MT_I32) return reduce_integers(kind, in, out, rows, width);
    return dtype == MT_BF16 ? reduce_of<BFloat>(kind, in, out, rows, width)
                            : reduce_of<float>(kind, in, out, rows, width);
}

template <class T>
void softmax_of(const void* in, void* out, int64_t rows, int64_t width, float* scratch) {
    const T* x = static_cast<const T*>(in);
    T* y = static_cast<T*>(out);
    for (int64_t r = 0; r < rows; ++r, x += width, y += width) {
        const float m = largest_number(x, width);
        float accumulators[kLanes] = {};
        int64_t c = 0;
        for (; c + kLanes <= width; c += kLanes) {
#pragma omp simd
            for (int j = 0; j < kLanes; ++j) {
                const float term = exponential_of_negative(load(x[c + j]) - m);
                scratch[c + j] = term;
                accumulators[j] += term;
            }
        }
        for (int j = 0; c < width; ++c, ++j) {
            scratch[c] = exponential_of_negative(load(x[c]) - m);
            accumulators[j] += scratch[c];
        }
        const float factor = 1.0f / sum_of(accumulators);
#pragma omp simd
        for (int64_t i = 0; i < width; ++i) store(y + i, scratch[i] * factor);
    }
}

void softmax(int32_t dtype, const void* in, void* out, int64_t rows, int64_t width, float* scratch) {
    return dtype == MT_BF16 ? softmax_of<BFloat>(in, out, rows, width, scratch)
                            : softmax_of<float>(in, out, rows, width, scratch);
}

template <class In, class Out>
void rms_norm_of(const void* in, const float* gain, float epsilon, void* out, int64_t rows, int64_t width) {
    const In* x = static_cast<const In*>(in);
    Out* y = static_cast<Out*>(out);
    for (int64_t r = 0; r < rows; ++r, x += width, y += width) {
        const float squares = sum(x, width, [](float value) { return value * value; });
        const float factor = 1.0f / __builtin_sqrtf(squares / float(width) + epsilon);
#pragma omp simd
        for (int64_t c = 0; c < width; ++c) store(y + c, load(x[c]) * factor * gain[c]);
    }
}

void rms_norm(int32_t in_dtype, int32_t out_dtype, const void* in, const float* gain, float epsilon, void* out,
              int64_t rows, int64_t width) {
    if (in_dtype == MT_F32) {
        return out_dtype == MT_F32 ? rms_norm_of<float, float>(in, gain, epsilon, out, rows, width)
                                   : rms_norm_of<float, BFloat>(in, gain, epsilon, out, rows, width);
    }
    return out_dtype == MT_F32 ? rms_norm_of<BFloat, float>(in, gain, epsilon, out, rows, width)
                               : rms_norm_of<BFloat, BFloat>(in, gain, epsilon, out, rows, width);
}

template <class T>
inline void turn(const T* x, const float* cosine, const float* sine, T* y, int64_t half) {
#pragma omp simd
    for (int64_t j = 0; j < half; ++j) {
        const float first = load(x[j]), second = load(x[j + half]);
        store(y + j, first * cosine[j] - second * sine[j]);
        store(y + j + half, second * cosine[j] + first * sine[j]);
    }
}

// With the usual widths as constants: a head is a few instructions, which a loop's beginning and end would double.
template <class T>
void rotary_of(const void* in, const float* cosine, const float* sine, void* out, int64_t heads, int64_t head_width) {
    const T* x = static_cast<const T*>(in);
    T* y = static_cast<T*>(out);
    for (int64_t h = 0; h < heads; ++h, x += head_width, y += head_width) {
        switch (head_width) {
            case 64:
                turn(x, cosine, sine, y, 32);
                break;
            case 128:
                turn(x, cosine, sine, y, 64);
                break;
            default:
                turn(x, cosine, sine, y, head_width / 2);
        }
    }
}

void rotary(int32_t dtype, const void* in, const float* cosine, const float* sine, void* out, int64_t heads,
            int64_t head_width) {
    return dtype == MT_BF16 ? rotary_of<BFloat>(in, cosine, sine, out, heads, head_width)
                            : rotary_of<float>(in, cosine, sine, out, heads, head_width);
}

}  // namespace

void fill_rows(KernelTable* table) {
    table->reduce = reduce;
    table->softmax = softmax;
    table->rms_norm = rms_norm;
    table->rotary = rotary;
}

}  // namespace MT_LANE
}  // namespace microtome
