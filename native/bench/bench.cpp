// bench [--json] [--threads N] [FAMILY...]: products, memory, rows, attention, weights, model, domain; all of them without
// a name.
#include "bench.h"

#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <cmath>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <ctime>

namespace bench {

mt_engine* engine = nullptr;

namespace {

bool json = false;
int reported = 0;

double now() { return std::chrono::duration<double>(std::chrono::steady_clock::now().time_since_epoch()).count(); }

double processor_time() {
    timespec time;
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &time);
    return double(time.tv_sec) + double(time.tv_nsec) * 1e-9;
}

int64_t bytes_of(const Shape& shape, mt_dtype dtype) {
    int64_t count = dtype == MT_BF16 ? 2 : 4;
    for (const int64_t extent : shape) count *= extent;
    return count;
}

// Of one run: the median and the best by the wall clock, and the processor time of all threads, which other programs on
// the machine hardly change.
struct Times {
    double median, best, processor;
};

void report(const std::string& name, Unit unit, double work, const Times& times) {
    static const char* const units[] = {"GFLOP/s", "GB/s", "s"};
    const double value = unit == Unit::kSeconds ? times.best : work / times.best * 1e-9;
    if (json) {
        printf(
            "%s\n  {\"name\": \"%s\", \"median_us\": %.2f, \"best_us\": %.2f, \"processor_us\": %.2f, \"best\": %.3f, "
            "\"unit\": \"%s\"}",
            reported++ ? "," : "", name.c_str(), times.median * 1e6, times.best * 1e6, times.processor * 1e6, value,
            units[int(unit)]);
    } else {
        printf("%-46s median %10.1f us  best %10.1f us  processor %10.1f us  best %8.2f %s\n", name.c_str(),
               times.median * 1e6, times.best * 1e6, times.processor * 1e6, value, units[int(unit)]);
    }
    fflush(stdout);
}

}  // namespace

void ok(mt_status status) {
    if (status == MT_OK) return;
    fprintf(stderr, "%s\n", mt_last_error(engine));
    exit(1);
}

Tensor::Tensor(const Shape& shape, mt_dtype dtype, uint64_t seed, float scale) {
    view.dtype = dtype;
    view.rank = static_cast<int32_t>(shape.size());
    int64_t stride = 1;
    for (size_t i = shape.size(); i-- > 0;) {
        view.extent[i] = shape[i];
        view.stride[i] = stride;
        stride *= shape[i];
    }
    ok(mt_buffer_create(engine, bytes_of(shape, dtype), &view.buffer));
    if (seed == 0) {
        ok(mt_fill(engine, 0, &view));
        return;
    }
    std::vector<float> numbers(static_cast<size_t>(stride));
    uint64_t state = seed;
    for (float& number : numbers) {
        state = state * 6364136223846793005u + 1442695040888963407u;
        number = scale * (float(state >> 40) * 0x1p-23f - 1.0f);
    }
    if (dtype == MT_F32) {
        ok(mt_upload(engine, numbers.data(), view.buffer, 0, bytes_of(shape, dtype)));
        return;
    }
    Tensor wide;
    wide.view = view;
    wide.view.dtype = MT_F32;
    ok(mt_buffer_create(engine, stride * 4, &wide.view.buffer));
    ok(mt_upload(engine, numbers.data(), wide.view.buffer, 0, stride * 4));
    ok(mt_cast(engine, &wide.view, &view));
}

Tensor Tensor::packed(const Tensor& weight, mt_dtype dtype) {
    Tensor result;
    int64_t bytes = 0;
    ok(mt_packed_bytes(engine, dtype, weight.view.extent[0], weight.view.extent[1], &bytes));
    result.view = weight.view;
    result.view.dtype = dtype;
    result.view.layout = MT_PACKED;
    ok(mt_buffer_create(engine, bytes, &result.view.buffer));
    ok(mt_pack(engine, &weight.view, &result.view));
    return result;
}

Tensor::~Tensor() {
    if (view.buffer != nullptr) ok(mt_buffer_destroy(engine, view.buffer));
}

Tensor::Tensor(Tensor&& other) noexcept : view(other.view) { other.view.buffer = nullptr; }

Tensor& Tensor::operator=(Tensor&& other) noexcept {
    std::swap(view, other.view);
    return *this;
}

std::vector<float> Tensor::values() const {
    int64_t count = 1;
    for (int i = 0; i < view.rank; ++i) count *= view.extent[i];
    std::vector<float> result(static_cast<size_t>(count));
    Tensor wide;
    if (view.dtype != MT_F32) {
        wide.view = view;
        wide.view.dtype = MT_F32;
        ok(mt_buffer_create(engine, count * 4, &wide.view.buffer));
        ok(mt_cast(engine, &view, &wide.view));
    }
    ok(mt_download(engine, view.dtype == MT_F32 ? view.buffer : wide.view.buffer, 0, count * 4, result.data()));
    return result;
}

void measure(const std::string& name, Unit unit, double work, const std::function<void()>& body, double seconds) {
    body();
    std::vector<double> times;
    const double start = now(), processor_start = processor_time();
    while (times.size() < 3 || now() - start < seconds) {
        const double before = now();
        body();
        times.push_back(now() - before);
    }
    const double processor = (processor_time() - processor_start) / double(times.size());
    std::sort(times.begin(), times.end());
    report(name, unit, work, {times[times.size() / 2], times[0], processor});
}

void compare(const std::string& name, const std::function<void()>& fused, const std::function<void()>& parts,
             double seconds) {
    const std::function<void()>* const bodies[] = {&fused, &parts};
    std::vector<double> times[2];
    Times sums[2] = {};
    fused();
    parts();
    const double start = now();
    while (times[0].size() < 5 || now() - start < seconds) {
        for (int i = 0; i < 2; ++i) {
            const double before = now(), processor = processor_time();
            (*bodies[i])();
            times[i].push_back(now() - before);
            sums[i].processor += processor_time() - processor;
        }
    }
    for (int i = 0; i < 2; ++i) {
        const double runs = double(times[i].size());
        std::sort(times[i].begin(), times[i].end());
        sums[i] = {times[i][times[i].size() / 2], times[i][0], sums[i].processor / runs};
        report(name + (i == 0 ? ", fused" : ", in parts"), Unit::kSeconds, 0, sums[i]);
    }
    if (!json) printf("%-46s fused is %.2f x as fast (medians)\n", name.c_str(), sums[1].median / sums[0].median);
}

void check(const std::string& name, const std::vector<float>& actual, const std::vector<double>& expected,
           double tolerance) {
    double largest = 0, worst = 0;
    for (size_t i = 0; i < expected.size(); ++i) {
        largest = std::max(largest, std::fabs(expected[i]));
        const double error = std::fabs(double(actual[i]) - expected[i]);
        worst = error <= worst ? worst : error;
    }
    if (worst <= tolerance * largest) return;
    fprintf(stderr, "%s: wrong result, error %g of %g\n", name.c_str(), worst, largest);
    exit(1);
}

}  // namespace bench

int main(int count, char** arguments) {
    // The OpenMP library reads this when it is loaded, so the program starts again with it.
    if (getenv("GOMP_SPINCOUNT") == nullptr) {
        setenv("GOMP_SPINCOUNT", "1000", 0);
        execv("/proc/self/exe", arguments);
    }
    int threads = 0;
    std::vector<std::string> families;
    for (int i = 1; i < count; ++i) {
        if (strcmp(arguments[i], "--json") == 0) {
            bench::json = true;
        } else if (strcmp(arguments[i], "--threads") == 0 && i + 1 < count) {
            threads = atoi(arguments[++i]);
        } else {
            families.emplace_back(arguments[i]);
        }
    }
    bench::ok(mt_engine_create(threads, &bench::engine));
    if (!bench::json) printf("%s\n", mt_describe(bench::engine));
    if (bench::json) printf("[");
    const auto wanted = [&](const char* family) {
        return families.empty() || std::find(families.begin(), families.end(), family) != families.end();
    };
    if (wanted("products")) bench::measure_products();
    if (wanted("memory")) bench::measure_memory();
    if (wanted("rows")) bench::measure_rows();
    if (wanted("attention")) bench::measure_attention();
    if (wanted("weights")) bench::measure_weights();
    if (wanted("model")) bench::measure_model();
    if (wanted("domain")) bench::measure_domain();
    if (bench::json) printf("\n]\n");
    bench::ok(mt_engine_destroy(bench::engine));
}
