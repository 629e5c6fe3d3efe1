// mt_where, mt_scatter_add, mt_top_k, mt_layer_norm, mt_unpack_transposed.
#include <algorithm>

#include "device.h"

static bool contains(const std::string& text, const char* part) { return text.find(part) != std::string::npos; }

CLAIM("where chooses by any type of condition, and takes no part of what it does not choose") {
    const Device device;
    Random random(90);
    for (const mt_dtype condition_type : {MT_F32, MT_F16, MT_BF16, MT_I32}) {
        for (const mt_dtype type : {MT_F32, MT_BF16, MT_I32}) {
            for (const int64_t count : kAwkward) {
                Values conditions, first, second, expected;
                for (int64_t i = 0; i < count; ++i) {
                    conditions.push_back(double(random.below(3)) - 1);
                    first.push_back(double(random.below(100)));
                    second.push_back(-1 - double(random.below(100)));
                    if (type == MT_F32 && conditions.back() == 0) first.back() = NAN;
                    expected.push_back(conditions.back() != 0 ? first.back() : second.back());
                }
                Tensor c(device, {count}, conditions, condition_type, condition_type == MT_F32 ? 1 : -1);
                Tensor x(device, {count}, first, type), y(device, {count}, second, type, 2), out(device, {count}, type);
                OK(device, mt_where(device, c, x, y, out));
                expect_equal(out.values(), expected, "where");
                OK(device, mt_where(device, c, x, y, x));
                expect_equal(x.values(), expected, "where in place");
            }
        }
    }
    Tensor c(device, {4}, {0.0, -0.0, NAN, INFINITY}), x(device, {4}, {1, 1, 1, 1}), y(device, {4}, {2, 2, 2, 2});
    Tensor out(device, {4});
    OK(device, mt_where(device, c, x, y, out));
    expect_equal(out.values(), {2, 2, 1, 1}, "signed zeros and NaN");
}

CLAIM("scatter_add adds in order and refuses a row that is not there") {
    const Device device;
    Random random(91);
    for (const int64_t width : kAwkward) {
        for (const int64_t count : {int64_t(1), int64_t(7), int64_t(257)}) {
            const Values table = rounded(random.values({5, width}), MT_F32);
            const Values updates = rounded(random.values({count, width}), MT_F32);
            Values indices, expected = table;
            for (int64_t n = 0; n < count; ++n) indices.push_back(double(random.below(5)));
            for (int64_t n = 0; n < count; ++n) {
                for (int64_t c = 0; c < width; ++c) {
                    double& to = expected[size_t(int64_t(indices[size_t(n)]) * width + c)];
                    to = double(float(to) + float(updates[size_t(n * width + c)]));
                }
            }
            Tensor t(device, {5, width}, table, MT_F32, 1), i(device, {count}, indices, MT_I32);
            Tensor u(device, {count, width}, updates), out(device, {5, width});
            OK(device, mt_scatter_add(device, t, i, u, out));
            expect_equal(out.values(), expected, "scatter_add " + std::to_string(width));
        }
    }
    Tensor t(device, {5, 2}, Values(10, 0.0)), i(device, {1}, {5}, MT_I32), u(device, {1, 2}, {1, 1}),
        out(device, {5, 2});
    EXPECT(mt_scatter_add(device, t, i, u, out) == MT_INVALID_ARGUMENT);
    EXPECT(contains(device.error(), "index 5 at place 0 is outside the table's rows 0..4"));
}

CLAIM("top_k gives the largest first, the lowest place among equals, NaN above all") {
    const Device device;
    Random random(92);
    for (const int64_t width : kAwkward) {
        Values x;
        for (int64_t i = 0; i < 3 * width; ++i) x.push_back(double(random.below(20)) - 10);  // many equals
        x[size_t(width / 2)] = NAN;
        x[0] = -0.0;
        const int64_t count = std::min<int64_t>(width, 9);
        Values expected;
        for (int64_t r = 0; r < 3; ++r) {
            std::vector<int64_t> places;
            for (int64_t i = 0; i < width; ++i) places.push_back(i);
            std::stable_sort(places.begin(), places.end(), [&](int64_t a, int64_t b) {
                const double left = x[size_t(r * width + a)], right = x[size_t(r * width + b)];
                if (std::isnan(left) || std::isnan(right)) return std::isnan(left) && !std::isnan(right);
                return left > right;
            });
            for (int64_t i = 0; i < count; ++i) expected.push_back(double(places[size_t(i)]));
        }
        Tensor in(device, {3, width}, x), out(device, {3, count}, MT_I32);
        OK(device, mt_top_k(device, in, out));
        expect_equal(out.values(), expected, "top_k " + std::to_string(width));
    }
    Tensor in(device, {1, 4}, {-INFINITY, 0, -0.0, INFINITY}), out(device, {1, 4}, MT_I32),
        many(device, {1, 5}, MT_I32);
    OK(device, mt_top_k(device, in, out));
    expect_equal(out.values(), {3, 1, 2, 0}, "infinities and zeros");
    EXPECT(mt_top_k(device, in, many) == MT_INVALID_ARGUMENT);
}

CLAIM("layer_norm agrees with double precision in awkward widths, far from zero too") {
    const Device device;
    Random random(93);
    for (const mt_dtype type : {MT_F32, MT_BF16}) {
        for (const mt_dtype out_type : {MT_F32, MT_BF16}) {
            for (const int64_t width : kAwkward) {
                Values x = random.values({5, width});
                for (double& value : x) value += type == MT_F32 ? 1000 : 0;
                x = rounded(x, type);
                const Values gain = rounded(random.values({width}), MT_F32),
                             bias = rounded(random.values({width}), MT_F32);
                Values expected, tolerances;
                for (int64_t r = 0; r < 5; ++r) {
                    double sum = 0, squares = 0;
                    for (int64_t c = 0; c < width; ++c) sum += x[size_t(r * width + c)];
                    for (int64_t c = 0; c < width; ++c)
                        squares += std::pow(x[size_t(r * width + c)] - sum / double(width), 2);
                    const double scale = 1 / std::sqrt(squares / double(width) + double(1e-5f));
                    for (int64_t c = 0; c < width; ++c) {
                        const double part = (x[size_t(r * width + c)] - sum / double(width)) * scale * gain[size_t(c)];
                        expected.push_back(part + bias[size_t(c)]);
                        tolerances.push_back(
                            sum_tolerance(3, std::fabs(part) + std::fabs(bias[size_t(c)]), expected.back(), out_type));
                    }
                }
                Tensor in(device, {5, width}, x, type, 2), g(device, {width}, gain), b(device, {width}, bias);
                Tensor out(device, {5, width}, out_type);
                OK(device, mt_layer_norm(device, 1e-5f, in, g, b, out));
                expect_close(out.values(), expected, tolerances, "layer_norm " + std::to_string(width));
            }
        }
    }
}

CLAIM("unpack_transposed gives back every value of a packed weight") {
    const Device device;
    Random random(94);
    for (const mt_dtype type : {MT_F32, MT_BF16}) {
        for (const int64_t n : {int64_t(1), int64_t(63), int64_t(64), int64_t(65), int64_t(257)}) {
            for (const int64_t k : {int64_t(1), int64_t(2), int64_t(31), int64_t(33), int64_t(257)}) {
                const Values weight = rounded(random.values({n, k}), type);
                Values expected;
                for (int64_t j = 0; j < k; ++j) {
                    for (int64_t i = 0; i < n; ++i) expected.push_back(weight[size_t(i * k + j)]);
                }
                const Tensor plain(device, {n, k}, weight, type);
                const Tensor packed = Tensor::packed(device, plain, type);
                Tensor out(device, {k, n}, type);
                OK(device, mt_unpack_transposed(device, packed, out));
                expect_equal(out.values(), expected, "unpack_transposed " + text({n, k}));
            }
        }
    }
    Tensor plain(device, {2, 3}, Values(6, 1.0)), out(device, {3, 2});
    EXPECT(mt_unpack_transposed(device, plain, out) == MT_INVALID_ARGUMENT);
}
