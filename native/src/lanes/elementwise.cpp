// Functions of one, two and three tensors, element by element. BF16 is computed in float.
#include "lane.h"

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
    static float of(float x) { return x * sigmoid(x); }
};

// 0.5 x (1 + tanh(u)) = x sigmoid(2u), u = sqrt(2/pi) (x + 0.044715 x^3)
struct GeluTanh {
    static float of(float x) { return x * sigmoid(1.5957691216f * x * (1.0f + 0.044715f * x * x)); }
};
struct GeluErf {
    static float of(float x) { return 0.5f * x * (1.0f + error_function(x * 0.70710678119f)); }
};

template <class Activation, class In, class Out>
void gate_with(const void* gate, const void* up, void* out, int64_t count) {
    const In* g = static_cast<const In*>(gate);
    const In* u = static_cast<const In*>(up);
    Out* y = static_cast<Out*>(out);
#pragma omp simd
    for (int64_t i = 0; i < count; ++i) store(y + i, Activation::of(load(g[i])) * load(u[i]));
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
