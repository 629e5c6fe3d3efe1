#include "device.h"

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <cstring>

const std::vector<int64_t> kAwkward = {1, 2, 3, 31, 33, 127, 257, 1021};

int64_t elements_of(const Shape& shape) {
    int64_t count = 1;
    for (const int64_t extent : shape) count *= extent;
    return count;
}

int64_t bytes_per(mt_dtype dtype) {
    switch (dtype) {
        case MT_F64:
            return 8;
        case MT_F16:
        case MT_BF16:
            return 2;
        default:
            return 4;
    }
}

uint64_t Random::next() {
    state_ += 0x9e3779b97f4a7c15u;
    uint64_t z = state_;
    z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9u;
    z = (z ^ (z >> 27)) * 0x94d049bb133111ebu;
    return z ^ (z >> 31);
}

double Random::uniform(double low, double high) { return low + (high - low) * double(next() >> 11) * 0x1p-53; }

Values Random::values(const Shape& shape, double scale) {
    Values result(static_cast<size_t>(elements_of(shape)));
    for (double& value : result) value = float(uniform(-scale, scale));
    return result;
}

uint16_t bfloat_of(float value) {
    uint32_t bits;
    memcpy(&bits, &value, 4);
    if (std::isnan(value)) return uint16_t(bits >> 16 | 0x40);
    // By the rule of rounding itself: the nearer neighbour, or the even one.
    const uint32_t low = bits & 0xffff0000u, rest = bits & 0xffffu;
    const bool up = rest > 0x8000u || (rest == 0x8000u && (low >> 16) % 2 == 1);
    return uint16_t((low >> 16) + (up ? 1 : 0));
}

float of_bfloat(uint16_t bits) {
    const uint32_t wide = uint32_t(bits) << 16;
    float value;
    memcpy(&value, &wide, 4);
    return value;
}

float of_half(uint16_t bits) {
    const int exponent = bits >> 10 & 31, fraction = bits & 1023;
    const double sign = bits >> 15 ? -1 : 1;
    if (exponent == 31) return float(fraction == 0 ? sign * INFINITY : NAN);
    return float(sign * (exponent == 0 ? std::ldexp(fraction, -24) : std::ldexp(1024 + fraction, exponent - 25)));
}

// Nearest, ties to even, with `precision` bits and the smallest step 2^least.
static double round_to(double value, int precision, int least, double largest) {
    if (!std::isfinite(value) || value == 0) return value;
    int exponent;
    std::frexp(value, &exponent);
    const int step = std::max(exponent - precision, least);
    const double result = std::ldexp(std::nearbyint(std::ldexp(value, -step)), step);
    return std::fabs(result) > largest ? std::copysign(INFINITY, value) : result;
}

double rounded(double value, mt_dtype dtype) {
    switch (dtype) {
        case MT_BF16:
            return round_to(value, 8, -133, 0x1.fep127);
        case MT_F16:
            return round_to(value, 11, -24, 65504.0);
        case MT_F64:
            return value;
        default:
            return float(value);
    }
}

Values rounded(Values values, mt_dtype dtype) {
    for (double& value : values) value = rounded(value, dtype);
    return values;
}

Device::Device(int threads) {
    if (mt_engine_create(threads, &engine_) != MT_OK) {
        printf("no engine: %s\n", mt_last_error(nullptr));
        exit(99);
    }
}

Device::~Device() { mt_engine_destroy(engine_); }

void Device::ok(mt_status status, const char* what) const {
    if (status != MT_OK) claim::failed("", 0, std::string(what) + " gave " + std::to_string(status) + ": " + error());
}

void set_shape(mt_tensor& view, const Shape& shape) {
    view.rank = static_cast<int32_t>(shape.size());
    int64_t stride = 1;
    for (size_t i = shape.size(); i-- > 0;) {
        view.extent[i] = shape[i];
        view.stride[i] = stride;
        stride *= shape[i];
    }
}

static void encode(double value, mt_dtype dtype, uint8_t* target) {
    const double near = rounded(value, dtype);
    const float single = float(near);
    if (dtype == MT_F64) {
        memcpy(target, &value, 8);
    } else if (dtype == MT_I32) {
        const int32_t integer = static_cast<int32_t>(value);
        memcpy(target, &integer, 4);
    } else if (dtype == MT_BF16) {
        const uint16_t bits = bfloat_of(single);
        memcpy(target, &bits, 2);
    } else if (dtype == MT_F16) {
        uint16_t bits = std::signbit(near) ? 0x8000 : 0;
        const double size = std::fabs(near);
        if (std::isnan(near)) {
            bits = 0x7e00;
        } else if (size > 65504) {
            bits |= 0x7c00;
        } else if (size < 0x1p-14) {
            bits = uint16_t(bits | uint16_t(size * 0x1p24));
        } else {
            int exponent;
            const double fraction = std::frexp(size, &exponent);
            bits = uint16_t(bits | (exponent + 14) << 10 | (int(fraction * 2048) & 1023));
        }
        memcpy(target, &bits, 2);
    } else {
        memcpy(target, &single, 4);
    }
}

Tensor::Tensor(Room, const Device& device, int64_t bytes) : device_(&device), bytes_(bytes) {
    OK(device, mt_buffer_create(device, bytes, &view.buffer));
    const std::vector<uint8_t> rubbish(static_cast<size_t>(bytes), 0xa5);
    OK(device, mt_upload(device, rubbish.data(), view.buffer, 0, bytes));
}

Tensor::Tensor(const Device& device, const Shape& shape, mt_dtype dtype)
    : Tensor(Room(), device, elements_of(shape) * bytes_per(dtype)) {
    view.dtype = dtype;
    set_shape(view, shape);
}

static std::vector<uint8_t> encoded(const Values& values, mt_dtype dtype) {
    const size_t size = static_cast<size_t>(bytes_per(dtype));
    std::vector<uint8_t> bytes(values.size() * size);
    for (size_t i = 0; i < values.size(); ++i) encode(values[i], dtype, bytes.data() + i * size);
    return bytes;
}

Tensor::Tensor(const Device& device, const Shape& shape, const Values& values, mt_dtype dtype, int wrapped_at)
    : Tensor(of_bytes(device, shape, dtype, encoded(values, dtype), wrapped_at)) {}

Tensor Tensor::of_bytes(const Device& device, const Shape& shape, mt_dtype dtype, const std::vector<uint8_t>& bytes,
                        int wrapped_at) {
    const int64_t size = static_cast<int64_t>(bytes.size());
    Tensor tensor(Room(), device, wrapped_at < 0 ? size : 0);
    tensor.bytes_ = size;
    if (wrapped_at >= 0) {
        OK(device, mt_buffer_destroy(device, tensor.view.buffer));
        tensor.memory_.resize(bytes.size() + 64 + static_cast<size_t>(wrapped_at));
        uint8_t* start = tensor.memory_.data();
        start += (64 - reinterpret_cast<uintptr_t>(start) % 64) % 64 + static_cast<uintptr_t>(wrapped_at);
        if (size > 0) memcpy(start, bytes.data(), bytes.size());
        OK(device, mt_buffer_wrap(device, start, size, &tensor.view.buffer));
    } else {
        OK(device, mt_upload(device, bytes.data(), tensor.view.buffer, 0, size));
    }
    tensor.view.dtype = dtype;
    set_shape(tensor.view, shape);
    return tensor;
}

Tensor Tensor::packed(const Device& device, const Tensor& weight, mt_dtype dtype) {
    int64_t bytes = 0;
    OK(device, mt_packed_bytes(device, dtype, weight.view.extent[0], weight.view.extent[1], &bytes));
    Tensor tensor(Room(), device, bytes);
    tensor.view.dtype = dtype;
    tensor.view.layout = MT_PACKED;
    set_shape(tensor.view, {weight.view.extent[0], weight.view.extent[1]});
    OK(device, mt_pack(device, weight, tensor));
    return tensor;
}

Tensor::Tensor(Tensor&& other) noexcept
    : view(other.view), device_(other.device_), bytes_(other.bytes_), memory_(std::move(other.memory_)) {
    other.view.buffer = nullptr;
}

Tensor::~Tensor() {
    if (view.buffer != nullptr) OK(*device_, mt_buffer_destroy(*device_, view.buffer));
}

std::vector<uint8_t> Tensor::bytes() const {
    std::vector<uint8_t> result(static_cast<size_t>(bytes_));
    OK(*device_, mt_download(*device_, view.buffer, 0, bytes_, result.data()));
    return result;
}

Values Tensor::values() const {
    const std::vector<uint8_t> raw = bytes();
    const size_t size = static_cast<size_t>(bytes_per(view.dtype));
    Values result(raw.size() / size);
    for (size_t i = 0; i < result.size(); ++i) {
        float single = 0;
        double wide = 0;
        int32_t integer = 0;
        uint16_t half = 0;
        memcpy(&half, &raw[i * size], 2);
        if (size >= 4) memcpy(&single, &raw[i * size], 4);
        if (size >= 4) memcpy(&integer, &raw[i * size], 4);
        if (size == 8) memcpy(&wide, &raw[i * size], 8);
        result[i] = view.dtype == MT_F64    ? wide
                    : view.dtype == MT_I32  ? double(integer)
                    : view.dtype == MT_BF16 ? of_bfloat(half)
                    : view.dtype == MT_F16  ? of_half(half)
                                            : single;
    }
    return result;
}

Tensor& Tensor::reshape(const Shape& shape) {
    set_shape(view, shape);
    return *this;
}

double unit_roundoff(mt_dtype dtype) { return dtype == MT_BF16 ? 0x1p-8 : dtype == MT_F16 ? 0x1p-11 : 0x1p-24; }

double sum_tolerance(int64_t terms, double magnitude, double result, mt_dtype out) {
    return (4 + 2 * std::sqrt(double(terms))) * 0x1p-24 * magnitude + 1.01 * unit_roundoff(out) * std::fabs(result) +
           1e-37;
}

static bool same(double a, double b) { return a == b || (std::isnan(a) && std::isnan(b)); }

void expect_close(const Values& actual, const Values& expected, const Values& absolute, const std::string& what) {
    EXPECT_WITH(actual.size() == expected.size(), what);
    double worst = 0;
    size_t place = 0;
    for (size_t i = 0; i < std::min(actual.size(), expected.size()); ++i) {
        if (same(actual[i], expected[i])) continue;
        const double error = std::fabs(actual[i] - expected[i]) / absolute[i];
        if (error <= worst) continue;  // false for NaN
        worst = std::isnan(error) ? INFINITY : error;
        place = i;
    }
    if (worst <= 1) return;
    char line[200];
    snprintf(line, sizeof line, "at %zu of %zu: %.9g, expected %.9g, tolerance %.3g", place, actual.size(),
             actual[place], expected[place], absolute[place]);
    EXPECT_WITH(worst <= 1, what + " " + line);
}

void expect_close(const Values& actual, const Values& expected, double relative, double absolute,
                  const std::string& what) {
    Values tolerance(expected.size());
    for (size_t i = 0; i < expected.size(); ++i) tolerance[i] = absolute + relative * std::fabs(expected[i]);
    expect_close(actual, expected, tolerance, what);
}

void expect_equal(const Values& actual, const Values& expected, const std::string& what) {
    expect_close(actual, expected, Values(expected.size(), 0x1p-1074), what);
}

std::string text(const Shape& shape) {
    std::string result = "[";
    for (size_t i = 0; i < shape.size(); ++i) result += (i ? ", " : "") + std::to_string(shape[i]);
    return result + "]";
}
