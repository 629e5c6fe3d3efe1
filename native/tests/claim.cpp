#include "claim.h"

#include <chrono>
#include <cstdio>
#include <cstring>
#include <vector>

namespace claim {
namespace {

struct Claim {
    const char* sentence;
    void (*body)();
};

std::vector<Claim>& claims() {
    static std::vector<Claim> all;
    return all;
}

int failures = 0;
constexpr int kMostReports = 10;  // of one claim

}  // namespace

Registration::Registration(const char* sentence, void (*body)()) { claims().push_back({sentence, body}); }

void failed(const char* file, int line, const std::string& what) {
    const char* slash = strrchr(file, '/');
    if (++failures <= kMostReports) printf("    %s:%d: %s\n", slash == nullptr ? file : slash + 1, line, what.c_str());
}

int run(const char* part) {
    int failed_claims = 0, run = 0;
    for (const Claim& each : claims()) {
        if (strstr(each.sentence, part) == nullptr) continue;
        failures = 0;
        const auto start = std::chrono::steady_clock::now();
        each.body();
        const std::chrono::duration<double> seconds = std::chrono::steady_clock::now() - start;
        printf("%s  %s (%.2f s)\n", failures == 0 ? "ok    " : "FAILED", each.sentence, seconds.count());
        fflush(stdout);
        failed_claims += failures > 0;
        ++run;
    }
    printf("%d claims, %d failed\n", run, failed_claims);
    return run == 0 ? 1 : failed_claims;
}

}  // namespace claim
