// What the tests share: an engine, tensors filled from plain vectors, random numbers, tolerances.
#ifndef MICROTOME_TESTS_DEVICE_H
#define MICROTOME_TESTS_DEVICE_H

#include <cmath>
#include <cstdint>
#include <string>
#include <vector>

#include "claim.h"
#include "microtome/microtome.h"

using Shape = std::vector<int64_t>;
using Values = std::vector<double>;

int64_t elements_of(const Shape& shape);
int64_t bytes_per(mt_dtype dtype);  // of the plain types

// SplitMix64: the same numbers on every machine.
class Random {
public:
    explicit Random(uint64_t seed) : state_(seed) {}
    uint64_t next();
    double uniform(double low, double high);
    int64_t below(int64_t limit) { return static_cast<int64_t>(next() % static_cast<uint64_t>(limit)); }
    Values values(const Shape& shape, double scale = 1.0);  // uniform in -scale .. scale

private:
    uint64_t state_;
};

uint16_t bfloat_of(float value);
float of_bfloat(uint16_t bits);
float of_half(uint16_t bits);
double rounded(double value, mt_dtype dtype);  // the nearest number of the type
Values rounded(Values values, mt_dtype dtype);

class Device {
public:
    explicit Device(int threads = 2);
    ~Device();
    Device(const Device&) = delete;
    Device& operator=(const Device&) = delete;

    operator mt_engine*() const { return engine_; }
    std::string error() const { return mt_last_error(engine_); }
    // Makes a failure of the claim out of a status that is not MT_OK.
    void ok(mt_status status, const char* what) const;

private:
    mt_engine* engine_ = nullptr;
};

#define OK(device, call) (device).ok(call, #call)

// A tensor with a buffer of its own.
class Tensor {
public:
    // Uninitialised: every byte is 0xa5, so that a result that was not written is seen.
    Tensor(const Device& device, const Shape& shape, mt_dtype dtype = MT_F32);
    // The values, rounded to the type. With `wrapped_at` 0 or more: in wrapped memory, that many bytes off alignment.
    Tensor(const Device& device, const Shape& shape, const Values& values, mt_dtype dtype = MT_F32,
           int wrapped_at = -1);
    static Tensor of_bytes(const Device& device, const Shape& shape, mt_dtype dtype, const std::vector<uint8_t>& bytes,
                           int wrapped_at = -1);
    static Tensor packed(const Device& device, const Tensor& weight, mt_dtype dtype);
    ~Tensor();
    Tensor(Tensor&& other) noexcept;
    Tensor(const Tensor&) = delete;
    Tensor& operator=(const Tensor&) = delete;

    operator const mt_tensor*() const { return &view; }
    Values values() const;  // in row-major order of the whole buffer
    std::vector<uint8_t> bytes() const;
    Tensor& reshape(const Shape& shape);  // contiguous, from the start of the buffer

    mt_tensor view = {};

private:
    struct Room {};
    Tensor(Room, const Device& device, int64_t bytes);
    const Device* device_;
    int64_t bytes_ = 0;
    std::vector<uint8_t> memory_;  // when wrapped
};

void set_shape(mt_tensor& view, const Shape& shape);

// Relative error of one rounding.
double unit_roundoff(mt_dtype dtype);
// |error| of a sum of `terms` products in F32: about sqrt(terms) roundings of the sum of magnitudes, which random signs
// make a wide bound, then one rounding to the type of the result.
double sum_tolerance(int64_t terms, double magnitude, double result, mt_dtype out = MT_F32);

// Compares and reports the worst place. The tolerance of place i is absolute[i].
void expect_close(const Values& actual, const Values& expected, const Values& absolute, const std::string& what);
void expect_close(const Values& actual, const Values& expected, double relative, double absolute,
                  const std::string& what);
void expect_equal(const Values& actual, const Values& expected, const std::string& what);

// The sizes that find forgotten tails.
extern const std::vector<int64_t> kAwkward;
std::string text(const Shape& shape);

#endif
