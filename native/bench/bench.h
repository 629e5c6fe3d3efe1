// A case of the bench: it checks its result first, then it is timed.
#ifndef MICROTOME_BENCH_BENCH_H
#define MICROTOME_BENCH_BENCH_H

#include <cstdint>
#include <functional>
#include <string>
#include <vector>

#include "microtome/microtome.h"

namespace bench {

using Shape = std::vector<int64_t>;

// Ends the program with the engine's text unless the status is MT_OK.
void ok(mt_status status);

extern mt_engine* engine;

// A tensor with a buffer of its own, filled with numbers that depend on the seed only; zeros without one.
class Tensor {
public:
    Tensor() = default;
    explicit Tensor(const Shape& shape, mt_dtype dtype = MT_F32, uint64_t seed = 0, float scale = 1.0f);
    static Tensor packed(const Tensor& weight, mt_dtype dtype);
    ~Tensor();
    Tensor(Tensor&& other) noexcept;
    Tensor& operator=(Tensor&& other) noexcept;
    operator const mt_tensor*() const { return &view; }
    std::vector<float> values() const;

    mt_tensor view = {};
};

enum class Unit { kGflops, kGigabytes, kSeconds };

// Runs `body` for about `seconds` and reports its times. `work` is the operations or bytes of one run.
void measure(const std::string& name, Unit unit, double work, const std::function<void()>& body, double seconds = 0.4);
// Two ways to one result, taking turns: reports each, and how many times faster the first is than the second.
void compare(const std::string& name, const std::function<void()>& fused, const std::function<void()>& parts,
             double seconds = 1.0);
// Ends the program when a result is off by more than the tolerance, relative to the largest expected value.
void check(const std::string& name, const std::vector<float>& actual, const std::vector<double>& expected,
           double tolerance);

void measure_products();
void measure_memory();
void measure_rows();
void measure_attention();
void measure_weights();
void measure_model();
void measure_domain();

}  // namespace bench

#endif
