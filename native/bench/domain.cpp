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

}  // namespace

void measure_domain() {
    measure_encoder(1, MT_F32);
    measure_encoder(1, MT_BF16);
    measure_encoder(512, MT_F32);
}

}  // namespace bench
