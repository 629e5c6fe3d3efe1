// mt_sparse_encode, mt_top_examples.
#include <algorithm>
#include <numeric>

#include "device.h"

static bool contains(const std::string& text, const char* part) { return text.find(part) != std::string::npos; }

namespace {

struct Sizes {
    int64_t tokens, width, features;
};

// Small whole numbers: every sum is exact, in every type and order, and equals are many.
Values whole(Random& random, int64_t count, int64_t most) {
    Values values;
    for (int64_t i = 0; i < count; ++i) values.push_back(double(random.below(2 * most + 1) - most));
    return values;
}

struct Layer {
    Sizes sizes;
    Values x, weight, bias, threshold;

    Layer(Random& random, Sizes s)
        : sizes(s),
          x(whole(random, s.tokens * s.width, 3)),
          weight(whole(random, s.features * s.width, 2)),
          bias(whole(random, s.features, 4)),
          threshold(whole(random, s.features, 3)) {}

    Values z(int64_t token) const {
        Values result = bias;
        for (int64_t f = 0; f < sizes.features; ++f) {
            for (int64_t k = 0; k < sizes.width; ++k) {
                result[size_t(f)] += x[size_t(token * sizes.width + k)] * weight[size_t(f * sizes.width + k)];
            }
        }
        return result;
    }
};

// Places, then values.
Values largest(const Layer& layer, int64_t slots) {
    Values places, values;
    for (int64_t t = 0; t < layer.sizes.tokens; ++t) {
        const Values z = layer.z(t);
        std::vector<int64_t> order(z.size());
        std::iota(order.begin(), order.end(), 0);
        std::stable_sort(order.begin(), order.end(), [&](int64_t a, int64_t b) { return z[size_t(a)] > z[size_t(b)]; });
        for (int64_t i = 0; i < slots; ++i) {
            places.push_back(double(order[size_t(i)]));
            values.push_back(std::max(0.0, z[size_t(order[size_t(i)])]));
        }
    }
    places.insert(places.end(), values.begin(), values.end());
    return places;
}

Values active(const Layer& layer, bool with_threshold, int64_t slots, int64_t* most) {
    Values places, values;
    for (int64_t t = 0; t < layer.sizes.tokens; ++t) {
        const Values z = layer.z(t);
        int64_t count = 0;
        for (size_t f = 0; f < z.size(); ++f) {
            if (z[f] <= std::max(0.0, with_threshold ? layer.threshold[f] : 0.0)) continue;
            if (++count > slots) continue;
            places.push_back(double(f));
            values.push_back(z[f]);
        }
        *most = std::max(*most, count);
        const size_t filled = size_t((t + 1) * slots);
        places.resize(filled);
        values.resize(filled);
    }
    places.insert(places.end(), values.begin(), values.end());
    return places;
}

const std::vector<Sizes> kSizes = {{1, 1, 1},     {1, 33, 257},  {3, 31, 64},    {33, 127, 65},
                                   {31, 2, 1021}, {127, 33, 31}, {513, 16, 130}, {2, 8, 2500}};

// The weight in every form that is accepted.
template <class Body>
void for_every_form(const Device& device, const Layer& layer, Body body) {
    const Shape shape = {layer.sizes.features, layer.sizes.width};
    for (const mt_dtype x_type : {MT_F32, MT_BF16}) {
        const Tensor x(device, {layer.sizes.tokens, layer.sizes.width}, layer.x, x_type, x_type == MT_F32 ? 1 : -1);
        for (const mt_dtype type : {MT_F32, MT_BF16}) {
            const Tensor plain(device, shape, layer.weight, type, 2);
            body(x, plain);
            body(x, Tensor::packed(device, plain, type));
        }
    }
}

}  // namespace

CLAIM("sparse_encode finds the largest features of every token, in every form of the weight") {
    const Device device;
    Random random(101);
    for (const Sizes& sizes : kSizes) {
        const Layer layer(random, sizes);
        const Tensor bias(device, {sizes.features}, layer.bias, MT_F32, 1);
        for (const int64_t slots : {int64_t(1), std::min<int64_t>(7, sizes.features), sizes.features}) {
            const Values expected = largest(layer, slots);
            for_every_form(device, layer, [&](const Tensor& x, const Tensor& weight) {
                Tensor out(device, {2, sizes.tokens, slots});
                OK(device, mt_sparse_encode(device, MT_LARGEST, x, weight, bias, nullptr, out));
                expect_equal(out.values(), expected, "largest " + text({sizes.tokens, sizes.width, sizes.features}));
            });
        }
    }
}

CLAIM("sparse_encode finds the active features of every token, or says how many there are") {
    const Device device;
    Random random(102);
    for (const Sizes& sizes : kSizes) {
        const Layer layer(random, sizes);
        const Tensor bias(device, {sizes.features}, layer.bias), threshold(device, {sizes.features}, layer.threshold);
        for (const bool with_threshold : {false, true}) {
            int64_t most = 0;
            active(layer, with_threshold, sizes.features, &most);
            const int64_t slots = std::max<int64_t>(1, most);
            const Values expected = active(layer, with_threshold, slots, &most);
            const mt_tensor* limit = with_threshold ? static_cast<const mt_tensor*>(threshold) : nullptr;
            for_every_form(device, layer, [&](const Tensor& x, const Tensor& weight) {
                Tensor out(device, {2, sizes.tokens, slots});
                OK(device, mt_sparse_encode(device, MT_ACTIVE, x, weight, bias, limit, out));
                expect_equal(out.values(), expected, "active " + text({sizes.tokens, sizes.width, sizes.features}));
                if (slots == 1) return;
                Tensor small(device, {2, sizes.tokens, slots - 1});
                EXPECT(mt_sparse_encode(device, MT_ACTIVE, x, weight, bias, limit, small) == MT_INVALID_ARGUMENT);
                const std::string told = " has " + std::to_string(most) + " active features, but there is room for " +
                                         std::to_string(most - 1) + "; allow " + std::to_string(most) + " or more";
                EXPECT_WITH(contains(device.error(), told.c_str()), device.error());
            });
        }
    }
}

CLAIM("sparse_encode keeps NaN in sight") {
    const Device device;
    Tensor x(device, {1, 1}, Values{1}), weight(device, {4, 1}, {1, NAN, -1, 2}), bias(device, {4}, Values(4, 0.0));
    Tensor out(device, {2, 1, 3});
    OK(device, mt_sparse_encode(device, MT_ACTIVE, x, weight, bias, nullptr, out));
    expect_equal(out.values(), {0, 1, 3, 1, NAN, 2}, "active");
    OK(device, mt_sparse_encode(device, MT_LARGEST, x, weight, bias, nullptr, out));
    expect_equal(out.values(), {1, 3, 0, NAN, 2, 1}, "largest");
    Tensor empty(device, {1, 0}, Values()), nothing(device, {4, 0}, Values()), four(device, {4}, {3, -1, 0, 4});
    OK(device, mt_sparse_encode(device, MT_ACTIVE, empty, nothing, four, nullptr, out));
    expect_equal(out.values(), {0, 3, 0, 3, 4, 0}, "without a width only the bias is left");
}

CLAIM("sparse_encode says what does not fit") {
    const Device device;
    Tensor x(device, {2, 3}), weight(device, {4, 3}), narrow(device, {4, 2}), bias(device, {4}), out(device, {2, 2, 3});
    const auto refused = [&](mt_status status, const char* part) {
        EXPECT(status == MT_INVALID_ARGUMENT);
        EXPECT_WITH(contains(device.error(), part), device.error());
    };
    refused(mt_sparse_encode(device, 2, x, weight, bias, nullptr, out), "2 is not a choice; need 0 or 1");
    refused(mt_sparse_encode(device, MT_LARGEST, x, narrow, bias, nullptr, out),
            "x [2, 3] and weight [4, 2] must have one width");
    refused(mt_sparse_encode(device, MT_LARGEST, x, weight, bias, bias, out),
            "the largest features are chosen without a threshold");
    refused(mt_sparse_encode(device, MT_ACTIVE, x, weight, bias, out, out), "threshold must be [4]; it is [2, 2, 3]");
    Tensor many(device, {2, 2, 5});
    refused(mt_sparse_encode(device, MT_LARGEST, x, weight, bias, nullptr, many), "5 slots for 4 features");
    refused(mt_sparse_encode(device, MT_LARGEST, x, weight, bias, nullptr, x), "out [2, 3] has rank 2; need 3");
}

CLAIM("top_examples remembers the largest of all batches, the earlier among equals, NaN above all") {
    const Device device;
    Random random(103);
    for (const mt_dtype type : {MT_F32, MT_BF16}) {
        for (const int64_t features : {int64_t(1), int64_t(33), int64_t(1030)}) {
            const int64_t slots = 5, start = int64_t(1) << 40;
            Values empty(size_t(2 * features * slots), -INFINITY);
            std::fill(empty.begin() + features * slots, empty.end(), -1.0);
            Tensor state(device, {2, features, slots}, empty, MT_F64);
            std::vector<Values> all;
            int64_t seen = 0;
            for (const int64_t rows : {int64_t(2), int64_t(0), int64_t(1), int64_t(70)}) {
                Values batch = whole(random, rows * features, 20);
                for (double& value : batch) {
                    if (random.below(500) == 0) value = NAN;
                }
                for (int64_t r = 0; r < rows; ++r) {
                    all.emplace_back(batch.begin() + r * features, batch.begin() + (r + 1) * features);
                }
                const Tensor activations(device, {rows, features}, batch, type, type == MT_F32 ? 1 : -1);
                Tensor next(device, {2, features, slots}, MT_F64);
                OK(device, mt_top_examples(device, start + seen, state, activations, next));
                OK(device, mt_top_examples(device, start + seen, state, activations, state));
                expect_equal(next.values(), state.values(), "in place or not");
                seen += rows;
                Values expected = empty;
                for (int64_t f = 0; f < features; ++f) {
                    std::vector<int64_t> order(all.size());
                    std::iota(order.begin(), order.end(), 0);
                    std::stable_sort(order.begin(), order.end(), [&](int64_t a, int64_t b) {
                        const double left = all[size_t(a)][size_t(f)], right = all[size_t(b)][size_t(f)];
                        return left > right || (std::isnan(left) && !std::isnan(right));
                    });
                    for (size_t i = 0; i < std::min<size_t>(slots, order.size()); ++i) {
                        expected[size_t(f * slots) + i] = all[size_t(order[i])][size_t(f)];
                        expected[size_t((features + f) * slots) + i] = double(start + order[i]);
                    }
                }
                expect_equal(state.values(), expected, "after " + std::to_string(seen));
            }
        }
    }
    Tensor state(device, {2, 3, 2}, MT_F64), wide(device, {1, 4}), fits(device, {1, 3});
    EXPECT(mt_top_examples(device, 0, state, wide, state) == MT_INVALID_ARGUMENT);
    EXPECT_WITH(contains(device.error(), "state must be [2, 4, 1 or more slots]; it is [2, 3, 2]"), device.error());
    EXPECT(mt_top_examples(device, -1, state, fits, state) == MT_INVALID_ARGUMENT);
    EXPECT_WITH(contains(device.error(), "1 rows from example -1 on; numbers go from 0 to 2^53"), device.error());
}
