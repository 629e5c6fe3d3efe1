// Splitting work over the engine's threads.
#ifndef MICROTOME_PARALLEL_H
#define MICROTOME_PARALLEL_H

#include <stdint.h>

#include <algorithm>
#include <atomic>

#include "stop.h"
#include "team.h"

namespace microtome {

// Grains between two looks for a request to stop: with grains as below less than a millisecond.
enum : int64_t { kGrainsPerLook = 16 };

// Calls body(begin, end, thread) so that together the ranges cover 0 .. count once. A thread gets one share, a multiple of
// `grain` (the last one apart), in ranges of some grains one after the other, and looks between them whether the call shall
// stop; then it throws in the end. Fewer than two grains run on the caller alone, where waking a thread would cost more
// than it saves. The body must not throw.
template <class Body>
void parallel_ranges(int64_t count, int64_t grain, Body body) {
    const Stop stop;
    stop.check();
    const int64_t pieces = (count + grain - 1) / grain, step = kGrainsPerLook * grain;
    const int team = static_cast<int>(std::min<int64_t>(omp_get_max_threads(), pieces));
    const auto share = [&](int64_t begin, int64_t end, int thread) {
        for (int64_t at = begin; at < end && !stop.asked(); at += step) body(at, std::min(end, at + step), thread);
    };
    if (team <= 1) {
        share(0, count, 0);
    } else {
        run_team(team, [&](int64_t self, int64_t size) {
            const int64_t begin = pieces * self / size * grain;
            share(begin, std::min(pieces * (self + 1) / size * grain, count), static_cast<int>(self));
        });
    }
    stop.check();
}

// Calls body(index, thread) for 0 .. count-1, handing out one index after the other; stops as above, between indices.
template <class Body>
void parallel_tasks(int64_t count, Body body) {
    const Stop stop;
    stop.check();
    const int team = static_cast<int>(std::min<int64_t>(omp_get_max_threads(), count));
    if (team <= 1) {
        for (int64_t i = 0; i < count && !stop.asked(); ++i) body(i, 0);
    } else {
        std::atomic<int64_t> next{0};
        run_team(team, [&](int self, int) {
            for (int64_t i = next.fetch_add(1); i < count && !stop.asked(); i = next.fetch_add(1)) body(i, self);
        });
    }
    stop.check();
}

// Elements per share of cheap elementwise work: about ten microseconds.
enum : int64_t { kGrain = 16384 };

inline int64_t rows_per_grain(int64_t width) { return std::max<int64_t>(1, kGrain / std::max<int64_t>(1, width)); }

}  // namespace microtome

#endif
