// A team of threads that works on one thing. OpenMP's, except under the thread sanitizer: it knows nothing of OpenMP's
// waits and would take every one for a race, so that there threads of the language do the work.
#ifndef MICROTOME_TEAM_H
#define MICROTOME_TEAM_H

#include <omp.h>

#if defined(__SANITIZE_THREAD__)
#include <thread>
#include <vector>
#endif

#include "placement.h"

namespace microtome {

// Calls body(self, size) once on each thread of a team of at most `wanted`; the real size counts.
template <class Body>
void run_team(int wanted, Body body) {
#if defined(__SANITIZE_THREAD__)
    std::vector<std::thread> others;
    for (int self = 1; self < wanted; ++self) others.emplace_back([&body, self, wanted] { body(self, wanted); });
    body(0, wanted);
    for (std::thread& other : others) other.join();
#else
    const int first = settle(wanted);
#pragma omp parallel num_threads(wanted)
    {
        const int self = omp_get_thread_num();
        if (self != 0) keep_off(first);
        body(self, omp_get_num_threads());
    }
#endif
}

}  // namespace microtome

#endif
