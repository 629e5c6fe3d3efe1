// mt_arithmetic_peak.
#include <immintrin.h>

#include <atomic>

#include "kernel_table.h"
#include "parallel.h"
#include "products.h"
#include "view.h"

using namespace microtome;

namespace {

constexpr int64_t kMostRounds = int64_t(1) << 32;  // minutes

// Pairs of BF16 numbers, multiplied and added to floats by the instruction that BF16 products use; twelve chains as in
// lanes/peak.cpp.
__attribute__((target("avx512f,avx512bf16"))) float multiply_add_bf16(int64_t rounds, int64_t* operations) {
    __m512 chains[12];
    for (int i = 0; i < 12; ++i) chains[i] = _mm512_set1_ps(float(i));
    const __m512bh ones = _mm512_cvtne2ps_pbh(_mm512_set1_ps(1.0f), _mm512_set1_ps(1.0f));
    for (int64_t round = 0; round < rounds; ++round) {
#pragma GCC unroll 12
        for (int i = 0; i < 12; ++i) chains[i] = _mm512_dpbf16_ps(chains[i], ones, ones);
    }
    float sum = 0;
    for (int i = 0; i < 12; ++i) sum += chains[i][0];
    *operations = rounds * 12 * 32 * 2;
    return sum;
}

}  // namespace

extern "C" mt_status mt_arithmetic_peak(mt_engine* engine, mt_dtype dtype, int64_t rounds, int64_t* operations) {
    return entry(engine, "mt_arithmetic_peak", [&](mt_engine& own) {
        MT_REQUIRE(operations != nullptr, "the place for the number of operations is NULL");
        MT_REQUIRE(rounds >= 0 && rounds <= kMostRounds, "%lld rounds; need 0 to %lld", (long long)rounds,
                   (long long)kMostRounds);
        MT_REQUIRE(dtype == MT_F32 || dtype == MT_BF16, "%s; products compute in F32 or BF16", name_of(dtype));
        if (dtype == MT_BF16 && !own.products->multiplies_bf16()) {
            fail(MT_UNSUPPORTED, "BF16 is multiplied in F32 here; ask for F32");
        }
        std::atomic<int64_t> done{0};
        std::atomic<float> kept{0};  // a result that nobody reads need not be computed
        const int64_t threads = omp_get_max_threads();
        parallel_ranges(threads, 1, [&](int64_t begin, int64_t end, int) {
            for (int64_t share = begin; share < end; ++share) {
                int64_t mine = 0;
                kept = dtype == MT_BF16 ? multiply_add_bf16(rounds, &mine) : kernels().multiply_add(rounds, &mine);
                done += mine;
            }
        });
        *operations = done;
    });
}
