#include "placement.h"

#if defined(__linux__)

#include <sched.h>
#include <stdint.h>
#include <time.h>
#include <unistd.h>

namespace microtome {

namespace {

enum : int64_t { kSettledMilliseconds = 100 };

// The processors of the process: threads of a team begin with the set of the first, which may be settled by then.
struct Allowed {
    cpu_set_t set{};
    int count = 0;

    Allowed() {
        if (sched_getaffinity(getpid(), sizeof set, &set) == 0) count = CPU_COUNT(&set);
    }
};

const Allowed& allowed() {
    static const Allowed processors;
    return processors;
}

// A refusal leaves a thread where it may run: slower at worst.
void run_on(const cpu_set_t& set) { sched_setaffinity(0, sizeof set, &set); }

int64_t milliseconds() {
    timespec now{};
    clock_gettime(CLOCK_MONOTONIC_COARSE, &now);
    return int64_t(now.tv_sec) * 1000 + now.tv_nsec / 1000000;
}

struct Home {
    int processor = kAnywhere;
    int64_t since = 0;
};

thread_local Home home;

}  // namespace

int settle(int team) {
    if (team > allowed().count) return kAnywhere;
    const int64_t now = milliseconds();
    if (home.processor != kAnywhere) {
        if (now - home.since < kSettledMilliseconds) return home.processor;
        roam();
    }
    const int here = sched_getcpu();
    if (here < 0 || here >= CPU_SETSIZE) return kAnywhere;
    cpu_set_t only;
    CPU_ZERO(&only);
    CPU_SET(here, &only);
    run_on(only);
    home = {here, now};
    return here;
}

void roam() {
    if (home.processor == kAnywhere) return;
    run_on(allowed().set);
    home.processor = kAnywhere;
}

void keep_off(int processor) {
    static thread_local int kept_off = kAnywhere;
    if (processor == kAnywhere || processor == kept_off) return;
    cpu_set_t others = allowed().set;
    CPU_CLR(processor, &others);
    if (CPU_COUNT(&others) > 0) run_on(others);
    kept_off = processor;
}

}  // namespace microtome

#else

namespace microtome {

int settle(int) { return kAnywhere; }

void roam() {}

void keep_off(int) {}

}  // namespace microtome

#endif
