// Equal bits for any number of threads: attention's parts, gradients, and what probes live on.
#include "same_bits.h"

static void attention_pattern(Bench& bench) {
    const Device& device = bench.device();
    const int64_t rows = bench.rows();
    for (const mt_dtype dtype : kComputed) {
        const Tensor query = bench.values({2, rows, kWidth}, dtype), key = bench.values({2, rows, kWidth / 3}, dtype);
        for (const bool causal : {true, false}) {
            Tensor pattern = bench.result({2, 9, rows, rows});
            OK(device, mt_attention_pattern(device, 9, 3, 0.125f, causal, query, key, pattern));
            bench.keep(pattern);
        }
    }
}

static void attention_mix(Bench& bench) {
    const Device& device = bench.device();
    const int64_t rows = bench.rows();
    const Tensor pattern = bench.values({2, 9, rows, rows});
    for (const mt_dtype dtype : kComputed) {
        Tensor out = bench.result({2, rows, kWidth}, dtype);
        OK(device, mt_attention_mix(device, 3, pattern, bench.values({2, rows, kWidth / 3}, dtype), out));
        bench.keep(out);
    }
}

static void softmax_gradient(Bench& bench) {
    const Device& device = bench.device();
    Tensor out = bench.result({2, bench.rows(), kWidth});
    const Tensor softmax = bench.values({bench.rows(), kWidth});
    OK(device, mt_softmax_gradient(device, softmax, bench.values({2, bench.rows(), kWidth}), out));
    bench.keep(out);
}

static void norm_gradient(Bench& bench, bool layer) {
    const Device& device = bench.device();
    const Tensor in = bench.values({bench.rows(), kWidth}), gain = bench.values({kWidth});
    const Tensor upstream = bench.values({2, bench.rows(), kWidth});
    Tensor out = bench.result({2, bench.rows(), kWidth});
    if (layer) {
        OK(device, mt_layer_norm_gradient(device, 1e-5f, in, gain, upstream, out));
    } else {
        OK(device, mt_rms_norm_gradient(device, 1e-5f, in, gain, upstream, out));
    }
    bench.keep(out);
}

static void gated_activation_gradient(Bench& bench) {
    const Device& device = bench.device();
    const Shape shape = {bench.rows(), kWidth};
    const Tensor gate = bench.values(shape), up = bench.values(shape);
    for (mt_activation_kind kind = MT_SILU; kind <= MT_GELU_ERF; ++kind) {
        Tensor out = bench.result({2, bench.rows(), kWidth});
        OK(device, mt_gated_activation_gradient(device, kind, gate, up, bench.values(shape), out));
        bench.keep(out);
    }
}

static void cross_entropy_gradient(Bench& bench) {
    const Device& device = bench.device();
    const Tensor logits = bench.values({bench.rows(), kWidth}), targets = bench.indices(bench.rows(), kWidth);
    Tensor out = bench.result({2, bench.rows(), kWidth});
    OK(device, mt_cross_entropy_gradient(device, logits, targets, bench.values({2, bench.rows()}), out));
    bench.keep(out);
}

static void attention_gradient(Bench& bench) {
    const Device& device = bench.device();
    const int64_t rows = bench.rows();
    const Tensor query = bench.values({2, rows, kWidth}), key = bench.values({2, rows, kWidth / 3});
    const Tensor value = bench.values({2, rows, kWidth / 3});
    for (const int64_t gradients : {1, 3}) {
        const Tensor upstream = bench.values({gradients, 2, rows, kWidth});
        Tensor of_query = bench.result({gradients, 2, rows, kWidth});
        Tensor of_key = bench.result({gradients, 2, rows, kWidth / 3});
        Tensor of_value = bench.result({gradients, 2, rows, kWidth / 3});
        OK(device,
           mt_attention_gradient(device, 9, 3, 0.125f, 1, query, key, value, upstream, of_query, of_key, of_value));
        for (const Tensor* tensor : {&of_query, &of_key, &of_value}) bench.keep(*tensor);
    }
}

static void sparse_encode(Bench& bench) {
    const Device& device = bench.device();
    const Tensor weight = bench.values({700, kWidth}), bias = bench.values({700}), threshold = bench.values({700});
    const Tensor packed = Tensor::packed(device, weight, MT_F32);
    const Tensor x = bench.values({bench.rows(), kWidth});
    Tensor largest = bench.result({2, bench.rows(), 32}), active = bench.result({2, bench.rows(), 700});
    OK(device, mt_sparse_encode(device, 0, x, packed, bias, nullptr, largest));
    bench.keep(largest);
    OK(device, mt_sparse_encode(device, 1, x, packed, bias, threshold, active));
    bench.keep(active);
}

static void ica_step(Bench& bench) {
    const Device& device = bench.device();
    const Tensor samples = bench.values({bench.rows() * 20, 65}), unmixing = bench.values({9, 65});
    for (int kind = 0; kind < 3; ++kind) {
        Tensor out = bench.result({9, 66});
        OK(device, mt_ica_step(device, kind, 1.0f, samples, unmixing, out));
        bench.keep(out);
    }
}

static void moments(Bench& bench) {
    const Device& device = bench.device();
    const Tensor none(device, {128, 128}, Values(128 * 128, 0.0), MT_F64);
    for (const mt_dtype dtype : kComputed) {
        Tensor out = bench.result({128, 128}, MT_F64);
        OK(device, mt_moments(device, none, bench.values({20 * bench.rows(), 127}, dtype), out));
        bench.keep(out);
    }
}

static void cosine(Bench& bench) {
    const Device& device = bench.device();
    for (const mt_dtype dtype : kComputed) {
        const Tensor x = bench.values({bench.rows(), kWidth}, dtype), y = bench.values({65, kWidth}, dtype);
        Tensor out = bench.result({bench.rows(), 65});
        OK(device, mt_cosine(device, x, y, out));
        bench.keep(out);
    }
}

static void top_examples(Bench& bench) {
    const Device& device = bench.device();
    Values none(2 * kWidth * 5, -INFINITY);
    std::fill(none.begin() + kWidth * 5, none.end(), -1.0);
    const Tensor state(device, {2, kWidth, 5}, none, MT_F64);
    Tensor out = bench.result({2, kWidth, 5}, MT_F64);
    OK(device, mt_top_examples(device, 7, state, bench.values({bench.rows(), kWidth}), out));
    bench.keep(out);
}

const std::vector<Work> kFusedWorks = {
    {"mt_attention_pattern", attention_pattern},
    {"mt_attention_mix", attention_mix},
    {"mt_softmax_gradient", softmax_gradient},
    {"mt_rms_norm_gradient", [](Bench& bench) { norm_gradient(bench, false); }},
    {"mt_layer_norm_gradient", [](Bench& bench) { norm_gradient(bench, true); }},
    {"mt_gated_activation_gradient", gated_activation_gradient},
    {"mt_cross_entropy_gradient", cross_entropy_gradient},
    {"mt_attention_gradient", attention_gradient},
    {"mt_sparse_encode", sparse_encode},
    {"mt_ica_step", ica_step},
    {"mt_moments", moments},
    {"mt_cosine", cosine},
    {"mt_top_examples", top_examples},
};
