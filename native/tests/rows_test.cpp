// mt_reduce, mt_softmax, mt_rms_norm, mt_rotary.
#include <algorithm>

#include "device.h"

static bool contains(const std::string& text, const char* part) { return text.find(part) != std::string::npos; }

static Values row_of(const Values& values, int64_t row, int64_t width) {
    return Values(values.begin() + row * width, values.begin() + (row + 1) * width);
}

static double log_sum_exp(const Values& row) {
    const double m = *std::max_element(row.begin(), row.end());
    double sum = 0;
    for (const double x : row) sum += std::exp(x - m);
    return m + std::log(sum);
}

CLAIM("reductions agree with double precision in awkward sizes") {
    const Device device;
    Random random(30);
    for (const mt_dtype dtype : {MT_F32, MT_BF16}) {
        for (const int64_t rows : {int64_t(1), int64_t(7), int64_t(127)}) {
            for (const int64_t width : kAwkward) {
                const Values x = rounded(random.values({rows, width}, 5), dtype);
                Tensor in(device, {rows, width}, x, dtype, width == 33 ? 1 : -1), out(device, {rows, 1}, dtype);
                Values sums, sum_tolerances, maxima, logs;
                for (int64_t r = 0; r < rows; ++r) {
                    const Values row = row_of(x, r, width);
                    double sum = 0, size = 0;
                    for (const double value : row) {
                        sum += value;
                        size += std::fabs(value);
                    }
                    sums.push_back(sum);
                    sum_tolerances.push_back(sum_tolerance(width, size, sum, dtype));
                    maxima.push_back(*std::max_element(row.begin(), row.end()));
                    logs.push_back(log_sum_exp(row));
                }
                OK(device, mt_reduce(device, MT_SUM, in, out));
                expect_close(out.values(), sums, sum_tolerances, "sum");
                OK(device, mt_reduce(device, MT_MAX, in, out));
                expect_equal(out.values(), maxima, "max");
                OK(device, mt_reduce(device, MT_LOGSUMEXP, in, out));
                // Errors of the terms average out relatively; the logarithm turns them into an absolute error.
                expect_close(out.values(), logs, 1.01 * unit_roundoff(dtype), 1e-6, "logsumexp");
            }
        }
    }
}

CLAIM("reductions of nothing, of infinities and of NaN") {
    const Device device;
    Tensor none(device, {3, 0}), out(device, {3, 1});
    const double empty[] = {0, -INFINITY, -INFINITY};
    for (int kind = 0; kind < 3; ++kind) {
        OK(device, mt_reduce(device, kind, none, out));
        expect_equal(out.values(), Values(3, empty[kind]), "empty " + std::to_string(kind));
    }
    for (const int64_t width : {int64_t(2), int64_t(40), int64_t(65)}) {
        Values x(size_t(width * 4), -1.0);
        for (int64_t i = 0; i < width; ++i) x[size_t(i)] = -INFINITY;
        x[size_t(2 * width - 1)] = NAN;
        x[size_t(2 * width)] = INFINITY;
        Tensor in(device, {4, width}, x), result(device, {4, 1});
        OK(device, mt_reduce(device, MT_SUM, in, result));
        expect_equal(result.values(), {-INFINITY, NAN, INFINITY, double(-width)}, "sum");
        OK(device, mt_reduce(device, MT_MAX, in, result));
        expect_equal(result.values(), {-INFINITY, NAN, INFINITY, -1}, "max");
        OK(device, mt_reduce(device, MT_LOGSUMEXP, in, result));
        expect_close(result.values(), {-INFINITY, NAN, INFINITY, -1 + std::log(double(width))}, 1e-7, 1e-6,
                     "logsumexp");
    }
}

static void expect_softmax(const Device& device, const Shape& shape, const Values& x, mt_dtype dtype, bool in_place) {
    Tensor in(device, shape, x, dtype), out(device, shape, dtype);
    Tensor& target = in_place ? in : out;
    OK(device, mt_softmax(device, in, target));
    const int64_t width = shape.back();
    Values expected;
    for (int64_t r = 0; r < elements_of(shape) / width; ++r) {
        const Values row = row_of(x, r, width);
        const double total = log_sum_exp(row);
        for (const double value : row) expected.push_back(std::exp(value - total));
    }
    // x - max is rounded once, at most 40 here, and e^x turns that into a relative error; then the sum's and the
    // rest's.
    const double relative = 40 * 0x1p-24 + 12 * 0x1p-24 + 1.01 * unit_roundoff(dtype);
    expect_close(target.values(), expected, relative, 1e-37, "softmax " + text(shape));
}

CLAIM("softmax agrees with double precision in awkward sizes, also in place") {
    const Device device;
    Random random(31);
    for (const mt_dtype dtype : {MT_F32, MT_BF16}) {
        for (const int64_t rows : {int64_t(1), int64_t(3), int64_t(127)}) {
            for (const int64_t width : kAwkward) {
                const Values x = rounded(random.values({rows, width}, 20), dtype);
                expect_softmax(device, {rows, width}, x, dtype, false);
                expect_softmax(device, {rows, width}, x, dtype, true);
            }
        }
    }
}

CLAIM("softmax: a masked entry gives exactly 0, only masked entries give NaN, infinity and NaN spread over their row") {
    const Device device;
    for (const int64_t width : {int64_t(3), int64_t(50)}) {
        Values x(size_t(width * 4), 0.5);
        for (int64_t i = 1; i < width; ++i) x[size_t(i)] = -INFINITY;
        for (int64_t i = 0; i < width; ++i) x[size_t(width + i)] = -INFINITY;
        x[size_t(2 * width + 1)] = NAN;
        x[size_t(3 * width + 2)] = INFINITY;
        Tensor in(device, {4, width}, x), out(device, {4, width});
        OK(device, mt_softmax(device, in, out));
        Values expected(size_t(4 * width), NAN);
        std::fill_n(expected.begin(), width, 0.0);
        expected[0] = 1;
        expect_equal(out.values(), expected, "softmax");
    }
}

CLAIM("RMS normalisation agrees with double precision, in every pair of types") {
    const Device device;
    Random random(32);
    for (const mt_dtype in_type : {MT_F32, MT_BF16}) {
        for (const mt_dtype out_type : {MT_F32, MT_BF16}) {
            for (const int64_t rows : {int64_t(1), int64_t(3), int64_t(257)}) {
                for (const int64_t width : kAwkward) {
                    const Values x = rounded(random.values({rows, width}, 3), in_type), g = random.values({width}, 2);
                    Tensor in(device, {rows, width}, x, in_type, width == 33 ? 1 : -1),
                        gain(device, {width}, g, MT_F32, 2);
                    Tensor out(device, {rows, width}, out_type);
                    OK(device, mt_rms_norm(device, 1e-5f, in, gain, out));
                    Values expected;
                    for (int64_t r = 0; r < rows; ++r) {
                        double squares = 0;
                        for (const double value : row_of(x, r, width)) squares += value * value;
                        const double factor = 1 / std::sqrt(squares / double(width) + double(1e-5f));
                        for (int64_t c = 0; c < width; ++c)
                            expected.push_back(x[size_t(r * width + c)] * factor * g[size_t(c)]);
                    }
                    const double relative = (8 + std::sqrt(double(width))) * 0x1p-24 + 1.01 * unit_roundoff(out_type);
                    expect_close(out.values(), expected, relative, 1e-37, "width " + std::to_string(width));
                }
            }
        }
    }
}

CLAIM("RMS normalisation has its published values, and gives 0 for a row of zeros") {
    const Device device;
    Tensor in(device, {2, 4}, {1, -2, 3, 0.5, 0, 0, 0, 0}), gain(device, {4}, Values(4, 1.0)), out(device, {2, 4});
    OK(device, mt_rms_norm(device, 1e-6f, in, gain, out));
    expect_close(out.values(), {0.52981287, -1.05962574, 1.58943861, 0.26490643, 0, 0, 0, 0}, 3e-7, 1e-30, "norm");
    Tensor wrong(device, {3}, {1, 1, 1});
    EXPECT(mt_rms_norm(device, 1e-6f, in, wrong, out) == MT_INVALID_ARGUMENT);
    EXPECT_WITH(contains(device.error(), "gain must be [4]; it is [3]"), device.error());
    EXPECT(mt_rms_norm(device, -1.0f, in, gain, out) == MT_INVALID_ARGUMENT);
    EXPECT(mt_rms_norm(device, NAN, in, gain, out) == MT_INVALID_ARGUMENT);
}

CLAIM("rotary rotates the halves of every head, also in place") {
    const Device device;
    Random random(33);
    for (const mt_dtype dtype : {MT_F32, MT_BF16}) {
        for (const int64_t head_width : {int64_t(2), int64_t(10), int64_t(64), int64_t(66)}) {
            for (const int64_t heads : {int64_t(1), int64_t(9)}) {
                for (const int64_t positions : {int64_t(1), int64_t(33)}) {
                    const int64_t half = head_width / 2;
                    const Shape shape = {2, positions, heads * head_width};
                    const Values x = rounded(random.values(shape), dtype), angle = random.values({positions, half}, 3);
                    Values cosines, sines, expected(x.size());
                    for (const double a : angle) {
                        cosines.push_back(float(std::cos(a)));
                        sines.push_back(float(std::sin(a)));
                    }
                    for (int64_t r = 0; r < 2 * positions * heads; ++r) {
                        const int64_t at = r * head_width, table = r / heads % positions * half;
                        for (int64_t j = 0; j < half; ++j) {
                            const double a = x[size_t(at + j)], b = x[size_t(at + j + half)];
                            const double c = cosines[size_t(table + j)], s = sines[size_t(table + j)];
                            expected[size_t(at + j)] = a * c - b * s;
                            expected[size_t(at + j + half)] = b * c + a * s;
                        }
                    }
                    Tensor cosine(device, {positions, half}, cosines, MT_F32, 1),
                        sine(device, {positions, half}, sines);
                    Tensor in(device, shape, x, dtype), out(device, shape, dtype);
                    const double relative = 1.01 * unit_roundoff(dtype), absolute = 4 * 0x1p-24;
                    OK(device, mt_rotary(device, int32_t(heads), in, cosine, sine, out));
                    expect_close(out.values(), expected, relative, absolute, "rotary");
                    OK(device, mt_rotary(device, int32_t(heads), in, cosine, sine, in));
                    expect_close(in.values(), expected, relative, absolute, "rotary in place");
                }
            }
        }
    }
}

CLAIM("rotary refuses odd heads and tables of another length") {
    const Device device;
    Tensor in(device, {1, 4, 18}), out(device, {1, 4, 18}), table(device, {4, 3}), short_table(device, {3, 3});
    EXPECT(mt_rotary(device, 2, in, table, table, out) == MT_INVALID_ARGUMENT);
    EXPECT_WITH(contains(device.error(), "2 heads over a width of 18: need 1 or more heads of one even width"),
                device.error());
    EXPECT(mt_rotary(device, 3, in, table, short_table, out) == MT_INVALID_ARGUMENT);
    EXPECT_WITH(contains(device.error(), "sine must be [positions, head_width / 2] = [4, 3]; it is [3, 3]"),
                device.error());
    EXPECT(mt_rotary(device, 0, in, table, table, out) == MT_INVALID_ARGUMENT);
}
