// Functions of one, two and three tensors, element by element. BF16 is computed in float.
#include "lane.h"
#include "vectors.h"

namespace microtome {
namespace MT_LANE {
namespace {

struct Negate {
    static float of(float x) { return -x; }
};
struct Absolute {
    static float of(float x) { return __builtin_fabsf(x); }
};
struct Sign {
    static float of(float x) { return x > 0.0f ? 1.0f : x < 0.0f ? -1.0f : x; }
};
struct Exponential {
    static float of(float x) { return exponential(x); }
};
struct Logarithm {
    static float of(float x) { return __builtin_logf(x); }
};
struct SquareRoot {
    static float of(float x) { return __builtin_sqrtf(x); }
};
struct Reciprocal {
    static float of(float x) { return 1.0f / x; }
};
struct Tangent {
    static float of(float x) { return hyperbolic_tangent(x); }
};
struct ErrorFunction {
    static float of(float x) { return error_function(x); }
};
struct Sine {
    static float of(float x) { return __builtin_sinf(x); }
};
struct Cosine {
    static float of(float x) { return __builtin_cosf(x); }
};
struct Sigmoid {
    static float of(float x) { return sigmoid(x); }
};

template <class Function, class T>
void map(const void* in, void* out, int64_t count) {
    const T* x = static_cast<const T*>(in);
    T* y = static_cast<T*>(out);
#pragma omp simd
    for (int64_t i = 0; i < count; ++i) store(y + i, Function::of(load(x[i])));
}

template <class T>
void unary_of(int32_t kind, const void* in, void* out, int64_t count) {
    switch (kind) {
        case MT_NEGATE:
            return map<Negate, T>(in, out, count);
        case MT_ABS:
            return map<Absolute, T>(in, out, count);
        case MT_SIGN:
            return map<Sign, T>(in, out, count);
        case MT_EXP:
            return map<Exponential, T>(in, out, count);
        case MT_LOG:
            return map<Logarithm, T>(in, out, count);
        case MT_SQRT:
            return map<SquareRoot, T>(in, out, count);
        case MT_RECIPROCAL:
            return map<Reciprocal, T>(in, out, count);
        case MT_TANH:
            return map<Tangent, T>(in, out, count);
        case MT_ERF:
            return map<ErrorFunction, T>(in, out, count);
        case MT_SIN:
            return map<Sine, T>(in, out, count);
        case MT_COS:
            return map<Cosine, T>(in, out, count);
        case MT_SIGMOID:
            return map<Sigmoid, T>(in, out, count);
        default:
            return;
    }
}

// Integers wrap around, as Java's do: computed without sign, where C++ defines that.
inline int32_t wrapped(uint32_t value) { return int32_t(value); }

void unary_of_integers(int32_t kind, const void* in, void* out, int64_t count) {
    const int32_t* x = static_cast<const int32_t*>(in);
    int32_t* y = static_cast<int32_t*>(out);
    if (kind == MT_SIGN) {
#pragma omp simd
        for (int64_t i = 0; i < count; ++i) y[i] = (x[i] > 0 ? 1 : 0) - (x[i] < 0 ? 1 : 0);
    } else if (kind == MT_ABS) {
#pragma omp simd
        for (int64_t i = 0; i < count; ++i) y[i] = x[i] < 0 ? wrapped(0u - uint32_t(x[i])) : x[i];
    } else {  // MT_NEGATE; the others were refused
#pragma omp simd
        for (int64_t i = 0; i < count; ++i) y[i] = wrapped(0u - uint32_t(x[i]));
    }
}

void unary(int32_t kind, int32_t dtype, const void* in, void* out, int64_t count) {
    if (dtype == MT_I32) return unary_of_integers(kind, in, out, count);
    return dtype == MT_BF16 ? unary_of<BFloat>(kind, in, out, count) : unary_of<float>(kind, in, out, count);
}

struct Add {
    static float of(float a, float b) { return a + b; }
    static int32_t of(int32_t a, int32_t b) { return wrapped(uint32_t(a) + uint32_t(b)); }
};
struct Subtract {
    static float of(float a, float b) { return a - b; }
    static int32_t of(int32_t a, int32_t b) { return wrapped(uint32_t(a) - uint32_t(b)); }
};
struct Multiply {
    static float of(float a, float b) { return a * b; }
    static int32_t of(int32_t a, int32_t b) { return wrapped(uint32_t(a) * uint32_t(b)); }
};
struct Divide {
    static float of(float a, float b) { return a / b; }
    static int32_t of(int32_t a, int32_t) { return a; }  // refused before it gets here
};
struct Maximum {
    static float of(float a, float b) { return a > b || a != a ? a : b; }
    static int32_t of(int32_t a, int32_t b) { return a > b ? a : b; }
};
struct Minimum {
    static float of(float a, float b) { return a < b || a != a ? a : b; }
    static int32_t of(int32_t a, int32_t b) { return a < b ? a : b; }
};
struct Less {
    static float of(float a, float b) { return a < b ? 1.0f : 0.0f; }
    static int32_t of(int32_t a, int32_t b) { return a < b ? 1 : 0; }
};

template <class Function, class T>
void combine(const void* left, int64_t left_stride, const void* right, int64_t right_stride, void* out, int64_t count) {
    const T* a = static_cast<const T*>(left);
    const T* b = static_cast<const T*>(right);
    T* y = static_cast<T*>(out);
    if (left_stride == 1 && right_stride == 1) {
#pragma omp simd
        for (int64_t i = 0; i < count; ++i) store(y + i, Function::of(load(a[i]), load(b[i])));
    } else if (left_stride == 1 && right_stride == 0) {
        const auto same = load(*b);
#pragma omp simd
        for (int64_t i = 0; i < count; ++i) store(y + i, Function::of(load(a[i]), same));
    } else if (left_stride == 0 && right_stride == 1) {
        const auto same = load(*a);
#pragma omp simd
        for (int64_t i = 0; i < count; ++i) store(y + i, Function::of(same, load(b[i])));
    } else {
        for (int64_t i = 0; i < count; ++i) {
            store(y + i, Function::of(load(a[i * left_stride]), load(b[i * right_stride])));
        }
    }
}

template <class T>
void binary_of(int32_t kind, const void* left, int64_t left_stride, const void* right, int64_t right_stride, void* out,
               int64_t count) {
    switch (kind) {
        case MT_ADD:
            return combine<Add, T>(left, left_stride, right, right_stride, out, count);
        case MT_SUBTRACT:
            return combine<Subtract, T>(left, left_stride, right, right_stride, out, count);
        case MT_MULTIPLY:
            return combine<Multiply, T>(left, left_stride, right, right_stride, out, count);
        case MT_DIVIDE:
            return combine<Divide, T>(left, left_stride, right, right_stride, out, count);
        case MT_MAXIMUM:
            return combine<Maximum, T>(left, left_stride, right, right_stride, out, count);
        case MT_MINIMUM:
            return combine<Minimum, T>(left, left_stride, right, right_stride, out, count);
        case MT_LESS:
            return combine<Less, T>(left, left_stride, right, right_stride, out, count);
        default:
            return;
    }
}

void binary(int32_t kind, int32_t dtype, const void* left, int64_t left_stride, const void* right, int64_t right_stride,
            void* out, int64_t count) {
    switch (dtype) {
        case MT_F32:
            return binary_of<float>(kind, left, left_stride, right, right_stride, out, count);
        case MT_BF16:
            return binary_of<BFloat>(kind, left, left_stride, right, right_stride, out, count);
        case MT_I32:
            return binary_of<int32_t>(kind, left, left_stride, right, right_stride, out, count);
        default:
            return;
    }
}

struct Silu {
    static float of(float x) { return x / (1.0f + saturating_exponential(-x)); }
};

// 0.5 x (1 + tanh(u)) = x sigmoid(2u), u = sqrt(2/pi) (x + 0.044715 x^3)
struct GeluTanh {
    static float of(float x) { return x * sigmoid(1.5957691216f * x * (1.0f + 0.044715f * x * x)); }
};
struct GeluErf {
    static float of(float x) { return 0.5f * x * (1.0f + error_function(x * 0.70710678119f)); }
};

#if defined(__AVX512F__)
inline Vector vector_of(const float* place) { return vector_at(place); }
inline Vector vector_of(const BFloat* place) { return bfloats_at(reinterpret_cast<const uint8_t*>(place)); }
inline void put(float* place, Vector value) { *reinterpret_cast<StoredVector*>(place) = value; }
// As float_to_bfloat.
inline void put(BFloat* place, Vector value) {
    const __m512i bits = _mm512_castps_si512(value);
    const __m512i odd = _mm512_and_si512(_mm512_srli_epi32(bits, 16), _mm512_set1_epi32(1));
    const __m512i rounded = _mm512_add_epi32(_mm512_add_epi32(bits, _mm512_set1_epi32(0x7fff)), odd);
    const __mmask16 nan = _mm512_cmp_ps_mask(value, value, _CMP_UNORD_Q);
    const __m512i kept = _mm512_mask_or_epi32(rounded, nan, bits, _mm512_set1_epi32(0x00400000));
    _mm256_storeu_si256(reinterpret_cast<__m256i*>(place), _mm512_cvtepi32_epi16(_mm512_srli_epi32(kept, 16)));
}

// As Silu, without its division, which takes as long as all the rest: the processor's reciprocal of 14 bits and a step of
// Newton's. Gates below -87.3 count as that, so that nothing overflows on the way: the result is below 1e-36 there.
inline Vector silu_times(Vector gate, Vector up) {
    const __m512 x = _mm512_max_ps(_mm512_set1_ps(-87.3f), gate);  // a NaN in the second place stays
    const __m512 whole = _mm512_roundscale_ps(x * _mm512_set1_ps(-1.44269504f), 0);
    const __m512 r = _mm512_fnmadd_ps(whole, _mm512_set1_ps(-2.12194440e-4f),
                                      _mm512_fnmsub_ps(whole, _mm512_set1_ps(0.693359375f), x));
    __m512 p = _mm512_set1_ps(0.008290315047f);
    p = p * r + 0.0418979302f;
    p = p * r + 0.1666763574f;
    p = p * r + 0.4999915063f;
    p = p * r + 0.999999702f;
    p = p * r + 1.0f;
    const __m512 open = _mm512_scalef_ps(p, whole) + 1.0f;
    const __m512 near = _mm512_rcp14_ps(open);
    return gate * up * near * (2.0f - open * near);
}

template <class In, class Out>
int64_t gate_vectors(Silu, const In* gate, const In* up, Out* out, int64_t count) {
    int64_t i = 0;
    for (; i + kWidth <= count; i += kWidth) put(out + i, silu_times(vector_of(gate + i), vector_of(up + i)));
    return i;
}
#endif

// How many elements from the first on are done: none without a form of its own.
template <class Activation, class In, class Out>
int64_t gate_vectors(Activation, const In*, const In*, Out*, int64_t) {
    return 0;
}

template <class Activation, class In, class Out>
void gate_with(const void* gate, const void* up, void* out, int64_t count) {
    const In* g = static_cast<const In*>(gate);
    const In* u = static_cast<const In*>(up);
    Out* y = static_cast<Out*>(out);
    const int64_t done = gate_vectors(Activation{}, g, u, y, count);
#pragma omp simd
    for (int64_t i = done; i < count; ++i) store(y + i, Activation::of(load(g[i])) * load(u[i]));
}

template <class In, class Out>
void gated_of(int32_t kind, const void* gate, const void* up, void* out, int64_t count) {
    switch (kind) {
        case MT_SILU:
            return gate_with<Silu, In, Out>(gate, up, out, count);
        case MT_GELU_TANH:
            return gate_with<GeluTanh, In, Out>(gate, up, out, count);
        case MT_GELU_ERF:
            return gate_with<GeluErf, In, Out>(gate, up, out, count);
        default:
            return;
    }
}

void gated(int32_t kind, int32_t in_dtype, int32_t out_dtype, const void* gate, const void* up, void* out,
           int64_t count) {
    if (in_dtype == MT_F32) {
        return out_dtype == MT_F32 ? gated_of<float, float>(kind, gate, up, out, count)
                                   : gated_of<float, BFloat>(kind, gate, up, out, count);
    }
    return out_dtype == MT_F32 ? gated_of<BFloat, float>(kind, gate, up, out, count)
                               : gated_of<BFloat, BFloat>(kind, gate, up, out, count);
}

}  // namespace

void fill_elementwise(KernelTable* table) {
    table->unary = unary;
    table->binary = binary;
    table->gated = gated;
}

}  // namespace MT_LANE
}  // namespace microtome
