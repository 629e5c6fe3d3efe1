// Where the threads of a team run. Own copy of placement.cpp: it is hidden in the library.
#include "placement.h"

#include <omp.h>
#include <sched.h>

#include <vector>

#include "device.h"
#include "team.h"

using namespace microtome;

namespace {

cpu_set_t processors_of_this_thread() {
    cpu_set_t set;
    CPU_ZERO(&set);
    sched_getaffinity(0, sizeof set, &set);
    return set;
}

#if !defined(__SANITIZE_THREAD__)
bool can_part() {
    const cpu_set_t set = processors_of_this_thread();
    return CPU_COUNT(&set) > 1 && omp_get_thread_limit() > 1;
}
#endif

}  // namespace

#if !defined(__SANITIZE_THREAD__)
CLAIM("the second thread of a team does not run where the first does") {
    if (!can_part()) return;
    for (int round = 0; round < 200; ++round) {
        int processor[2] = {-1, -1};
        run_team(2, [&](int self, int) { processor[self] = sched_getcpu(); });
        EXPECT_WITH(processor[0] != processor[1], std::to_string(processor[0]));
        if (round % 50 == 49) roam();
    }
    roam();
}

CLAIM("the first thread stays until it roams, and is as free then as it was") {
    if (!can_part()) return;
    const cpu_set_t before = processors_of_this_thread();
    const int home = settle(2);
    const cpu_set_t settled = processors_of_this_thread();
    EXPECT(CPU_COUNT(&settled) == 1 && CPU_ISSET(home, &settled));
    EXPECT(settle(2) == home);
    roam();
    const cpu_set_t after = processors_of_this_thread();
    EXPECT(CPU_EQUAL(&before, &after));
}
#endif

CLAIM("a team that is larger than the machine is left to the system") {
    const cpu_set_t before = processors_of_this_thread();
    EXPECT(settle(CPU_COUNT(&before) + 1) == kAnywhere);
    keep_off(kAnywhere);
    const cpu_set_t after = processors_of_this_thread();
    EXPECT(CPU_EQUAL(&before, &after));
}

CLAIM("after a waiting call of the library its caller is as free as before") {
    const cpu_set_t before = processors_of_this_thread();
    const Device device(2);
    mt_buffer* buffer = nullptr;
    OK(device, mt_buffer_create(device, 64 << 20, &buffer));
    std::vector<char> bytes(64 << 20, 1);
    OK(device, mt_upload(device, bytes.data(), buffer, 0, 64 << 20));  // large enough for a team
    OK(device, mt_synchronize(device));
    const cpu_set_t after = processors_of_this_thread();
    EXPECT(CPU_EQUAL(&before, &after));
    OK(device, mt_buffer_destroy(device, buffer));
}
