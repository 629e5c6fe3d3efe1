// mt_attention.
#include <algorithm>
#include <memory>

#include "device.h"

static bool contains(const std::string& text, const char* part) { return text.find(part) != std::string::npos; }

struct Case {
    int64_t sequences, queries, keys, heads, key_value_heads, head_width;
    bool causal = true;
    mt_dtype dtype = MT_F32;
    // Elements between two rows and two sequences beyond the least; a row of a wider matrix, a cache with room.
    int64_t row_gap = 0, sequence_gap = 0;
    int wrapped_at = -1;
    double size = 1.5;  // of the numbers
};

struct Operand {
    Values values;  // with the gaps
    Shape shape;
    int64_t row, sequence;

    double at(int64_t s, int64_t t, int64_t c) const { return values[size_t(s * sequence + t * row + c)]; }
};

static Operand operand(const Case& c, int64_t positions, int64_t heads, Random& random) {
    const int64_t width = heads * c.head_width, row = width + c.row_gap;
    Operand result = {{}, {c.sequences, positions, width}, row, positions * row + c.sequence_gap};
    result.values = rounded(random.values({c.sequences * result.sequence}, c.size), c.dtype);
    return result;
}

static Tensor tensor(const Device& device, const Case& c, const Operand& operand) {
    Tensor result(device, {int64_t(operand.values.size())}, operand.values, c.dtype, c.wrapped_at);
    result.reshape(operand.shape);
    result.view.stride[0] = operand.sequence;
    result.view.stride[1] = operand.row;
    return result;
}

struct Expected {
    Values out, out_tolerance, pattern, pattern_tolerance;
};

static Expected attend(const Case& c, float scale, const Operand& q, const Operand& k, const Operand& v) {
    Expected e;
    const int64_t width = c.heads * c.head_width, group = c.heads / c.key_value_heads;
    const size_t outs = size_t(c.sequences * c.queries * width);
    e.out.resize(outs);
    e.out_tolerance.resize(outs);
    // Rounding of the weights where they pass through BF16, and of the result.
    const double unit = unit_roundoff(c.dtype);
    for (int64_t s = 0; s < c.sequences; ++s) {
        for (int64_t h = 0; h < c.heads; ++h) {
            const int64_t shared = h / group * c.head_width;
            for (int64_t i = 0; i < c.queries; ++i) {
                const int64_t visible = c.causal ? c.keys - c.queries + i + 1 : c.keys;
                Values weights(static_cast<size_t>(c.keys), 0.0);
                double maximum = -INFINITY, total = 0, largest = 0;
                for (int64_t j = 0; j < visible; ++j) {
                    double dot = 0, size = 0;
                    for (int64_t d = 0; d < c.head_width; ++d) {
                        const double term = q.at(s, i, h * c.head_width + d) * k.at(s, j, shared + d);
                        dot += term;
                        size += std::fabs(term);
                    }
                    weights[size_t(j)] = dot * scale;
                    maximum = std::max(maximum, dot * scale);
                    // The error of a score is a relative error of its weight.
                    largest = std::max(largest, sum_tolerance(c.head_width, size * scale, dot * scale));
                }
                for (int64_t j = 0; j < visible; ++j)
                    total += weights[size_t(j)] = std::exp(weights[size_t(j)] - maximum);
                const double relative = 2 * largest + 40 * 0x1p-24 + 8 * 0x1p-24;
                for (double& weight : weights) weight /= total;
                for (int64_t d = 0; d < c.head_width; ++d) {
                    double sum = 0, size = 0;
                    for (int64_t j = 0; j < visible; ++j) {
                        const double term = weights[size_t(j)] * v.at(s, j, shared + d);
                        sum += term;
                        size += std::fabs(term);
                    }
                    const size_t at = size_t((s * c.queries + i) * width + h * c.head_width + d);
                    e.out[at] = sum;
                    e.out_tolerance[at] = size * (relative + unit) + sum_tolerance(visible, size, sum, c.dtype);
                }
                for (const double weight : weights) {
                    e.pattern.push_back(weight);
                    e.pattern_tolerance.push_back(weight * relative + 1e-37);
                }
            }
        }
    }
    return e;
}

static std::string name(const Case& c) {
    return text({c.sequences, c.queries, c.keys, c.heads, c.key_value_heads, c.head_width}) +
           (c.causal ? "" : " not causal") + (c.dtype == MT_BF16 ? " BF16" : "") + (c.row_gap ? " gaps" : "");
}

static Values without_gaps(const Values& values, const Operand& like) {
    Values result;
    for (int64_t s = 0; s < like.shape[0]; ++s) {
        for (int64_t t = 0; t < like.shape[1]; ++t) {
            for (int64_t c = 0; c < like.shape[2]; ++c)
                result.push_back(values[size_t(s * like.sequence + t * like.row + c)]);
        }
    }
    return result;
}

static void expect_attention(const Device& device, const Case& c, uint64_t seed) {
    Random random(seed);
    const Operand q = operand(c, c.queries, c.heads, random), k = operand(c, c.keys, c.key_value_heads, random);
    const Operand v = operand(c, c.keys, c.key_value_heads, random);
    const float scale = float(1 / std::sqrt(double(c.head_width)));
    const Expected expected = attend(c, scale, q, k, v);
    for (const bool with_pattern : {false, true}) {
        Tensor query = tensor(device, c, q), key = tensor(device, c, k), value = tensor(device, c, v);
        Operand blank = q;
        std::fill(blank.values.begin(), blank.values.end(), -77.0);
        Case aligned = c;
        aligned.wrapped_at = -1;
        Tensor out = tensor(device, aligned, blank), pattern(device, {c.sequences, c.heads, c.queries, c.keys});
        OK(device, mt_attention(device, int32_t(c.heads), int32_t(c.key_value_heads), scale, c.causal, query, key,
                                value, with_pattern ? &pattern.view : nullptr, out));
        const Values result = out.values();
        expect_close(without_gaps(result, q), expected.out, expected.out_tolerance,
                     name(c) + (with_pattern ? " with pattern" : ""));
        if (with_pattern)
            expect_close(pattern.values(), expected.pattern, expected.pattern_tolerance, name(c) + " pattern");
        int64_t kept = 0;
        for (const double value_between : result) kept += value_between == -77.0;
        EXPECT_WITH(kept >= int64_t(result.size()) - elements_of(q.shape), name(c) + " wrote between its rows");
    }
    if (c.row_gap > 0 || c.sequence_gap > 0) return;
    Tensor query = tensor(device, c, q), key = tensor(device, c, k), value = tensor(device, c, v);
    Tensor pattern(device, {c.sequences, c.heads, c.queries, c.keys}), out(device, q.shape, c.dtype);
    OK(device, mt_attention_pattern(device, int32_t(c.heads), int32_t(c.key_value_heads), scale, c.causal, query, key,
                                    pattern));
    expect_close(pattern.values(), expected.pattern, expected.pattern_tolerance, name(c) + " pattern by itself");
    OK(device, mt_attention_mix(device, int32_t(c.key_value_heads), pattern, value, out));
    expect_close(out.values(), expected.out, expected.out_tolerance, name(c) + " mixed");
}

CLAIM("attention agrees with the definition: prompts of awkward lengths, grouped heads, both types") {
    const Device device;
    for (const mt_dtype dtype : {MT_F32, MT_BF16}) {
        for (const int64_t positions : {1, 2, 3, 4, 5, 31, 33, 64, 65, 127, 128, 130, 257}) {
            expect_attention(device, {2, positions, positions, 9, 3, 64, true, dtype}, uint64_t(positions));
        }
        for (const int64_t head_width : {1, 2, 3, 31, 33, 80, 128}) {
            expect_attention(device, {1, 70, 70, 4, 2, head_width, true, dtype}, uint64_t(100 + head_width));
        }
        expect_attention(device, {1, 40, 40, 6, 6, 32, true, dtype}, 200);
        expect_attention(device, {1, 40, 40, 6, 1, 32, true, dtype}, 201);
        expect_attention(device, {3, 20, 20, 1, 1, 16, true, dtype}, 202);
    }
}

CLAIM("queries stand at the end of a longer cache of keys") {
    const Device device;
    for (const mt_dtype dtype : {MT_F32, MT_BF16}) {
        for (const int64_t queries : {1, 2, 4, 5, 17, 66}) {
            for (const int64_t keys : {66, 100, 300}) {
                expect_attention(device, {2, queries, keys, 9, 3, 64, true, dtype}, uint64_t(queries * 1000 + keys));
            }
        }
    }
}

CLAIM("without causality every query sees every key") {
    const Device device;
    for (const mt_dtype dtype : {MT_F32, MT_BF16}) {
        for (const int64_t queries : {1, 3, 33, 140}) {
            expect_attention(device, {2, queries, 140, 4, 2, 32, false, dtype}, uint64_t(queries));
        }
    }
}

CLAIM("the operands may be parts of wider rows and of a cache with room, at any address") {
    const Device device;
    for (const mt_dtype dtype : {MT_F32, MT_BF16}) {
        for (const int64_t queries : {2, 50, 135}) {
            expect_attention(device, {2, queries, 135, 9, 3, 64, true, dtype, 384, 777}, uint64_t(queries));
            expect_attention(device, {2, queries, 135, 9, 3, 64, true, dtype, 1, 1, 1}, uint64_t(queries + 500));
        }
    }
}

CLAIM("large scores do not overflow") {
    const Device device;
    expect_attention(device, {1, 40, 40, 2, 1, 64, true, MT_F32, 0, 0, -1, 6.0}, 300);
    expect_attention(device, {1, 3, 40, 2, 1, 64, true, MT_F32, 0, 0, -1, 6.0}, 301);
}

CLAIM("one key for all sequences is a stride of 0") {
    const Device device;
    Random random(7);
    for (const int64_t queries : {2, 40}) {
        Tensor query(device, {3, queries, 64}, random.values({3, queries, 64}));
        const Values keys = random.values({40, 32}), values = random.values({40, 32});
        Tensor key(device, {40, 32}, keys), value(device, {40, 32}, values), out(device, {3, queries, 64}),
            same(device, {3, queries, 64});
        Values many_keys, many_values;
        for (int i = 0; i < 3; ++i) {
            many_keys.insert(many_keys.end(), keys.begin(), keys.end());
            many_values.insert(many_values.end(), values.begin(), values.end());
        }
        Tensor key3(device, {3, 40, 32}, many_keys), value3(device, {3, 40, 32}, many_values);
        for (Tensor* shared : {std::addressof(key), std::addressof(value)}) {
            shared->reshape({3, 40, 32});
            shared->view.stride[0] = 0;
        }
        OK(device, mt_attention(device, 2, 1, 0.2f, 1, query, key, value, nullptr, out));
        OK(device, mt_attention(device, 2, 1, 0.2f, 1, query, key3, value3, nullptr, same));
        expect_equal(out.values(), same.values(), "shared keys");
    }
}

CLAIM("one token attends to itself, and a not-a-number stays where it belongs") {
    const Device device;
    Random random(8);
    const Values v = random.values({1, 1, 64});
    Tensor query(device, {1, 1, 64}, random.values({64})), key(device, {1, 1, 64}, random.values({64})),
        value(device, {1, 1, 64}, v);
    Tensor out(device, {1, 1, 64});
    OK(device, mt_attention(device, 1, 1, 0.125f, 1, query, key, value, nullptr, out));
    expect_close(out.values(), v, 2 * 0x1p-24, 0, "identity on values");

    // A key in the future that is NaN may touch only the queries that see it.
    Values keys = random.values({1, 40, 64});
    for (int i = 0; i < 64; ++i) keys[size_t(39 * 64 + i)] = NAN;
    Tensor q(device, {1, 40, 64}, random.values({40, 64})), k(device, {1, 40, 64}, keys),
        w(device, {1, 40, 64}, random.values({40, 64}));
    Tensor result(device, {1, 40, 64}), pattern(device, {1, 1, 40, 40});
    OK(device, mt_attention(device, 1, 1, 0.125f, 1, q, k, w, pattern, result));
    const Values all = result.values();
    for (size_t i = 0; i < all.size(); ++i) EXPECT(std::isnan(all[i]) == (i >= 39 * 64));
}

CLAIM("a mix takes any weights, and zeros at the ends of rows change nothing") {
    const Device device;
    Random random(9);
    const int64_t queries = 20, keys = 75, width = 5;
    for (const mt_dtype dtype : {MT_F32, MT_BF16}) {
        Values weights = random.values({4 * queries * keys});
        const Values values = rounded(random.values({keys, 2 * width}), dtype);
        for (int64_t row = 0; row < 4 * queries; ++row) {  // shorter and longer rows, some of them empty
            const int64_t end = row % 7 == 0 ? 0 : row * 13 % (keys + 1);
            for (int64_t j = end; j < keys; ++j) weights[size_t(row * keys + j)] = j % 2 == 0 ? 0.0 : -0.0;
        }
        Tensor pattern(device, {1, 4, queries, keys}, weights), value(device, {1, keys, 2 * width}, values, dtype);
        Tensor out(device, {1, queries, 4 * width}, dtype);
        OK(device, mt_attention_mix(device, 2, pattern, value, out));
        Values expected, tolerance;
        for (int64_t i = 0; i < queries; ++i) {
            for (int64_t c = 0; c < 4 * width; ++c) {
                const int64_t h = c / width, from = h / 2 * width + c % width;
                double sum = 0, size = 0;
                for (int64_t j = 0; j < keys; ++j) {
                    const double term = double(float(weights[size_t((h * queries + i) * keys + j)])) *
                                        values[size_t(j * 2 * width + from)];
                    sum += term;
                    size += std::fabs(term);
                }
                expected.push_back(sum);
                tolerance.push_back(sum_tolerance(keys, size, sum, dtype));
            }
        }
        expect_close(out.values(), expected, tolerance, "any weights");
    }
}

CLAIM("a mix over no keys is zero, and empty patterns are nothing to do") {
    const Device device;
    Tensor pattern(device, {1, 2, 3, 0}), value(device, {1, 0, 8}), out(device, {1, 3, 8});
    OK(device, mt_attention_mix(device, 2, pattern, value, out));
    expect_equal(out.values(), Values(24, 0.0), "nothing to mix");
    Tensor query(device, {2, 0, 64}), key(device, {2, 9, 64}), none(device, {2, 1, 0, 9});
    OK(device, mt_attention_pattern(device, 1, 1, 1.0f, 1, query, key, none));
}

CLAIM("the parts of attention say what does not fit") {
    const Device device;
    Tensor query(device, {1, 8, 64}), key(device, {1, 8, 32}), pattern(device, {1, 2, 8, 8}), out(device, {1, 8, 64});
    Tensor short_key(device, {1, 5, 32}), short_pattern(device, {1, 2, 8, 5}), narrow(device, {1, 8, 32}, MT_BF16);
    const auto look = [&](int heads, int kv, Tensor& k, Tensor& p) {
        return mt_attention_pattern(device, heads, kv, 1.0f, 1, query, k, p);
    };
    EXPECT(look(3, 2, key, pattern) == MT_INVALID_ARGUMENT);
    EXPECT_WITH(contains(device.error(), "3 heads on 2 key/value heads"), device.error());
    EXPECT(look(2, 2, key, pattern) == MT_INVALID_ARGUMENT);
    EXPECT_WITH(contains(device.error(), "key is [1, 8, 32]"), device.error());
    EXPECT(look(2, 1, key, short_pattern) == MT_INVALID_ARGUMENT);
    EXPECT_WITH(contains(device.error(), "pattern is [1, 2, 8, 5]; need"), device.error());
    EXPECT(look(2, 1, short_key, short_pattern) == MT_INVALID_ARGUMENT);
    EXPECT_WITH(contains(device.error(), "8 queries on 5 keys"), device.error());
    EXPECT(mt_attention_mix(device, 3, pattern, key, out) == MT_INVALID_ARGUMENT);
    EXPECT_WITH(contains(device.error(), "2 heads on 3 key/value heads"), device.error());
    EXPECT(mt_attention_mix(device, 1, pattern, short_key, out) == MT_INVALID_ARGUMENT);
    EXPECT_WITH(contains(device.error(), "value is [1, 5, 32]"), device.error());
    EXPECT(mt_attention_mix(device, 1, pattern, key, key) == MT_INVALID_ARGUMENT);
    EXPECT_WITH(contains(device.error(), "out is [1, 8, 32]; need"), device.error());
    EXPECT(mt_attention_mix(device, 1, pattern, narrow, out) == MT_INVALID_ARGUMENT);
}

CLAIM("empty attention does nothing") {
    const Device device;
    Tensor query(device, {0, 5, 64}), key(device, {0, 9, 64}), out(device, {0, 5, 64});
    OK(device, mt_attention(device, 1, 1, 1.0f, 1, query, key, key, nullptr, out));
    Tensor none(device, {2, 0, 64}), keys(device, {2, 9, 64}, Values(2 * 9 * 64, 0.0)), nothing(device, {2, 0, 64});
    OK(device, mt_attention(device, 1, 1, 1.0f, 1, none, keys, keys, nullptr, nothing));
}

CLAIM("attention says what does not fit") {
    const Device device;
    Tensor query(device, {1, 8, 64}), key(device, {1, 8, 32}), short_key(device, {1, 5, 32}), out(device, {1, 8, 64});
    Tensor pattern(device, {1, 2, 8, 9});
    const auto run = [&](int heads, int kv, Tensor& k, const mt_tensor* p) {
        return mt_attention(device, heads, kv, 1.0f, 1, query, k, k, p, out);
    };
    EXPECT(run(3, 2, key, nullptr) == MT_INVALID_ARGUMENT);
    EXPECT_WITH(contains(device.error(), "3 heads on 2 key/value heads"), device.error());
    EXPECT(run(0, 0, key, nullptr) == MT_INVALID_ARGUMENT);
    EXPECT(run(2, 2, key, nullptr) == MT_INVALID_ARGUMENT);
    EXPECT_WITH(contains(device.error(), "key is [1, 8, 32]; need [1, keys, 64]"), device.error());
    EXPECT(run(2, 1, short_key, nullptr) == MT_INVALID_ARGUMENT);
    EXPECT_WITH(contains(device.error(), "8 queries on 5 keys; need as many keys at least"), device.error());
    EXPECT(mt_attention(device, 2, 1, 1.0f, 1, query, key, key, pattern, out) == MT_INVALID_ARGUMENT);
    EXPECT_WITH(
        contains(device.error(), "pattern is [1, 2, 8, 9]; need [sequences, heads, queries, keys] = [1, 2, 8, 8]"),
        device.error());
    mt_tensor crowded = out.view;
    crowded.stride[1] = 63;
    EXPECT(mt_attention(device, 2, 1, 1.0f, 1, query, key, key, nullptr, &crowded) == MT_INVALID_ARGUMENT);
    EXPECT_WITH(contains(device.error(), "its rows overlap each other"), device.error());
}
