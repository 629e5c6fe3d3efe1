#include "isa.h"

#include <oneapi/dnnl/dnnl.h>
#include <stdlib.h>

#include <fstream>

#include "kernel_table.h"
#include "microtome/microtome.h"

namespace microtome {

namespace v2 {
const KernelTable& table();
}
namespace v3 {
const KernelTable& table();
}
namespace v4 {
const KernelTable& table();
}

namespace {

struct Isa {
    int level = 2;
    std::string problem;
};

int level_of_processor() {
    __builtin_cpu_init();
    if (__builtin_cpu_supports("x86-64-v4")) return 4;
    if (__builtin_cpu_supports("x86-64-v3")) return 3;
    return __builtin_cpu_supports("x86-64-v2") ? 2 : 1;
}

// The cap reaches the matrix library too, which obeys only before its first primitive.
Isa choose() {
    Isa isa;
    isa.level = level_of_processor();
    if (isa.level < 2) {
        isa.level = 2;
        isa.problem = "this processor lacks x86-64-v2 (SSE4.2 and POPCNT), which the library needs";
        return isa;
    }
    const char* variable = getenv("MT_ISA_CAP");
    if (variable == nullptr || *variable == '\0') return isa;
    const std::string cap = variable;
    if (cap == "x86-64-v2") {
        isa.level = 2;
        dnnl_set_max_cpu_isa(dnnl_cpu_isa_sse41);
    } else if (cap == "x86-64-v3") {
        if (isa.level > 3) isa.level = 3;
        dnnl_set_max_cpu_isa(dnnl_cpu_isa_avx2);
    } else if (cap != "x86-64-v4") {
        isa.problem = "MT_ISA_CAP is \"" + cap + "\"; it may be x86-64-v2, x86-64-v3 or x86-64-v4";
    }
    return isa;
}

const Isa& isa() {
    static const Isa chosen = choose();
    return chosen;
}

}  // namespace

const std::string& isa_problem() { return isa().problem; }

int isa_level() { return isa().level; }

const KernelTable& kernels() {
    static const KernelTable& table = isa_level() == 4 ? v4::table() : isa_level() == 3 ? v3::table() : v2::table();
    return table;
}

std::string processor_name() {
    std::ifstream file("/proc/cpuinfo");
    for (std::string line; std::getline(file, line);) {
        if (line.rfind("model name", 0) != 0) continue;
        const size_t colon = line.find(": ");
        if (colon != std::string::npos) return line.substr(colon + 2);
    }
    return "unknown";
}

}  // namespace microtome

extern "C" const char* mt_active_isa(void) { return microtome::kernels().name; }
