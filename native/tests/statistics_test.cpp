// mt_ica_step.
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
