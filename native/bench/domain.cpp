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

// Mean and covariance of width 768, in F32 for want of other products: what the fused kernel has to keep up with.
void measure_moments() {
    const int64_t samples = 8192, width = 768;
    const Tensor x({samples, width}, MT_F32, 1), state({width + 1, (width + 1) * 2}),
        next({width + 1, (width + 1) * 2});
    const Tensor turned({width, samples}), sums({width, 1}), gram({width, width});
    mt_tensor before = state.view, after = next.view;
    for (mt_tensor* each : {&before, &after}) {
        each->dtype = MT_F64;
        each->extent[1] = each->stride[0] = width + 1;
    }
    mt_tensor transposed = x.view;
    transposed.extent[0] = width, transposed.extent[1] = samples;
    transposed.stride[0] = 1, transposed.stride[1] = width;
    compare(
        "moments, 8192 x 768", [&] { ok(mt_moments(engine, &before, x, &after)); },
        [&] {
            ok(mt_copy(engine, &transposed, turned));
            ok(mt_reduce(engine, MT_SUM, turned, sums));
            ok(mt_matmul(engine, 1, turned, turned, nullptr, gram));
        });
}

// All rows of width 576 with each other.
void measure_cosine() {
    const int64_t rows = 2048, width = 576;
    const Tensor x({rows, width}, MT_F32, 1), out({rows, rows}), squares({rows, width}), norms({rows, 1});
    mt_tensor down = norms.view, across = norms.view;
    down.extent[1] = across.extent[0] = across.extent[1] = rows;
    down.stride[1] = across.stride[0] = 0;
    across.stride[1] = 1;
    compare(
        "cosine, 2048 x 2048 x 576", [&] { ok(mt_cosine(engine, x, x, out)); },
        [&] {
            ok(mt_binary(engine, MT_MULTIPLY, x, x, squares));
            ok(mt_reduce(engine, MT_SUM, squares, norms));
            ok(mt_unary(engine, MT_SQRT, norms, norms));
            ok(mt_matmul(engine, 1, x, x, nullptr, out));
            ok(mt_binary(engine, MT_DIVIDE, out, &down, out));
            ok(mt_binary(engine, MT_DIVIDE, out, &across, out));
        });
}

// Twenty examples of each of 24,576 features, from a batch of 256 more; most do not get in.
void measure_examples() {
    const int64_t rows = 256, features = 24576, slots = 20;
    const Tensor x({rows, features}, MT_F32, 1), room({2, features, slots, 2});
    const Tensor turned({features, rows}), places({features, slots});
    mt_tensor state = room.view, chosen = places.view, transposed = x.view;
    state.dtype = MT_F64, state.rank = 3;
    state.stride[0] = features * slots, state.stride[1] = slots, state.stride[2] = 1;
    chosen.dtype = MT_I32;
    transposed.extent[0] = features, transposed.extent[1] = rows;
    transposed.stride[0] = 1, transposed.stride[1] = features;
    compare(
        "20 examples of 24576 features, 256 rows", [&] { ok(mt_top_examples(engine, 0, &state, x, &state)); },
        [&] {
            ok(mt_copy(engine, &transposed, turned));
            ok(mt_top_k(engine, turned, &chosen));
        });
}

}  // namespace

void measure_domain() {
    measure_cosine();
    measure_examples();
    measure_moments();
    measure_ica_step();
    measure_encoder(1, MT_F32);
    measure_encoder(1, MT_BF16);
    measure_encoder(512, MT_F32);
}

}  // namespace bench
