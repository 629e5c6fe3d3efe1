// The speed limit of arithmetic in this lane: multiplications and additions that touch no memory.
#include "lane.h"

namespace microtome {
namespace MT_LANE {
namespace {

#if defined(__AVX512F__)
constexpr int kFloats = 16;
#elif defined(__AVX__)
constexpr int kFloats = 8;
#else
constexpr int kFloats = 4;
#endif
typedef float Vector __attribute__((vector_size(4 * kFloats)));

// Independent chains: two units times the four or five cycles that one of their results takes. With the two factors they
// fit into 16 registers.
constexpr int kChains = 12;

// Every chain goes from another start to the same fixed point, so that no two are one to the compiler.
float multiply_add(int64_t rounds, int64_t* operations) {
    Vector chains[kChains];
    for (int i = 0; i < kChains; ++i) chains[i] = Vector{} + float(i);
    const Vector factor = Vector{} + 0.5f, addend = Vector{} + 1.0f;
    for (int64_t round = 0; round < rounds; ++round) {
#pragma GCC unroll 12
        for (int i = 0; i < kChains; ++i) chains[i] = chains[i] * factor + addend;
    }
    float sum = 0;
    for (int i = 0; i < kChains; ++i) sum += chains[i][0];
    *operations = rounds * kChains * kFloats * 2;
    return sum;
}

}  // namespace

void fill_peak(KernelTable* table) { table->multiply_add = multiply_add; }

}  // namespace MT_LANE
}  // namespace microtome
