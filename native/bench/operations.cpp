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

using Expected = std::vector<double>;

double tolerance_of(mt_dtype dtype) { return dtype == MT_BF16 ? 8e-3 : 2e-6; }

// One row of each, in double precision, against the first row of what the library made.
Expected softmax_row(const std::vector<float>& x, int64_t width) {
    Expected row(x.begin(), x.begin() + width);
    double sum = 0;
    for (double& value : row) sum += value = std::exp(value);
    for (double& value : row) value /= sum;
    return row;
}

Expected rms_row(const std::vector<float>& x, const std::vector<float>& gain, int64_t width) {
    Expected row(x.begin(), x.begin() + width);
    double squares = 0;
    for (const double value : row) squares += value * value;
    for (size_t i = 0; i < row.size(); ++i) row[i] *= gain[i] / std::sqrt(squares / double(width) + 1e-5);
    return row;
}

Expected gate_row(const std::vector<float>& gate, const std::vector<float>& up, int64_t width) {
    Expected row(gate.begin(), gate.begin() + width);
    for (size_t i = 0; i < row.size(); ++i) row[i] *= up[i] / (1 + std::exp(-row[i]));
    return row;
}

Expected sum_row(const std::vector<float>& x, const std::vector<float>& y, int64_t width) {
    Expected row(x.begin(), x.begin() + width);
    for (size_t i = 0; i < row.size(); ++i) row[i] += y[i];
    return row;
}

// The first head of the first position; cosine and sine are the same table.
Expected rotary_head(const std::vector<float>& x, const std::vector<float>& table) {
    Expected head(64);
    for (size_t j = 0; j < 32; ++j) {
        head[j] = (double(x[j]) - x[j + 32]) * table[j];
        head[j + 32] = (double(x[j + 32]) + x[j]) * table[j];
    }
    return head;
}

// The first head of the last query of the first sequence, which sees every key.
Expected attention_head(const float* query, const std::vector<float>& key, const std::vector<float>& value,
                        int64_t keys) {
    Expected head(64), weights(static_cast<size_t>(keys));
    double sum = 0;
    for (size_t j = 0; j < weights.size(); ++j) {
        for (size_t d = 0; d < 64; ++d) weights[j] += 0.125 * query[d] * key[j * 192 + d];
        sum += weights[j] = std::exp(weights[j]);
    }
    for (size_t j = 0; j < weights.size(); ++j) {
        for (size_t d = 0; d < 64; ++d) head[d] += weights[j] / sum * value[j * 192 + d];
    }
    return head;
}

void measure_row_functions(mt_dtype dtype, int64_t width) {
    const int64_t rows = 1024;
    const Shape shape = {1, rows, width};
    const std::string suffix = std::string(" ") + name_of(dtype) + " 1024x" + std::to_string(width);
    const double bytes = double(rows * width) * (dtype == MT_BF16 ? 2 : 4), tolerance = tolerance_of(dtype);
    const Tensor x(shape, dtype, 3, 4.0f), y(shape, dtype, 4), gain({width}, MT_F32, 5), out(shape, dtype);
    const std::vector<float> in = x.values(), other = y.values();
    const auto run = [&](const char* what, int tensors, const Expected& expected, const std::function<void()>& body) {
        body();
        check(what, out.values(), expected, tolerance);
        measure(what + suffix, Unit::kGigabytes, tensors * bytes, body);
    };
    run("softmax", 2, softmax_row(in, width), [&] { ok(mt_softmax(engine, x, out)); });
    run("rms_norm", 2, rms_row(in, gain.values(), width), [&] { ok(mt_rms_norm(engine, 1e-5f, x, gain, out)); });
    run("silu gate", 3, gate_row(in, other, width), [&] { ok(mt_gated_activation(engine, MT_SILU, x, y, out)); });
    run("add", 3, sum_row(in, other, width), [&] { ok(mt_binary(engine, MT_ADD, x, y, out)); });
}

void measure_attention_case(mt_dtype dtype, int64_t sequences, int64_t queries, int64_t keys, bool with_pattern) {
    const Tensor query({sequences, queries, 576}, dtype, 8), key({sequences, keys, 192}, dtype, 9);
    const Tensor value({sequences, keys, 192}, dtype, 10), out({sequences, queries, 576}, dtype);
    const Tensor pattern(with_pattern ? Shape{sequences, 9, queries, keys} : Shape{1});
    const std::string name = std::string("attention ") + name_of(dtype) + " " + std::to_string(sequences) + "x" +
                             std::to_string(queries) + " on " + std::to_string(keys) +
                             (with_pattern ? ", pattern" : "");
    const auto body = [&] {
        ok(mt_attention(engine, 9, 3, 0.125f, 1, query, key, value, with_pattern ? &pattern.view : nullptr, out));
    };
    body();
    const std::vector<float> result = out.values(), queried = query.values();
    const int64_t last = (queries - 1) * 576;
    check(name, std::vector<float>(result.begin() + last, result.begin() + last + 64),
          attention_head(queried.data() + last, key.values(), value.values(), keys), 2 * tolerance_of(dtype));
    const double seen = double(queries) * double(keys) - double(queries) * double(queries - 1) / 2;
    measure(name, Unit::kGflops, double(sequences) * 9 * seen * 64 * 4, body);
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
    for (const mt_dtype dtype : {MT_F32, MT_BF16}) {
        for (const int64_t width : {576, 1536}) measure_row_functions(dtype, width);
        const Shape shape = {8, 128, 576};
        const Tensor x(shape, dtype, 6), table({128, 32}, MT_F32, 7), out(shape, dtype);
        const auto body = [&] { ok(mt_rotary(engine, 9, x, table, table, out)); };
        body();
        check("rotary", out.values(), rotary_head(x.values(), table.values()), tolerance_of(dtype));
        measure(std::string("rotary ") + name_of(dtype) + " 8x128 9x64", Unit::kGigabytes,
                2.0 * 1024 * 576 * (dtype == MT_BF16 ? 2 : 4), body);
    }
}

void measure_attention() {
    for (const mt_dtype dtype : {MT_F32, MT_BF16}) {
        measure_attention_case(dtype, 1, 128, 128, false);
        measure_attention_case(dtype, 1, 128, 128, true);
        measure_attention_case(dtype, 8, 128, 128, false);
        measure_attention_case(dtype, 1, 1024, 1024, false);
        measure_attention_case(dtype, 1, 1, 512, false);
        measure_attention_case(dtype, 8, 1, 512, false);
    }
}

}  // namespace bench
