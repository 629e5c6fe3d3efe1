// What the claims about equal bits share: what a function is called with, and what it left.
#ifndef MICROTOME_TESTS_SAME_BITS_H
#define MICROTOME_TESTS_SAME_BITS_H

#include <functional>

#include "device.h"

using Bits = std::vector<std::vector<uint8_t>>;

// What one function is called with; the same on every device.
class Bench {
public:
    Bench(const Device& device, int64_t rows) : device_(device), rows_(rows) {}

    const Device& device() const { return device_; }
    int64_t rows() const { return rows_; }
    Tensor values(const Shape& shape, mt_dtype dtype = MT_F32) {
        return Tensor(device_, shape, random_.values(shape, 5), dtype);
    }
    Tensor indices(int64_t count, int64_t below) {
        Values numbers;
        for (int64_t i = 0; i < count; ++i) numbers.push_back(double(random_.below(below)));
        return Tensor(device_, {count}, numbers, MT_I32);
    }
    Tensor blocks(const Shape& shape, mt_dtype dtype, int64_t bytes) {
        std::vector<uint8_t> random(size_t(elements_of(shape) / 256 * bytes));
        for (uint8_t& byte : random) byte = uint8_t(random_.below(60));  // as a scale, a small finite number
        return Tensor::of_bytes(device_, shape, dtype, random);
    }
    Tensor result(const Shape& shape, mt_dtype dtype = MT_F32) { return Tensor(device_, shape, dtype); }
    void keep(const Tensor& tensor) { kept_.push_back(tensor.bytes()); }
    const Bits& kept() const { return kept_; }

private:
    const Device& device_;
    int64_t rows_;
    Random random_{51};
    Bits kept_;
};

struct Work {
    const char* function;
    std::function<void(Bench&)> run;
};

inline constexpr int64_t kWidth = 576;
inline const mt_dtype kComputed[] = {MT_F32, MT_BF16};

struct Stored {
    mt_dtype dtype;
    int64_t bytes;  // of 256 elements
};
inline const Stored kStored[] = {{MT_Q4_0, 144}, {MT_Q4_1, 160}, {MT_Q5_0, 176}, {MT_Q5_1, 192},
                                 {MT_Q8_0, 272}, {MT_Q4_K, 144}, {MT_Q5_K, 176}, {MT_Q6_K, 210}};

// Attention's parts, gradients, and what probes live on.
extern const std::vector<Work> kFusedWorks;

#endif
