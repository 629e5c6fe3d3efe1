// mt_unary, mt_binary, mt_gated_activation.
#include <functional>
#include <limits>

#include "device.h"

static bool contains(const std::string& text, const char* part) { return text.find(part) != std::string::npos; }

struct Function {
    mt_unary_kind kind;
    const char* name;
    double (*exact)(double);
    double low, high;           // of the random arguments
    double relative, absolute;  // error in F32
};

static double reciprocal(double x) { return 1 / x; }
static double negate(double x) { return -x; }
static double sigmoid(double x) { return 1 / (1 + std::exp(-x)); }
static double sign(double x) { return x > 0 ? 1 : x < 0 ? -1 : x; }
static double absolute(double x) { return std::fabs(x); }
static double square_root(double x) { return std::sqrt(x); }
static double exponential(double x) { return std::exp(x); }
static double logarithm(double x) { return std::log(x); }
static double tangent(double x) { return std::tanh(x); }
static double error_function(double x) { return std::erf(x); }
static double sine(double x) { return std::sin(x); }
static double cosine(double x) { return std::cos(x); }

constexpr double kUlp = 0x1p-23;
// The argument reduction of exp adds one rounding of the largest argument, 88, to the polynomial's: 5 units hold it.
static const Function kFunctions[] = {
    {MT_NEGATE, "negate", negate, -9, 9, 0, 0},
    {MT_ABS, "abs", absolute, -9, 9, 0, 0},
    {MT_SIGN, "sign", sign, -1, 1, 0, 0},
    {MT_EXP, "exp", exponential, -104, 88, 5 * kUlp, 1.5e-45},
    {MT_LOG, "log", logarithm, 0, 1000, kUlp, 0},
    {MT_SQRT, "sqrt", square_root, 0, 1000, kUlp / 2, 0},
    {MT_RECIPROCAL, "reciprocal", reciprocal, -50, 50, kUlp, 0},
    {MT_TANH, "tanh", tangent, -12, 12, 4 * kUlp, 0},
    {MT_ERF, "erf", error_function, -5, 5, 0, 3 * kUlp},
    {MT_SIN, "sin", sine, -100, 100, kUlp, 0},
    {MT_COS, "cos", cosine, -100, 100, kUlp, 0},
    {MT_SIGMOID, "sigmoid", sigmoid, -80, 80, 6 * kUlp, 0},
};

CLAIM("functions of one value are right in awkward sizes, F32 and BF16, aligned or not") {
    const Device device;
    Random random(20);
    for (const Function& function : kFunctions) {
        for (const int64_t size : {int64_t(1), int64_t(3), int64_t(33), int64_t(1021), int64_t(40000)}) {
            Values x(static_cast<size_t>(size));
            for (double& value : x) value = float(random.uniform(function.low, function.high));
            Values expected = x, narrow_expected = rounded(x, MT_BF16);
            for (double& value : expected) value = function.exact(value);
            for (double& value : narrow_expected) value = function.exact(value);
            Tensor in(device, {size}, x, MT_F32, size % 2 == 1 ? 1 : -1), out(device, {size});
            OK(device, mt_unary(device, function.kind, in, out));
            expect_close(out.values(), expected, function.relative, function.absolute, function.name);
            Tensor narrow(device, {size}, x, MT_BF16, size % 2 == 1 ? 1 : -1), narrow_out(device, {size}, MT_BF16);
            OK(device, mt_unary(device, function.kind, narrow, narrow_out));
            expect_close(narrow_out.values(), narrow_expected, 0x1p-8, function.absolute + 1e-40,
                         std::string(function.name) + " BF16");
        }
    }
}

CLAIM("the smallest arguments keep their relative precision in tanh and erf") {
    const Device device;
    Values x;
    for (int i = -40; i < 0; ++i) x.insert(x.end(), {std::ldexp(1.3, i), -std::ldexp(1.7, i)});
    const Shape shape = {int64_t(x.size())};
    Tensor in(device, shape, x), out(device, shape);
    OK(device, mt_unary(device, MT_TANH, in, out));
    Values expected = in.values();
    for (double& value : expected) value = std::tanh(value);
    expect_close(out.values(), expected, 4 * kUlp, 0, "tanh");
    OK(device, mt_unary(device, MT_ERF, in, out));
    expected = in.values();
    for (double& value : expected) value = std::erf(value);
    expect_close(out.values(), expected, 4 * kUlp, 0, "erf");
}

CLAIM("infinities, NaN and zeros go through every function as in libm") {
    const Device device;
    const Values x = {INFINITY, -INFINITY, NAN, 0.0, -0.0, 1e-40, 3e38, -3e38, 88.8, -104.5};
    const Shape shape = {int64_t(x.size())};
    for (const Function& function : kFunctions) {
        Tensor in(device, shape, x), out(device, shape);
        OK(device, mt_unary(device, function.kind, in, out));
        Values expected = in.values();
        const bool wave = function.kind == MT_SIN || function.kind == MT_COS;
        for (double& value : expected) {
            value = float(wave ? (function.kind == MT_SIN ? std::sin(float(value)) : std::cos(float(value)))
                               : function.exact(value));
        }
        expect_close(out.values(), expected, function.relative, function.absolute + 1e-37, function.name);
        const double zero = out.values()[4];
        if (function.exact(-0.0) == 0 && std::signbit(function.exact(-0.0)))
            EXPECT_WITH(std::signbit(zero), function.name);
    }
}

CLAIM("a function of one value works in place") {
    const Device device;
    Random random(21);
    const Values x = random.values({1000}, 4);
    Tensor tensor(device, {1000}, x);
    OK(device, mt_unary(device, MT_NEGATE, tensor, tensor));
    Values expected = x;
    for (double& value : expected) value = -value;
    expect_equal(tensor.values(), expected, "negate");
}

struct Operation {
    mt_binary_kind kind;
    const char* name;
    double (*exact)(double, double);
};

static const Operation kOperations[] = {
    {MT_ADD, "add", [](double a, double b) { return a + b; }},
    {MT_SUBTRACT, "subtract", [](double a, double b) { return a - b; }},
    {MT_MULTIPLY, "multiply", [](double a, double b) { return a * b; }},
    {MT_DIVIDE, "divide", [](double a, double b) { return a / b; }},
    {MT_MAXIMUM, "maximum", [](double a, double b) { return std::isnan(a) || std::isnan(b) ? NAN : std::fmax(a, b); }},
    {MT_MINIMUM, "minimum", [](double a, double b) { return std::isnan(a) || std::isnan(b) ? NAN : std::fmin(a, b); }},
    {MT_LESS, "less", [](double a, double b) { return a < b ? 1.0 : 0.0; }},
};

// The number of a side at each index of [d0, d1, d2], by its strides.
static Values strided(const Values& values, const mt_tensor& view) {
    Values result;
    for (int64_t i = 0; i < view.extent[0]; ++i) {
        for (int64_t j = 0; j < view.extent[1]; ++j) {
            for (int64_t k = 0; k < view.extent[2]; ++k) {
                result.push_back(
                    values[size_t(view.offset + i * view.stride[0] + j * view.stride[1] + k * view.stride[2])]);
            }
        }
    }
    return result;
}

CLAIM("functions of two values take every broadcast, permuted and sliced side") {
    const Device device;
    Random random(22);
    const Shape shape = {5, 33, 31};
    const int64_t total = elements_of(shape);
    // All strides reach at most the 2 * total elements that each side has.
    const int64_t patterns[][3] = {{33 * 31, 31, 1}, {0, 31, 1}, {0, 0, 1},  {0, 0, 0},        {1, 5, 5 * 33},
                                   {0, 1, 0},        {1, 0, 0},  {0, 1, 33}, {66 * 31, 62, 2}, {31, 0, 1}};
    for (const mt_dtype dtype : {MT_F32, MT_BF16, MT_I32}) {
        Values left = random.values({2 * total}, 100), right = random.values({2 * total}, 100);
        for (Values* values : {&left, &right}) {
            for (double& value : *values) value = dtype == MT_I32 ? std::trunc(value) : rounded(value, dtype);
        }
        for (const Operation& operation : kOperations) {
            if (dtype == MT_I32 && operation.kind == MT_DIVIDE) continue;
            for (const auto& a : patterns) {
                for (const auto& b : patterns) {
                    Tensor x(device, {2 * total}, left, dtype), y(device, {2 * total}, right, dtype),
                        out(device, shape, dtype);
                    x.reshape(shape);
                    y.reshape(shape);
                    std::copy(a, a + 3, x.view.stride);
                    std::copy(b, b + 3, y.view.stride);
                    OK(device, mt_binary(device, operation.kind, x, y, out));
                    Values expected = strided(left, x.view);
                    const Values other = strided(right, y.view);
                    for (size_t i = 0; i < expected.size(); ++i) {
                        expected[i] = rounded(operation.exact(expected[i], other[i]), dtype);
                    }
                    expect_equal(out.values(), expected, operation.name);
                }
            }
        }
    }
}

CLAIM("one rounding, special values and awkward sizes: two values") {
    const Device device;
    Random random(23);
    const Values special = {INFINITY, -INFINITY, NAN, 0.0, -0.0, 1.5, -2.25, 3e38, 1e-40};
    Values left, right;
    for (const double a : special) {
        for (const double b : special) {
            left.push_back(float(a));
            right.push_back(float(b));
        }
    }
    const Shape shape = {int64_t(left.size())};
    for (const Operation& operation : kOperations) {
        Tensor a(device, shape, left, MT_F32, 1), b(device, shape, right, MT_F32, 2), out(device, shape);
        OK(device, mt_binary(device, operation.kind, a, b, out));
        Values expected;
        for (size_t i = 0; i < left.size(); ++i) expected.push_back(float(operation.exact(left[i], right[i])));
        expect_equal(out.values(), expected, operation.name);
        for (const int64_t size : kAwkward) {
            const Values x = random.values({size}, 50), y = random.values({size}, 50);
            Tensor first(device, {size}, x), second(device, {size}, y), result(device, {size});
            OK(device, mt_binary(device, operation.kind, first, second, result));
            Values want;
            for (size_t i = 0; i < x.size(); ++i) want.push_back(float(operation.exact(x[i], y[i])));
            expect_equal(result.values(), want, operation.name);
        }
    }
}

CLAIM("integers wrap around as in Java") {
    const Device device;
    Tensor a(device, {3}, {2147483647.0, -2147483648.0, 65536.0}, MT_I32), b(device, {3}, {1, -1, 65537}, MT_I32);
    Tensor out(device, {3}, MT_I32);
    OK(device, mt_binary(device, MT_ADD, a, b, out));
    expect_equal(out.values(), {-2147483648.0, 2147483647.0, 131073}, "add");
    OK(device, mt_binary(device, MT_MULTIPLY, a, b, out));
    expect_equal(out.values(), {2147483647.0, -2147483648.0, 65536}, "multiply");
    EXPECT(mt_binary(device, MT_DIVIDE, a, b, out) == MT_INVALID_ARGUMENT);
    EXPECT_WITH(contains(device.error(), "I32 has no DIVIDE"), device.error());
}

CLAIM("two values: in place on a contiguous side, refused elsewhere") {
    const Device device;
    Tensor a(device, {2, 3}, {1, 2, 3, 4, 5, 6}), b(device, {2, 3}, {10, 20, 30, 40, 50, 60});
    OK(device, mt_binary(device, MT_ADD, a, b, b));
    expect_equal(b.values(), {11, 22, 33, 44, 55, 66}, "right in place");
    OK(device, mt_binary(device, MT_ADD, a, a, a));
    expect_equal(a.values(), {2, 4, 6, 8, 10, 12}, "both in place");
    mt_tensor row = a.view;
    row.stride[0] = 0;
    EXPECT(mt_binary(device, MT_ADD, &row, b, a) == MT_INVALID_ARGUMENT);
    EXPECT_WITH(contains(device.error(), "out and left share memory"), device.error());
    EXPECT(mt_binary(device, 9, a, b, b) == MT_INVALID_ARGUMENT);
    EXPECT(mt_unary(device, 12, a, b) == MT_INVALID_ARGUMENT);
}

static double silu(double x) { return x / (1 + std::exp(-x)); }
static double gelu_tanh(double x) {
    return 0.5 * x * (1 + std::tanh(std::sqrt(2 / M_PI) * (x + 0.044715 * x * x * x)));
}
static double gelu_erf(double x) { return 0.5 * x * (1 + std::erf(x / std::sqrt(2.0))); }

CLAIM("the activations have their published values") {
    const Device device;
    const Values x = {-2, -1, -0.5, 0.5, 1, 2};
    const Values tanh_values = {-0.045402306, -0.158808009, -0.154285990, 0.345714010, 0.841191991, 1.954597694};
    const Values erf_values = {-0.045500264, -0.158655254, -0.154268769, 0.345731231, 0.841344746, 1.954499736};
    const Values silu_values = {-0.238405844, -0.268941421, -0.188770334, 0.311229666, 0.731058579, 1.761594156};
    Tensor gate(device, {6}, x), up(device, {6}, Values(6, 1.0)), out(device, {6});
    OK(device, mt_gated_activation(device, MT_GELU_TANH, gate, up, out));
    expect_close(out.values(), tanh_values, 0, 5e-7, "gelu tanh");
    OK(device, mt_gated_activation(device, MT_GELU_ERF, gate, up, out));
    expect_close(out.values(), erf_values, 0, 5e-7, "gelu erf");
    OK(device, mt_gated_activation(device, MT_SILU, gate, up, out));
    expect_close(out.values(), silu_values, 0, 5e-7, "silu");
}

CLAIM("gated activations are right for every pair of types, in awkward sizes") {
    const Device device;
    Random random(24);
    double (*const exact[])(double) = {silu, gelu_tanh, gelu_erf};
    for (int kind = 0; kind < 3; ++kind) {
        for (const mt_dtype in : {MT_F32, MT_BF16}) {
            for (const mt_dtype out : {MT_F32, MT_BF16}) {
                for (const int64_t columns : kAwkward) {
                    const Shape shape = {3, columns};
                    const Values g = rounded(random.values(shape, 12), in), u = rounded(random.values(shape, 3), in);
                    Tensor gate(device, shape, g, in, columns == 33 ? 1 : -1), up(device, shape, u, in),
                        result(device, shape, out);
                    OK(device, mt_gated_activation(device, kind, gate, up, result));
                    Values expected, tolerance;
                    for (size_t i = 0; i < g.size(); ++i) {
                        expected.push_back(exact[kind](g[i]) * u[i]);
                        // The activation is within 1e-6 of its argument's size, the product adds its roundings.
                        tolerance.push_back(1e-6 * std::fabs(g[i] * u[i]) +
                                            1.01 * unit_roundoff(out) * std::fabs(expected[i]) + 1e-37);
                    }
                    expect_close(result.values(), expected, tolerance, "activation " + std::to_string(kind));
                }
            }
        }
    }
}

CLAIM("gated activations keep infinities and NaN") {
    const Device device;
    Tensor gate(device, {4}, {INFINITY, NAN, 100, -100}), up(device, {4}, {2, 1, INFINITY, 1}), out(device, {4});
    for (int kind = 0; kind < 3; ++kind) {
        OK(device, mt_gated_activation(device, kind, gate, up, out));
        expect_close(out.values(), {INFINITY, NAN, INFINITY, 0}, 0, 1e-30, "activation " + std::to_string(kind));
    }
    EXPECT(mt_gated_activation(device, 3, gate, up, out) == MT_INVALID_ARGUMENT);
    Tensor narrow(device, {4}, MT_BF16);
    EXPECT(mt_gated_activation(device, 0, gate, narrow, out) == MT_INVALID_ARGUMENT);
    EXPECT_WITH(contains(device.error(), "gate is F32 and up is BF16; need one type"), device.error());
}
