// The number of threads: what the environment may do to it, and what it may do to results. Run under
// OMP_THREAD_LIMIT=1, OMP_DYNAMIC=true and OMP_NUM_THREADS=1 too: with these, a matrix library that counts on two
// threads and gets one leaves half of its result unwritten, without an error.
#include <omp.h>

#include <atomic>
#include <cstdlib>
#include <thread>

#include "device.h"

// A weight of F16 stays as it is stored, the others are packed.
static Values product(const Device& device, int64_t m, mt_dtype type, mt_dtype packed_type, uint64_t seed,
                      Values* expected, Values* tolerance) {
    Random random(seed);
    const int64_t n = 576, k = 576;
    const Values left = rounded(random.values({m, k}), type), weight = rounded(random.values({n, k}), packed_type);
    const bool stored = packed_type == MT_F16;
    Tensor a(device, {m, k}, left, type), w(device, {n, k}, weight, stored ? MT_F16 : MT_F32), out(device, {m, n});
    Tensor packed = Tensor::packed(device, w, stored ? MT_F32 : packed_type);
    OK(device, mt_matmul(device, 1, a, stored ? w : packed, nullptr, out));
    const Values result = out.values();
    if (expected == nullptr) return result;
    for (int64_t i = 0; i < m * n; ++i) {
        double sum = 0, size = 0;
        for (int64_t d = 0; d < k; ++d) {
            const double term = left[size_t(i / n * k + d)] * weight[size_t(i % n * k + d)];
            sum += term;
            size += std::fabs(term);
        }
        expected->push_back(sum);
        tolerance->push_back(sum_tolerance(k, size, sum));
    }
    return result;
}

CLAIM("every entry turns dynamic teams off and asks for no more threads than allowed") {
    const Device device(2);
    omp_set_dynamic(1);
    omp_set_num_threads(7);
    OK(device, mt_synchronize(device));
    EXPECT(omp_get_dynamic() == 0);
    EXPECT(omp_get_max_threads() == std::min(2, omp_get_thread_limit()));
}

CLAIM("products are complete whatever the environment says about threads, also while other threads are busy") {
    std::atomic<bool> stop{false};
    std::vector<std::thread> hogs;
    for (int i = 0; i < 2; ++i) {
        hogs.emplace_back([&stop] {
            while (!stop) {
            }
        });
    }
    const Device device(2);
    for (const int64_t m : {1, 4, 8, 65}) {
        for (int round = 0; round < 2; ++round) {
            Values expected, tolerance;
            Values result = product(device, m, MT_F32, MT_F32, uint64_t(m), &expected, &tolerance);
            expect_close(result, expected, tolerance, "F32");
            expected.clear();
            tolerance.clear();
            result = product(device, m, MT_F32, MT_BF16, uint64_t(m), &expected, &tolerance);
            expect_close(result, expected, tolerance, "F32 x BF16");
            expected.clear();
            tolerance.clear();
            result = product(device, m, MT_F32, MT_F16, uint64_t(m), &expected, &tolerance);
            expect_close(result, expected, tolerance, "F32 x F16 as stored");
            expected.clear();
            tolerance.clear();
            result = product(device, m, MT_BF16, MT_BF16, uint64_t(m), &expected, &tolerance);
            expect_close(result, expected, tolerance, "BF16");
        }
    }
    stop = true;
    for (std::thread& hog : hogs) hog.join();
}

static void expect_same(const Values& one, const Values& two, const char* what) { expect_equal(two, one, what); }

// Everything that is not a matrix product, with two sizes: one below and one above the work that is worth a second
// thread.
static std::vector<Values> everything(const Device& device, int64_t rows) {
    Random random(51);
    const int64_t width = 576;
    const Shape shape = {1, rows, width};
    Tensor x(device, shape, random.values(shape, 5)), y(device, shape, random.values(shape, 5)), out(device, shape),
        narrow(device, shape, MT_BF16);
    Tensor gain(device, {width}, random.values({width})), table(device, {rows, 32}, random.values({rows, 32})),
        sum(device, {1, rows, 1});
    Tensor weight(device, {rows, width}, random.values({rows, width}));
    std::vector<Values> results;
    const auto keep = [&](const Tensor& tensor) { results.push_back(tensor.values()); };
    OK(device, mt_softmax(device, x, out));
    keep(out);
    OK(device, mt_rms_norm(device, 1e-5f, x, gain, out));
    keep(out);
    OK(device, mt_rotary(device, 9, x, table, table, out));
    keep(out);
    OK(device, mt_gated_activation(device, MT_SILU, x, y, out));
    keep(out);
    OK(device, mt_unary(device, MT_TANH, x, out));
    keep(out);
    OK(device, mt_binary(device, MT_MULTIPLY, x, y, out));
    keep(out);
    OK(device, mt_cast(device, x, narrow));
    keep(narrow);
    for (int kind = 0; kind < 3; ++kind) {
        OK(device, mt_reduce(device, kind, x, sum));
        keep(sum);
    }
    for (const mt_dtype dtype : {MT_F32, MT_BF16}) {
        const std::vector<uint8_t> packed = Tensor::packed(device, weight, dtype).bytes();
        results.emplace_back(packed.begin(), packed.end());
    }
    return results;
}

CLAIM("one and two threads give the same bits, products and attention included") {
    for (const int64_t rows : {3, 200}) {
        std::vector<Values> one, two;
        {
            const Device device(1);
            one = everything(device, rows);
        }
        {
            const Device device(2);
            two = everything(device, rows);
        }
        for (size_t i = 0; i < one.size(); ++i) expect_same(one[i], two[i], ("operation " + std::to_string(i)).c_str());
    }
    for (const int64_t m : {1, 3, 8, 128}) {
        for (const auto& [left, right] :
             std::vector<std::pair<mt_dtype, mt_dtype>>{{MT_F32, MT_F32}, {MT_F32, MT_BF16}, {MT_BF16, MT_BF16}}) {
            Values one, two;
            {
                const Device device(1);
                one = product(device, m, left, right, 9, nullptr, nullptr);
            }
            {
                const Device device(2);
                two = product(device, m, left, right, 9, nullptr, nullptr);
            }
            expect_same(one, two, ("product of " + std::to_string(m)).c_str());
        }
    }
    Random random(52);
    const Values q = random.values({2, 100, 576}), k = random.values({2, 100, 192}), v = random.values({2, 100, 192});
    Values results[2];
    for (int threads = 1; threads <= 2; ++threads) {
        const Device device(threads);
        Tensor query(device, {2, 100, 576}, q), key(device, {2, 100, 192}, k), value(device, {2, 100, 192}, v),
            out(device, {2, 100, 576});
        OK(device, mt_attention(device, 9, 3, 0.125f, 1, query, key, value, nullptr, out));
        results[threads - 1] = out.values();
    }
    expect_same(results[0], results[1], "attention");
}

CLAIM("two engines on two threads work at the same time") {
    std::vector<std::thread> threads;
    std::atomic<int> wrong{0};
    const Device alone(2);
    const Values expected = product(alone, 8, MT_F32, MT_F32, 3, nullptr, nullptr);
    for (int i = 0; i < 2; ++i) {
        threads.emplace_back([&wrong, &expected] {
            const Device device(2);
            for (int round = 0; round < 5; ++round) {
                if (product(device, 8, MT_F32, MT_F32, 3, nullptr, nullptr) != expected) ++wrong;
            }
        });
    }
    for (std::thread& thread : threads) thread.join();
    EXPECT(wrong == 0);
}
