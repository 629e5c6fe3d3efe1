// mt_ica_step, mt_moments, mt_cosine.
#include <algorithm>

#include "device.h"

static bool contains(const std::string& text, const char* part) { return text.find(part) != std::string::npos; }

static double contrast(mt_contrast_kind kind, double alpha, double u, double* slope) {
    const double t = std::tanh(alpha * u), bell = std::exp(-u * u / 2);
    *slope = kind == MT_LOGCOSH ? alpha * (1 - t * t) : kind == MT_GAUSSIAN ? (1 - u * u) * bell : 3 * u * u;
    return kind == MT_LOGCOSH ? t : kind == MT_GAUSSIAN ? u * bell : u * u * u;
}

CLAIM("ica_step agrees with double precision, for every contrast and in awkward sizes") {
    const Device device;
    Random random(110);
    const int64_t sizes[][3] = {{1, 1, 1}, {33, 31, 3}, {127, 33, 31}, {1021, 7, 65}, {2500, 33, 12}};
    for (const mt_dtype type : {MT_F32, MT_BF16}) {
        for (const auto& size : sizes) {
            const int64_t samples = size[0], inputs = size[1], components = size[2];
            const Values z = rounded(random.values({samples, inputs}, 1.5), type);
            const Values w = random.values({components, inputs}, 1 / std::sqrt(double(inputs)));
            const Tensor zs(device, {samples, inputs}, z, type, 2), ws(device, {components, inputs}, w, MT_F32, 1);
            for (const mt_contrast_kind kind : {MT_LOGCOSH, MT_GAUSSIAN, MT_CUBE}) {
                const double alpha = 1.5;
                Values expected(size_t(components * (inputs + 1))), size_of(expected.size());
                for (int64_t i = 0; i < components; ++i) {
                    for (int64_t s = 0; s < samples; ++s) {
                        const double* row = &z[size_t(s * inputs)];
                        double u = 0, magnitude = 0, slope;
                        for (int64_t j = 0; j < inputs; ++j) {
                            u += w[size_t(i * inputs + j)] * row[j];
                            magnitude += std::fabs(w[size_t(i * inputs + j)] * row[j]);
                        }
                        const double g = contrast(kind, alpha, u, &slope);
                        // An error of u moves g by its slope, and the slope by at most 6 |u| + 4.
                        const double moved = std::fabs(g) + std::fabs(slope) * magnitude + 1;
                        const size_t first = size_t(i * (inputs + 1));
                        for (int64_t j = 0; j < inputs; ++j) {
                            expected[first + size_t(j)] += g * row[j] / double(samples);
                            size_of[first + size_t(j)] += moved * std::fabs(row[j]) / double(samples);
                        }
                        expected[first + size_t(inputs)] += slope / double(samples);
                        size_of[first + size_t(inputs)] +=
                            (std::fabs(slope) + (6 * std::fabs(u) + 4) * magnitude) / double(samples);
                    }
                }
                Values tolerance;
                for (size_t i = 0; i < expected.size(); ++i) {
                    tolerance.push_back(sum_tolerance(1024 + inputs, size_of[i], expected[i]));
                }
                Tensor out(device, {components, inputs + 1});
                OK(device, mt_ica_step(device, kind, float(alpha), zs, ws, out));
                expect_close(out.values(), expected, tolerance, "contrast " + std::to_string(kind));
            }
        }
    }
}

CLAIM("ica_step sums many samples in double precision") {
    const Device device;
    const int64_t samples = 300000;
    Tensor z(device, {samples, 1}, Values(size_t(samples), 0.7)), w(device, {1, 1}, Values{1}), out(device, {1, 2});
    OK(device, mt_ica_step(device, MT_CUBE, 1, z, w, out));
    const double u = double(0.7f);
    // Equal terms: a block's sum in F32 is off by its own roundings only, and blocks add without more.
    expect_close(out.values(), {u * u * u * u, 3 * u * u}, 1024 * 0x1p-24, 0, "means");
}

CLAIM("ica_step of nothing, and of what does not fit") {
    const Device device;
    Tensor none(device, {0, 2}), w(device, {3, 2}, Values(6, 1.0)), out(device, {3, 3}), wrong(device, {3, 2});
    OK(device, mt_ica_step(device, MT_LOGCOSH, 1, none, w, out));
    expect_equal(out.values(), Values(9, NAN), "no samples");
    EXPECT(mt_ica_step(device, MT_LOGCOSH, 1, none, w, wrong) == MT_INVALID_ARGUMENT);
    EXPECT_WITH(contains(device.error(), "out must be [3, 2 + 1]; it is [3, 2]"), device.error());
    EXPECT(mt_ica_step(device, 3, 1, none, w, out) == MT_INVALID_ARGUMENT);
    EXPECT_WITH(contains(device.error(), "3 is not a contrast; need 0 to 2"), device.error());
}

CLAIM("moments of batches agree with double precision, however far from zero the rows are") {
    const Device device;
    Random random(111);
    for (const mt_dtype type : {MT_F32, MT_BF16}) {
        for (const double centre : {0.0, 1000.0}) {
            for (const int64_t width : {int64_t(1), int64_t(31), int64_t(257)}) {
                if (width > 256 && (type != MT_F32 || centre == 0)) continue;  // more than one panel
                const int64_t side = width + 1;
                Tensor state(device, {side, side}, Values(size_t(side * side), 0.0), MT_F64);
                Values all;
                for (const int64_t count : {int64_t(1), int64_t(0), int64_t(7), int64_t(1100), int64_t(33)}) {
                    Values rows = random.values({count, width}, 2);
                    for (double& value : rows) value += centre;
                    rows = rounded(rows, type);
                    all.insert(all.end(), rows.begin(), rows.end());
                    const Tensor x(device, {count, width}, rows, type, 2);
                    Tensor next(device, {side, side}, MT_F64);
                    OK(device, mt_moments(device, state, x, next));
                    OK(device, mt_moments(device, state, x, state));
                    expect_equal(next.values(), state.values(), "in place or not");
                }
                const int64_t count = int64_t(all.size()) / width;
                Values expected(size_t(side * side)), tolerance(expected.size());
                expected[0] = double(count);
                for (int64_t j = 0; j < width; ++j) {
                    double sum = 0;
                    for (int64_t r = 0; r < count; ++r) sum += all[size_t(r * width + j)];
                    expected[size_t(1 + j)] = sum / double(count);
                    tolerance[size_t(1 + j)] = 1e-13 * (centre + 2);
                }
                for (int64_t r = 0; r < count; ++r) {
                    Values centred;
                    for (int64_t j = 0; j < width; ++j) {
                        centred.push_back(all[size_t(r * width + j)] - expected[size_t(1 + j)]);
                    }
                    for (int64_t i = 0; i < width; ++i) {
                        for (int64_t j = 0; j < width; ++j) {
                            const double term = centred[size_t(i)] * centred[size_t(j)];
                            const size_t at = size_t((1 + i) * side + 1 + j);
                            expected[at] += term;
                            // Centring rounds each factor once more.
                            tolerance[at] += (sum_tolerance(1024, 1, 0) + 2 * 0x1p-24) * std::fabs(term);
                        }
                    }
                }
                for (double& each : tolerance) each += 1e-12;
                expect_close(state.values(), expected, tolerance, "width " + std::to_string(width));
            }
        }
    }
}

CLAIM("moments say what does not fit") {
    const Device device;
    Tensor state(device, {4, 4}, Values(16, 0.0), MT_F64), rows(device, {2, 2}), single(device, {3, 3});
    EXPECT(mt_moments(device, state, rows, state) == MT_INVALID_ARGUMENT);
    EXPECT_WITH(contains(device.error(), "state must be [2 + 1, 2 + 1]; it is [4, 4]"), device.error());
    EXPECT(mt_moments(device, single, rows, single) == MT_INVALID_ARGUMENT);
    EXPECT_WITH(contains(device.error(), "state has type F32; allowed: F64"), device.error());
}

CLAIM("cosine agrees with double precision, from blocks of any size and for any length of rows") {
    const Device device;
    Random random(112);
    const int64_t sizes[][3] = {{1, 1, 1}, {3, 31, 33}, {33, 127, 257}, {600, 1030, 9}};
    for (const mt_dtype x_type : {MT_F32, MT_BF16}) {
        for (const mt_dtype y_type : {MT_F32, MT_BF16}) {
            for (const auto& size : sizes) {
                const int64_t rows = size[0], columns = size[1], width = size[2];
                Values x = random.values({rows, width}, 1e-15), y = random.values({columns, width}, 1e12);
                if (rows > 1) std::fill_n(x.begin() + width, width, 0.0);
                x = rounded(x, x_type);
                y = rounded(y, y_type);
                Values expected, tolerance;
                for (int64_t i = 0; i < rows; ++i) {
                    for (int64_t j = 0; j < columns; ++j) {
                        double dot = 0, terms = 0, xx = 0, yy = 0;
                        for (int64_t k = 0; k < width; ++k) {
                            const double a = x[size_t(i * width + k)], b = y[size_t(j * width + k)];
                            dot += a * b, terms += std::fabs(a * b), xx += a * a, yy += b * b;
                        }
                        const double norms = std::sqrt(xx) * std::sqrt(yy);
                        expected.push_back(norms == 0 ? 0 : dot / norms);
                        tolerance.push_back(norms == 0 ? 0x1p-1000
                                                       : sum_tolerance(width + 8, terms / norms, expected.back()));
                    }
                }
                const Tensor left(device, {rows, width}, x, x_type, 2), right(device, {columns, width}, y, y_type);
                Tensor out(device, {rows, columns});
                OK(device, mt_cosine(device, left, right, out));
                expect_close(out.values(), expected, tolerance, "cosine " + text({rows, columns, width}));
            }
        }
    }
    Tensor x(device, {2, 3}), y(device, {4, 2}), out(device, {2, 4});
    EXPECT(mt_cosine(device, x, y, out) == MT_INVALID_ARGUMENT);
    EXPECT_WITH(contains(device.error(), "x [2, 3] and y [4, 2] must have one width"), device.error());
}
