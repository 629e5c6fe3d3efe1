// The operations in the shapes of SmolLM2-135M: width 576, 9 heads on 3 key/value heads of 64, inner width 1536.
#include <cmath>

#include "bench.h"

namespace bench {
namespace {

const char* name_of(mt_dtype dtype) { return dtype == MT_BF16 ? "bf16" : "f32"; }

// Rows 0 and last of the product, in double precision.
void check_product(const std::string& name, const Tensor& left, const Tensor& weight, const Tensor& out,
                   double tolerance) {
    const int64_t k = left.view.extent[1], n = weight.view.extent[0];
    const std::vector<float> a = left.values(), w = weight.values(), all = out.values();
    std::vector<float> some;
    std::vector<double> expected;
    for (const int64_t row : {int64_t(0), left.view.extent[0] - 1}) {
        for (int64_t j = 0; j < n; ++j) {
            double sum = 0;
            for (int64_t d = 0; d < k; ++d) sum += double(a[size_t(row * k + d)]) * w[size_t(j * k + d)];
            expected.push_back(sum);
            some.push_back(all[size_t(row * n + j)]);
        }
    }
    check(name, some, expected, tolerance);
}

void measure_product(int64_t m, int64_t k, int64_t n, mt_dtype left_type, mt_dtype weight_type) {
    const std::string name = std::string("product ") + name_of(left_type) + " x " + name_of(weight_type) + " " +
                             std::to_string(m) + "x" + std::to_string(k) + "x" + std::to_string(n);
    // Few rows read the weights once: rotating through more of them than the caches hold shows the memory's speed.
    const int64_t weight_bytes = n * k * (weight_type == MT_BF16 ? 2 : 4);
    const int64_t copies = m <= 8 ? (int64_t(200) << 20) / weight_bytes + 1 : 1;
    const Tensor left({m, k}, left_type, 1), weight({n, k}, weight_type, 2, 0.05f), out({m, n});
    std::vector<Tensor> packed;
    for (int64_t i = 0; i < copies; ++i) packed.push_back(Tensor::packed(weight, weight_type));
    ok(mt_matmul(engine, 1, left, packed[0], nullptr, out));
    check_product(name, left, weight, out, 1e-5);
    size_t next = 0;
    measure(name, Unit::kGflops, 2.0 * double(m * n * k),
            [&] { ok(mt_matmul(engine, 1, left, packed[next++ % packed.size()], nullptr, out)); });
}

}  // namespace

void measure_products() {
    const std::pair<mt_dtype, mt_dtype> types[] = {{MT_F32, MT_F32}, {MT_BF16, MT_BF16}, {MT_F32, MT_BF16}};
    const std::pair<int64_t, int64_t> shapes[] = {{576, 1536}, {1536, 576}, {576, 576}, {576, 192}, {576, 49152}};
    for (const auto& [left, weight] : types) {
        for (const auto& [k, n] : shapes) {
            for (const int64_t m : {1, 8, 128, 1024}) measure_product(m, k, n, left, weight);
        }
    }
}

void measure_rows() {
    const int64_t rows = 1024;
    for (const mt_dtype dtype : {MT_F32, MT_BF16}) {
        const double size = dtype == MT_BF16 ? 2 : 4;
        for (const int64_t width : {576, 1536}) {
            const Shape shape = {1, rows, width};
            const std::string suffix = std::string(" ") + name_of(dtype) + " 1024x" + std::to_string(width);
            const Tensor x(shape, dtype, 3, 4.0f), y(shape, dtype, 4), gain({width}, MT_F32, 5), out(shape, dtype);
            const std::vector<float> in = x.values();
            ok(mt_softmax(engine, x, out));
            std::vector<double> expected(static_cast<size_t>(width));
            double sum = 0;
            for (size_t i = 0; i < expected.size(); ++i) sum += expected[i] = std::exp(double(in[i]));
            for (double& value : expected) value /= sum;
            check("softmax", out.values(), expected, dtype == MT_BF16 ? 4e-3 : 1e-6);
            const double bytes = double(rows * width) * size;
            measure("softmax" + suffix, Unit::kGigabytes, 2 * bytes, [&] { ok(mt_softmax(engine, x, out)); });
            measure("rms_norm" + suffix, Unit::kGigabytes, 2 * bytes,
                    [&] { ok(mt_rms_norm(engine, 1e-5f, x, gain, out)); });
            measure("silu gate" + suffix, Unit::kGigabytes, 3 * bytes,
                    [&] { ok(mt_gated_activation(engine, MT_SILU, x, y, out)); });
            measure("add" + suffix, Unit::kGigabytes, 3 * bytes, [&] { ok(mt_binary(engine, MT_ADD, x, y, out)); });
        }
        const Shape shape = {8, 128, 576};
        const Tensor x(shape, dtype, 6), table({128, 32}, MT_F32, 7), out(shape, dtype);
        measure(std::string("rotary ") + name_of(dtype) + " 8x128 9x64", Unit::kGigabytes, 2 * 1024 * 576 * size,
                [&] { ok(mt_rotary(engine, 9, x, table, table, out)); });
    }
}

void measure_attention() {
    struct Case {
        int64_t sequences, queries, keys;
    };
    for (const mt_dtype dtype : {MT_F32, MT_BF16}) {
        for (const Case& c :
             {Case{1, 128, 128}, Case{8, 128, 128}, Case{1, 1024, 1024}, Case{1, 1, 512}, Case{8, 1, 512}}) {
            const Tensor query({c.sequences, c.queries, 576}, dtype, 8), key({c.sequences, c.keys, 192}, dtype, 9);
            const Tensor value({c.sequences, c.keys, 192}, dtype, 10), out({c.sequences, c.queries, 576}, dtype);
            const std::string name = std::string("attention ") + name_of(dtype) + " " + std::to_string(c.sequences) +
                                     "x" + std::to_string(c.queries) + " on " + std::to_string(c.keys);
            const double pairs = double(c.sequences) * 9 *
                                 (double(c.queries) * double(c.keys) - double(c.queries) * double(c.queries - 1) / 2);
            measure(name, Unit::kGflops, pairs * 64 * 4,
                    [&] { ok(mt_attention(engine, 9, 3, 0.125f, 1, query, key, value, nullptr, out)); });
        }
        const Tensor query({1, 128, 576}, dtype, 8), key({1, 128, 192}, dtype, 9), value({1, 128, 192}, dtype, 10);
        const Tensor out({1, 128, 576}, dtype), pattern({1, 9, 128, 128});
        measure(std::string("attention ") + name_of(dtype) + " 1x128 on 128, pattern", Unit::kGflops,
                9 * 64 * 4 * 128 * 129 / 2.0,
                [&] { ok(mt_attention(engine, 9, 3, 0.125f, 1, query, key, value, pattern, out)); });
    }
}

}  // namespace bench
