// Whole numbers: every function that takes I32, in awkward sizes and from unaligned memory.
#include <algorithm>

#include "device.h"

static bool contains(const std::string& text, const char* part) { return text.find(part) != std::string::npos; }

static const double kLeast = -2147483648.0, kMost = 2147483647.0;

static Values integers(Random& random, int64_t count) {
    Values values;
    for (int64_t i = 0; i < count; ++i) values.push_back(double(int32_t(uint32_t(random.next()))));
    return values;
}

// What is left of a whole number in 32 bits.
static double wrapped(double value) { return double(int32_t(uint32_t(int64_t(value)))); }

CLAIM("negate, abs and sign of integers; the smallest number stays itself") {
    const Device device;
    Random random(95);
    for (const int64_t size : kAwkward) {
        Values x = integers(random, size);
        x[0] = kLeast;
        x[size_t(size - 1)] = size > 1 ? 0 : x[0];
        Tensor in(device, {size}, x, MT_I32, 1), out(device, {size}, MT_I32);
        Values negated, magnitudes, signs;
        for (const double value : x) {
            negated.push_back(wrapped(-value));
            magnitudes.push_back(wrapped(std::fabs(value)));
            signs.push_back(value > 0 ? 1 : value < 0 ? -1 : 0);
        }
        OK(device, mt_unary(device, MT_NEGATE, in, out));
        expect_equal(out.values(), negated, "negate");
        OK(device, mt_unary(device, MT_ABS, in, out));
        expect_equal(out.values(), magnitudes, "abs");
        OK(device, mt_unary(device, MT_SIGN, in, out));
        expect_equal(out.values(), signs, "sign");
    }
    Tensor in(device, {2}, MT_I32), out(device, {2}, MT_I32);
    EXPECT(mt_unary(device, MT_EXP, in, out) == MT_INVALID_ARGUMENT);
    EXPECT(device.error() == "mt_unary: I32 has NEGATE, ABS and SIGN only; cast to F32 first");
}

CLAIM("sums of integers wrap around, and the largest of none is the smallest there is") {
    const Device device;
    Random random(96);
    for (const int64_t width : kAwkward) {
        const int64_t rows = 5;
        const Values x = integers(random, rows * width);
        Tensor in(device, {rows, width}, x, MT_I32, 3), out(device, {rows, 1}, MT_I32);
        Values sums, maxima;
        for (int64_t r = 0; r < rows; ++r) {
            double sum = 0, largest = kLeast;
            for (int64_t c = 0; c < width; ++c) {
                sum += x[size_t(r * width + c)];
                largest = std::max(largest, x[size_t(r * width + c)]);
            }
            sums.push_back(wrapped(sum));
            maxima.push_back(largest);
        }
        OK(device, mt_reduce(device, MT_SUM, in, out));
        expect_equal(out.values(), sums, "sum");
        OK(device, mt_reduce(device, MT_MAX, in, out));
        expect_equal(out.values(), maxima, "max");
        EXPECT(mt_reduce(device, MT_LOGSUMEXP, in, out) == MT_INVALID_ARGUMENT);
        EXPECT(device.error() == "mt_reduce: I32 has SUM and MAX only; cast to F32 first");
    }
    Tensor none(device, {3, 0}, MT_I32), out(device, {3, 1}, MT_I32);
    OK(device, mt_reduce(device, MT_SUM, none, out));
    expect_equal(out.values(), {0, 0, 0}, "sum of none");
    OK(device, mt_reduce(device, MT_MAX, none, out));
    expect_equal(out.values(), {kLeast, kLeast, kLeast}, "largest of none");
}

CLAIM("rows of integers and of doubles are gathered as they are, and rows of integers are added with wrapping") {
    const Device device;
    Random random(97);
    for (const int64_t width : kAwkward) {
        const Values table = integers(random, 4 * width), rows = {3, 0, 3};
        Values taken, added = table;
        for (const double row : rows) {
            for (int64_t c = 0; c < width; ++c) taken.push_back(table[size_t(int64_t(row) * width + c)]);
        }
        const Values updates = integers(random, 3 * width);
        for (int64_t i = 0; i < 3 * width; ++i) {
            double& to = added[size_t(int64_t(rows[size_t(i / width)]) * width + i % width)];
            to = wrapped(to + updates[size_t(i)]);
        }
        Tensor indices(device, {3}, rows, MT_I32);
        for (const mt_dtype dtype : {MT_I32, MT_F64}) {
            Tensor in(device, {4, width}, table, dtype, 5), out(device, {3, width}, dtype);
            OK(device, mt_gather(device, in, indices, out));
            expect_equal(out.values(), taken, "gather");
        }
        Tensor in(device, {4, width}, table, MT_I32, 1), update(device, {3, width}, updates, MT_I32, 2),
            out(device, {4, width}, MT_I32);
        OK(device, mt_scatter_add(device, in, indices, update, out));
        expect_equal(out.values(), added, "scatter_add");
    }
    Tensor table(device, {2, 3}, MT_I32), indices(device, {1}, {0}, MT_I32), updates(device, {1, 3}),
        out(device, {2, 3}, MT_I32);
    EXPECT(mt_scatter_add(device, table, indices, updates, out) == MT_INVALID_ARGUMENT);
    EXPECT_WITH(contains(device.error(), "updates"), device.error());
}

CLAIM("integers become short floats with one rounding, doubles become integers without a float between") {
    const Device device;
    // Just above the middle of two BF16 numbers, and on the middle once it is a float.
    const Values difficult = {16842753, -16842753, kMost, kLeast, 2049, 2051, 65519, 65520, 0, -7};
    const int64_t count = int64_t(difficult.size());
    Tensor in(device, {count}, difficult, MT_I32, 1), brain(device, {count}, MT_BF16), half(device, {count}, MT_F16);
    OK(device, mt_cast(device, in, brain));
    expect_equal(brain.values(), rounded(difficult, MT_BF16), "BF16");
    OK(device, mt_cast(device, in, half));
    expect_equal(half.values(), rounded(difficult, MT_F16), "F16");
    Tensor wide(device, {8}, {16777217.0, -16777217.9, 0.99, -0.99, 1e300, -1e300, NAN, kMost}, MT_F64, 3);
    Tensor whole(device, {8}, MT_I32);
    OK(device, mt_cast(device, wide, whole));
    expect_equal(whole.values(), {16777217, -16777217, 0, 0, kMost, kLeast, 0, kMost}, "F64 to I32");
    Tensor back(device, {8}, MT_F64);
    EXPECT(mt_cast(device, whole, back) == MT_INVALID_ARGUMENT);
    EXPECT_WITH(device.error() == "mt_cast: out has type F64; allowed: F32, BF16, F16, I32", device.error());
    EXPECT(mt_cast(device, half, in) == MT_INVALID_ARGUMENT);
}

CLAIM("fill writes doubles") {
    const Device device;
    for (const int64_t size : kAwkward) {
        Tensor out(device, {size}, MT_F64);
        OK(device, mt_fill(device, 0.1, out));
        expect_equal(out.values(), Values(size_t(size), 0.1), "fill");
    }
}
