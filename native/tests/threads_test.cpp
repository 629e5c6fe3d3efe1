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
