// The whole of SmolLM2-135M with random weights: reading its 98 MB file of Q4_1 blocks into packed weights, and
// harvesting all residual streams of 8 prompts of 128 tokens.
#include <cmath>

#include "bench.h"

namespace bench {
namespace {

constexpr int64_t kLayers = 30, kWidth = 576, kInner = 1536, kHeads = 9, kKeyWidth = 192, kVocabulary = 49152;
constexpr int64_t kSequences = 8, kPositions = 128, kRows = kSequences * kPositions;

struct Layer {
    Tensor norm, query, key, value, output, second_norm, gate, up, down;
};

Tensor weight(int64_t n, int64_t k, mt_dtype dtype, uint64_t seed) {
    return Tensor::packed(Tensor({n, k}, MT_F32, seed, float(1.7 / std::sqrt(double(k)))), dtype);
}

std::vector<Layer> layers(mt_dtype dtype) {
    std::vector<Layer> result;
    for (uint64_t i = 0; i < kLayers; ++i) {
        const uint64_t seed = i * 100 + 11;
        result.push_back({Tensor({kWidth}, MT_F32, seed), weight(kWidth, kWidth, dtype, seed + 1),
                          weight(kKeyWidth, kWidth, dtype, seed + 2), weight(kKeyWidth, kWidth, dtype, seed + 3),
                          weight(kWidth, kWidth, dtype, seed + 4), Tensor({kWidth}, MT_F32, seed + 5),
                          weight(kInner, kWidth, dtype, seed + 6), weight(kInner, kWidth, dtype, seed + 7),
                          weight(kWidth, kInner, dtype, seed + 8)});
    }
    return result;
}

// The residual stream stays F32; what enters a product has the type of the weights.
struct Harvest {
    mt_dtype dtype;
    Tensor normed, query, key, value, mixed, gate, up, inner, cosine, sine;
    std::vector<Tensor> residuals, middles;

    explicit Harvest(mt_dtype type)
        : dtype(type),
          normed({kRows, kWidth}, type),
          query({kSequences, kPositions, kWidth}, type),
          key({kSequences, kPositions, kKeyWidth}, type),
          value({kSequences, kPositions, kKeyWidth}, type),
          mixed({kSequences, kPositions, kWidth}, type),
          gate({kRows, kInner}, type),
          up({kRows, kInner}, type),
          inner({kRows, kInner}, type),
          cosine({kPositions, 32}, MT_F32, 5),
          sine({kPositions, 32}, MT_F32, 6) {
        residuals.emplace_back(Shape{kRows, kWidth}, MT_F32, 77);
        for (int i = 0; i < kLayers; ++i) {
            middles.emplace_back(Shape{kRows, kWidth});
            residuals.emplace_back(Shape{kRows, kWidth});
        }
    }

    static mt_tensor flat(const Tensor& tensor) {
        mt_tensor view = tensor.view;
        const int64_t width = view.extent[view.rank - 1];
        view.rank = 2;
        view.extent[0] = kRows;
        view.extent[1] = width;
        view.stride[0] = width;
        view.stride[1] = 1;
        return view;
    }

    static void multiply(const Tensor& left, const Tensor& right, const Tensor* addend, const Tensor& out) {
        const mt_tensor l = flat(left), o = flat(out);
        ok(mt_matmul(engine, 1, &l, right, addend == nullptr ? nullptr : &addend->view, &o));
    }

    void layer(const Layer& w, size_t i) {
        const Tensor& in = residuals[i];
        ok(mt_rms_norm(engine, 1e-5f, in, w.norm, normed));
        multiply(normed, w.query, nullptr, query);
        multiply(normed, w.key, nullptr, key);
        multiply(normed, w.value, nullptr, value);
        ok(mt_rotary(engine, 9, query, cosine, sine, query));
        ok(mt_rotary(engine, 3, key, cosine, sine, key));
        ok(mt_attention(engine, 9, 3, 0.125f, 1, query, key, value, nullptr, mixed));
        multiply(mixed, w.output, &in, middles[i]);
        ok(mt_rms_norm(engine, 1e-5f, middles[i], w.second_norm, normed));
        multiply(normed, w.gate, nullptr, gate);
        multiply(normed, w.up, nullptr, up);
        ok(mt_gated_activation(engine, MT_SILU, gate, up, inner));
        multiply(inner, w.down, &middles[i], residuals[i + 1]);
    }
};

// A weight of Q4_1 blocks whose scales are small normal numbers.
struct BlockWeight {
    mt_tensor view = {};
    std::vector<uint8_t> blocks;

    BlockWeight(int64_t n, int64_t k) : blocks(static_cast<size_t>(n * k / 32 * 20)) {
        uint32_t state = 1;
        for (uint8_t& byte : blocks) byte = uint8_t((state = state * 1664525u + 1013904223u) >> 24);
        for (size_t b = 0; b < blocks.size(); b += 20) blocks[b + 1] = blocks[b + 3] = 0x20;
        ok(mt_buffer_wrap(engine, blocks.data(), int64_t(blocks.size()), &view.buffer));
        view.dtype = MT_Q4_1;
        view.rank = 2;
        view.extent[0] = n;
        view.extent[1] = view.stride[0] = k;
        view.stride[1] = 1;
    }
    ~BlockWeight() { ok(mt_buffer_destroy(engine, view.buffer)); }
};

// One row of ones times a packed weight sums its rows: the decoder and the packing, at once.
void check_packed(const BlockWeight& weight, mt_dtype dtype) {
    const int64_t n = weight.view.extent[0], k = weight.view.extent[1];
    Tensor source;
    source.view = weight.view;
    const Tensor packed = Tensor::packed(source, dtype), ones({1, k}), sums({1, n}), decoded({n, k});
    source.view.buffer = nullptr;
    ok(mt_fill(engine, 1, ones));
    ok(mt_matmul(engine, 1, ones, packed, nullptr, sums));
    ok(mt_cast(engine, &weight.view, decoded));
    const std::vector<float> numbers = decoded.values();
    std::vector<double> expected(static_cast<size_t>(n));
    for (size_t i = 0; i < numbers.size(); ++i) expected[i / static_cast<size_t>(k)] += numbers[i];
    check("packed blocks", sums.values(), expected, dtype == MT_F32 ? 1e-5 : 4e-3);
}

}  // namespace

void measure_weights() {
    const int64_t elements =
        kVocabulary * kWidth + kLayers * (2 * kWidth * kWidth + 2 * kKeyWidth * kWidth + 3 * kInner * kWidth);
    const BlockWeight embedding(kVocabulary, kWidth), square(kWidth, kWidth), narrow(kKeyWidth, kWidth),
        tall(kInner, kWidth), wide(kWidth, kInner);
    for (const mt_dtype dtype : {MT_F32, MT_BF16}) {
        check_packed(tall, dtype);
        // As loading does it: every weight gets a buffer of its own, of fresh pages.
        const auto load = [&] {
            std::vector<Tensor> model;
            const auto add = [&](const BlockWeight& blocks) {
                Tensor source;
                source.view = blocks.view;
                model.push_back(Tensor::packed(source, dtype));
                source.view.buffer = nullptr;
            };
            add(embedding);
            for (int i = 0; i < kLayers; ++i) {
                for (const BlockWeight* each : {&square, &narrow, &narrow, &square, &tall, &tall, &wide}) add(*each);
            }
            model.clear();
            ok(mt_trim(engine));
        };
        measure(std::string("load 135M of Q4_1 as ") + (dtype == MT_F32 ? "f32" : "bf16"), Unit::kGigabytes,
                double(elements) * (dtype == MT_F32 ? 4 : 2), load, 3.0);
    }
}

void measure_model() {
    std::vector<double> last;  // the last residual stream in F32, by which the one in BF16 is checked
    for (const mt_dtype dtype : {MT_F32, MT_BF16}) {
        const std::vector<Layer> model = layers(dtype);
        Harvest harvest(dtype);
        const auto body = [&] {
            for (size_t i = 0; i < model.size(); ++i) harvest.layer(model[i], i);
        };
        body();
        const std::vector<float> result = harvest.residuals.back().values();
        if (dtype == MT_F32) last.assign(result.begin(), result.end());
        check("harvest", result, last, 0.05);
        const double weights = 2 * kWidth * kWidth + 2 * kKeyWidth * kWidth + 3 * kInner * kWidth;
        measure(std::string("harvest 30 layers, 8 x 128 tokens ") + (dtype == MT_F32 ? "f32" : "bf16"), Unit::kGflops,
                2.0 * kRows * double(kLayers) * weights, body, 6.0);
    }
}

}  // namespace bench
