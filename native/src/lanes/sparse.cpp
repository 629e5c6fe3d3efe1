// Finding the few elements of a row that stand out.
#include "lane.h"

namespace microtome {
namespace MT_LANE {
namespace {

constexpr int kGroup = 32;  // looked at together; most groups hold nothing

template <int kStep>
int64_t select(const float* row, const float* limits, int64_t count, int64_t room, int32_t first, int32_t* places,
               float* values) {
    int64_t found = 0;
    const auto take = [&](int64_t i) {
        if (row[i] <= limits[i * kStep]) return;
        if (found < room) {
            places[found] = first + int32_t(i);
            values[found] = row[i];
        }
        ++found;
    };
    int64_t i = 0;
    for (; i + kGroup <= count; i += kGroup) {
        int any = 0;
#pragma omp simd reduction(| : any)
        for (int j = 0; j < kGroup; ++j) any |= !(row[i + j] <= limits[(i + j) * kStep]);
        if (any == 0) continue;
        for (int j = 0; j < kGroup; ++j) take(i + j);
    }
    for (; i < count; ++i) take(i);
    return found;
}

int64_t select_above(const float* row, const float* limits, int64_t limit_step, int64_t count, int64_t room,
                     int32_t first, int32_t* places, float* values) {
    return limit_step == 0 ? select<0>(row, limits, count, room, first, places, values)
                           : select<1>(row, limits, count, room, first, places, values);
}

}  // namespace

void fill_sparse(KernelTable* table) { table->select_above = select_above; }

}  // namespace MT_LANE
}  // namespace microtome
