// Splitting work over the engine's threads.
#ifndef MICROTOME_PARALLEL_H
#define MICROTOME_PARALLEL_H

#include <stdint.h>

#include <algorithm>
#include <atomic>

#include "team.h"

namespace microtome {

// Calls body(begin, end, thread) so that together the ranges cover 0 .. count once. A share is a multiple of `grain`
// (the last one apart); fewer than two grains run on the caller alone, where waking a thread would cost more than it
// saves. The body must not throw.
template <class Body>
void parallel_ranges(int64_t count, int64_t grain, Body body) {
    const int64_t pieces = (count + grain - 1) / grain;
    const int team = static_cast<int>(std::min<int64_t>(omp_get_max_threads(), pieces));
    if (team <= 1) {
        if (count > 0) body(int64_t(0), count, 0);
        return;
    }
    run_team(team, [&](int64_t self, int64_t size) {
        const int64_t begin = pieces * self / size * grain, end = std::min(pieces * (self + 1) / size * grain, count);
        if (begin < end) body(begin, end, static_cast<int>(self));
    });
}

// Calls body(index, thread) for 0 .. count-1, handing out one index after the other.
template <class Body>
void parallel_tasks(int64_t count, Body body) {
    const int team = static_cast<int>(std::min<int64_t>(omp_get_max_threads(), count));
    if (team <= 1) {
        for (int64_t i = 0; i < count; ++i) body(i, 0);
        return;
    }
    std::atomic<int64_t> next{0};
    run_team(team, [&](int self, int) {
        for (int64_t i = next.fetch_add(1); i < count; i = next.fetch_add(1)) body(i, self);
    });
}

// Elements per share of cheap elementwise work: about ten microseconds.
enum : int64_t { kGrain = 16384 };

inline int64_t rows_per_grain(int64_t width) { return std::max<int64_t>(1, kGrain / std::max<int64_t>(1, width)); }

}  // namespace microtome

#endif
