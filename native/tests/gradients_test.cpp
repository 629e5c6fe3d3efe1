// The gradients: mt_softmax_gradient, mt_rms_norm_gradient, mt_layer_norm_gradient, mt_gated_activation_gradient,
// mt_cross_entropy_gradient, mt_attention_gradient, against the same formulas in double precision.
#include <algorithm>

#include "device.h"

static bool contains(const std::string& text, const char* part) { return text.find(part) != std::string::npos; }

static const Values& largest_of(const Values& values, double& largest) {
    for (const double value : values) largest = std::max(largest, std::fabs(value));
    return values;
}

// Errors of sums of `terms` products as large as `size`, and a few functions on the way.
static double bound(int64_t terms, double size) { return (60 + 6 * std::sqrt(double(terms))) * 0x1p-24 * size; }

CLAIM("the gradient of a softmax, one upstream and several") {
    const Device device;
    Random random(60);
    for (const int64_t width : kAwkward) {
        for (const int64_t rows : {int64_t(1), int64_t(7)}) {
            for (const int64_t count : {int64_t(1), int64_t(3)}) {
                Values y = random.values({rows, width}, 1.0 / double(width));
                for (double& each : y) each = float(std::fabs(each));
                const Values u = rounded(random.values({count, rows, width}, 2), MT_F32);
                Values expected;
                for (int64_t r = 0; r < count * rows; ++r) {
                    const int64_t stored = r % rows * width;
                    double sum = 0;
                    for (int64_t c = 0; c < width; ++c) sum += y[size_t(stored + c)] * u[size_t(r * width + c)];
                    for (int64_t c = 0; c < width; ++c)
                        expected.push_back(y[size_t(stored + c)] * (u[size_t(r * width + c)] - sum));
                }
                Tensor softmax(device, {rows, width}, y, MT_F32, width == 33 ? 1 : -1);
                Tensor upstream(device, {count, rows, width}, u), out(device, {count, rows, width});
                OK(device, mt_softmax_gradient(device, softmax, upstream, out));
                expect_close(out.values(), expected, 0, bound(width, 4.0 / double(width)), "softmax");
            }
        }
    }
}

static void expect_norm(const Device& device, Random& random, int64_t rows, int64_t width, int64_t count,
                        bool centred) {
    const double epsilon = double(1e-3f);
    const Values x = rounded(random.values({rows, width}, 3), MT_F32), g = rounded(random.values({width}, 2), MT_F32);
    const Values u = rounded(random.values({count, rows, width}, 2), MT_F32);
    Values expected, absolute;
    for (int64_t r = 0; r < count * rows; ++r) {
        const int64_t stored = r % rows * width;
        double mean = 0, squares = 0, weights = 0, products = 0, largest = 0;
        for (int64_t c = 0; c < width && centred; ++c) mean += x[size_t(stored + c)] / double(width);
        for (int64_t c = 0; c < width; ++c) {
            const double difference = x[size_t(stored + c)] - mean, w = g[size_t(c)] * u[size_t(r * width + c)];
            squares += difference * difference;
            weights += w;
            products += w * difference;
            largest = std::max(largest, std::fabs(w));
        }
        const double variance = squares / double(width) + epsilon, scale = std::sqrt(variance);
        for (int64_t c = 0; c < width; ++c) {
            const double w = g[size_t(c)] * u[size_t(r * width + c)], shift = centred ? weights / double(width) : 0;
            const double along = (x[size_t(stored + c)] - mean) * products / double(width) / variance;
            expected.push_back((w - shift - along) / scale);
            absolute.push_back(bound(width, 4 * largest / scale));
        }
    }
    Tensor in(device, {rows, width}, x, MT_F32, width == 31 ? 1 : -1), gain(device, {width}, g);
    Tensor upstream(device, {count, rows, width}, u), out(device, {count, rows, width});
    if (centred) {
        OK(device, mt_layer_norm_gradient(device, 1e-3f, in, gain, upstream, out));
    } else {
        OK(device, mt_rms_norm_gradient(device, 1e-3f, in, gain, upstream, out));
    }
    expect_close(out.values(), expected, absolute, "norm of width " + std::to_string(width));
}

CLAIM("the gradients of both norms, one upstream and several") {
    const Device device;
    Random random(61);
    for (const int64_t width : kAwkward) {
        for (const int64_t rows : {int64_t(1), int64_t(5), int64_t(70)}) {
            for (const int64_t count : {int64_t(1), int64_t(3)}) {
                expect_norm(device, random, rows, width, count, false);
                expect_norm(device, random, rows, width, count, true);
            }
        }
    }
}

// act(x) by formula; its slope by differences of fourth order.
static double act(int kind, double x) {
    if (kind == MT_SILU) return x / (1 + std::exp(-x));
    if (kind == MT_GELU_TANH) return x / 2 * (1 + std::tanh(std::sqrt(2 / M_PI) * (x + 0.044715 * x * x * x)));
    return x / 2 * (1 + std::erf(x * M_SQRT1_2));
}

static double slope(int kind, double x) {
    const double h = 1e-3;
    return (8 * (act(kind, x + h) - act(kind, x - h)) - (act(kind, x + 2 * h) - act(kind, x - 2 * h))) / (12 * h);
}

CLAIM("the gradients of gate and up, one upstream and several") {
    const Device device;
    Random random(62);
    for (int kind = MT_SILU; kind <= MT_GELU_ERF; ++kind) {
        for (const int64_t width : kAwkward) {
            for (const int64_t count : {int64_t(1), int64_t(5)}) {
                const Values gate = rounded(random.values({3, width}, 6), MT_F32), up = random.values({3, width}, 2);
                const Values u = random.values({count, 3, width}, 2);
                Values of_gate, of_up;
                for (size_t i = 0; i < u.size(); ++i) {
                    const size_t stored = i % gate.size();
                    of_gate.push_back(u[i] * up[stored] * slope(kind, gate[stored]));
                    of_up.push_back(u[i] * act(kind, gate[stored]));
                }
                of_gate.insert(of_gate.end(), of_up.begin(), of_up.end());
                Tensor gates(device, {3, width}, gate), ups(device, {3, width}, up, MT_F32, 1);
                Tensor upstream(device, {count, 3, width}, u), out(device, {2, count, 3, width});
                OK(device, mt_gated_activation_gradient(device, kind, gates, ups, upstream, out));
                expect_close(out.values(), of_gate, 1e-6, 2e-6, "gated " + std::to_string(kind));
            }
        }
    }
}

CLAIM("the gradient of a cross-entropy; a target outside the classes is refused") {
    const Device device;
    Random random(63);
    for (const int64_t width : kAwkward) {
        const int64_t rows = 5, count = 2;
        const Values x = rounded(random.values({rows, width}, 5), MT_F32);
        const Values u = rounded(random.values({count, rows}, 2), MT_F32);
        Values places, expected;
        for (int64_t r = 0; r < rows; ++r) places.push_back(double(random.below(width)));
        for (int64_t r = 0; r < count * rows; ++r) {
            const int64_t stored = r % rows * width;
            double sum = 0;
            for (int64_t c = 0; c < width; ++c) sum += std::exp(x[size_t(stored + c)]);
            for (int64_t c = 0; c < width; ++c) {
                const double share = std::exp(x[size_t(stored + c)]) / sum;
                expected.push_back(u[size_t(r)] * (share - (double(c) == places[size_t(r % rows)] ? 1 : 0)));
            }
        }
        Tensor logits(device, {rows, width}, x), targets(device, {rows}, places, MT_I32);
        Tensor upstream(device, {count, rows}, u), out(device, {count, rows, width});
        OK(device, mt_cross_entropy_gradient(device, logits, targets, upstream, out));
        expect_close(out.values(), expected, 0, bound(width, 4), "cross-entropy");
    }
    Tensor logits(device, {1, 3}, {1, 2, 3}), upstream(device, {1}, Values(1, 1.0)), out(device, {1, 3});
    for (const double wrong : {3.0, -1.0}) {
        Tensor targets(device, {1}, {wrong}, MT_I32);
        EXPECT(mt_cross_entropy_gradient(device, logits, targets, upstream, out) == MT_INVALID_ARGUMENT);
        EXPECT_WITH(contains(device.error(), "is outside the classes 0..2"), device.error());
    }
}

struct Attention {
    int64_t sequences, queries, keys, heads, key_value_heads, width, count;
    bool causal;
    double scale;
    Values q, k, v, u, of_q, of_k, of_v;

    Attention(Random& random, const std::vector<int64_t>& sizes, bool masks)
        : sequences(sizes[0]),
          queries(sizes[1]),
          keys(sizes[2]),
          heads(sizes[3]),
          key_value_heads(sizes[4]),
          width(sizes[5]),
          count(sizes[6]),
          causal(masks),
          scale(double(0.3f)) {
        q = rounded(random.values({sequences, queries, heads * width}), MT_F32);
        k = rounded(random.values({sequences, keys, key_value_heads * width}), MT_F32);
        v = rounded(random.values({sequences, keys, key_value_heads * width}), MT_F32);
        u = rounded(random.values({count, sequences, queries, heads * width}), MT_F32);
        of_q.resize(u.size());
        of_k.resize(size_t(count) * k.size());
        of_v.resize(of_k.size());
    }

    // Every query of every head by itself.
    void compute() {
        for (int64_t row = 0; row < int64_t(u.size()) / width; ++row) {
            const int64_t stored = row % (int64_t(q.size()) / width), h = stored % heads, i = stored / heads % queries;
            const int64_t s = stored / heads / queries, shared = h / (heads / key_value_heads);
            const int64_t visible = causal ? keys - queries + i + 1 : keys,
                          gradient = row / (int64_t(q.size()) / width);
            Values pattern, across;
            double sum = 0, inner = 0;
            for (int64_t j = 0; j < visible; ++j) {
                const int64_t at = ((s * keys + j) * key_value_heads + shared) * width;
                double score = 0, product = 0;
                for (int64_t d = 0; d < width; ++d) {
                    score += scale * q[size_t(stored * width + d)] * k[size_t(at + d)];
                    product += u[size_t(row * width + d)] * v[size_t(at + d)];
                }
                pattern.push_back(std::exp(score));
                across.push_back(product);
                sum += pattern.back();
            }
            for (size_t j = 0; j < pattern.size(); ++j) inner += (pattern[j] /= sum) * across[j];
            for (int64_t j = 0; j < visible; ++j) {
                const int64_t at = ((s * keys + j) * key_value_heads + shared) * width;
                const int64_t to = gradient * int64_t(k.size()) + at;
                const double turned = scale * pattern[size_t(j)] * (across[size_t(j)] - inner);
                for (int64_t d = 0; d < width; ++d) {
                    of_q[size_t(row * width + d)] += turned * k[size_t(at + d)];
                    of_k[size_t(to + d)] += turned * q[size_t(stored * width + d)];
                    of_v[size_t(to + d)] += pattern[size_t(j)] * u[size_t(row * width + d)];
                }
            }
        }
    }
};

// The three results, of an engine with this many threads.
static std::vector<Values> gradients_of(const Attention& a, int threads) {
    const Device device(threads);
    Tensor query(device, {a.sequences, a.queries, a.heads * a.width}, a.q, MT_F32, 1);
    Tensor key(device, {a.sequences, a.keys, a.key_value_heads * a.width}, a.k);
    Tensor value(device, {a.sequences, a.keys, a.key_value_heads * a.width}, a.v);
    const Shape queries = {a.count, a.sequences, a.queries, a.heads * a.width};
    const Shape keys = {a.count, a.sequences, a.keys, a.key_value_heads * a.width};
    Tensor upstream(device, queries, a.u), of_query(device, queries), of_key(device, keys), of_value(device, keys);
    OK(device, mt_attention_gradient(device, int32_t(a.heads), int32_t(a.key_value_heads), float(a.scale),
                                     a.causal ? 1 : 0, query, key, value, upstream, of_query, of_key, of_value));
    return {of_query.values(), of_key.values(), of_value.values()};
}

CLAIM("the gradients of attention in awkward sizes, with and without a mask, for any number of threads") {
    Random random(64);
    const std::vector<std::vector<int64_t>> sizes = {
        // sequences, queries, keys, heads, key/value heads, width, gradients
        {1, 1, 1, 1, 1, 1, 1},     {2, 3, 5, 4, 2, 7, 1},    {1, 31, 33, 3, 1, 64, 2},  {1, 64, 64, 9, 3, 64, 1},
        {1, 65, 65, 2, 2, 66, 1},  {1, 1, 200, 2, 1, 64, 1}, {1, 130, 257, 2, 1, 8, 2}, {2, 127, 127, 6, 3, 16, 1},
        {1, 200, 200, 2, 1, 4, 1}, {3, 6, 70, 2, 2, 130, 1}};
    for (const auto& size : sizes) {
        for (const bool causal : {true, false}) {
            Attention a(random, size, causal);
            a.compute();
            const std::vector<Values> found = gradients_of(a, 2), alone = gradients_of(a, 1);
            const Values* expected[] = {&a.of_q, &a.of_k, &a.of_v};
            for (size_t i = 0; i < 3; ++i) {
                double largest = 0;
                largest_of(a.of_v, largest);
                largest_of(a.of_q, largest);
                const int64_t terms = a.heads / a.key_value_heads * std::max(a.queries, a.keys);
                expect_close(found[i], *expected[i], 0, bound(terms + a.width, largest),
                             "attention " + std::to_string(i));
                expect_equal(alone[i], found[i], "threads");
            }
        }
    }
}

CLAIM("no queries give keys and values gradients of zero") {
    const Device device;
    Tensor query(device, {1, 0, 8}), key(device, {1, 3, 4}), upstream(device, {2, 1, 0, 8}), out(device, {2, 1, 0, 8});
    Tensor of_key(device, {2, 1, 3, 4}), of_value(device, {2, 1, 3, 4});
    OK(device, mt_attention_gradient(device, 2, 1, 1.0f, 1, query, key, key, upstream, out, of_key, of_value));
    expect_equal(of_key.values(), Values(24, 0.0), "keys");
    expect_equal(of_value.values(), Values(24, 0.0), "values");
}

CLAIM("gradients refuse shapes that do not belong together") {
    const Device device;
    Tensor x(device, {3, 5}), gain(device, {5}), wrong(device, {3, 4}), out(device, {3, 5}),
        double_out(device, {2, 3, 5});
    EXPECT(mt_rms_norm_gradient(device, 1e-5f, x, gain, wrong, out) == MT_INVALID_ARGUMENT);
    EXPECT_WITH(contains(device.error(), "upstream is [3, 4]; need the extents of in [3, 5], with any in front"),
                device.error());
    EXPECT(mt_softmax_gradient(device, x, x, x) == MT_INVALID_ARGUMENT);
    EXPECT(mt_layer_norm_gradient(device, -1.0f, x, gain, out, double_out) == MT_INVALID_ARGUMENT);
    EXPECT(mt_gated_activation_gradient(device, 3, x, x, x, double_out) == MT_INVALID_ARGUMENT);
    EXPECT(mt_gated_activation_gradient(device, 0, x, x, x, out) == MT_INVALID_ARGUMENT);
    EXPECT_WITH(contains(device.error(), "out is [3, 5]; need 2 and the extents of upstream [3, 5]"), device.error());
    Tensor query(device, {1, 2, 8}), key(device, {1, 3, 4}), upstream(device, {1, 1, 2, 8}),
        of_key(device, {1, 1, 3, 4});
    Tensor of_query(device, {1, 1, 2, 8});
    EXPECT(mt_attention_gradient(device, 2, 1, 1.0f, 1, query, key, key, upstream, of_query, of_key, of_key) ==
           MT_INVALID_ARGUMENT);
    EXPECT(mt_attention_gradient(device, 3, 1, 1.0f, 1, query, key, key, upstream, of_query, of_key, of_key) ==
           MT_INVALID_ARGUMENT);
    EXPECT_WITH(contains(device.error(), "its width must be a multiple of 3 heads"), device.error());
}
