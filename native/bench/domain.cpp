// The kernels of probes beside the operations that they are made of, taking turns.
#include "bench.h"

namespace bench {
namespace {

// A dictionary of GPT-2 small: width 768, 24,576 features, 32 of them on.
void measure_encoder(int64_t tokens, mt_dtype type) {
    const int64_t width = 768, features = 24576, slots = 32;
    const Tensor x({tokens, width}, MT_F32, 1), plain({features, width}, MT_F32, 2, 0.05f),
        bias({features}, MT_F32, 3, 0.1f), code({2, tokens, slots}), z({tokens, features}),
        places({tokens, slots}, MT_F32);
    const Tensor weight = Tensor::packed(plain, type);
    mt_tensor chosen = places.view;
    chosen.dtype = MT_I32;
    const std::string name =
        std::string("top 32 of 24576, ") + (type == MT_BF16 ? "bf16, " : "f32, ") + std::to_string(tokens) + " tokens";
    compare(
        name, [&] { ok(mt_sparse_encode(engine, MT_LARGEST, x, weight, bias, nullptr, code)); },
        [&] {
            ok(mt_matmul(engine, 1, x, weight, bias, z));
            ok(mt_top_k(engine, z, &chosen));
        });
}

// Width 768, all components of 8,192 samples.
void measure_ica_step() {
    const int64_t samples = 8192, inputs = 768;
    const Tensor z({samples, inputs}, MT_F32, 1, 1.7f), w({inputs, inputs}, MT_F32, 2, 0.06f),
        out({inputs, inputs + 1});
    const Tensor y({samples, inputs}), turned({inputs, samples}), moments({inputs, inputs});
    mt_tensor transposed = y.view;
    transposed.extent[0] = inputs, transposed.extent[1] = samples;
    transposed.stride[0] = 1, transposed.stride[1] = inputs;
    const Tensor total({inputs, 1});
    compare(
        "fixed-point step, 8192 x 768", [&] { ok(mt_ica_step(engine, MT_LOGCOSH, 1.0f, z, w, out)); },
        [&] {
            ok(mt_matmul(engine, 1, z, w, nullptr, y));
            ok(mt_unary(engine, MT_TANH, y, y));
            ok(mt_copy(engine, &transposed, turned));
            ok(mt_matmul(engine, 0, turned, z, nullptr, moments));
            ok(mt_binary(engine, MT_MULTIPLY, turned, turned, turned));
            ok(mt_reduce(engine, MT_SUM, turned, total));
        });
}

}  // namespace

void measure_domain() {
    measure_ica_step();
    measure_encoder(1, MT_F32);
    measure_encoder(1, MT_BF16);
    measure_encoder(512, MT_F32);
}

}  // namespace bench
