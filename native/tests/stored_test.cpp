// mt_matmul with a right operand as it is stored: F16, BF16 or blocks, decoded on the way.
#include <algorithm>

#include "device.h"

struct Stored {
    mt_dtype dtype;
    const char* name;
    int64_t elements, bytes;
    std::vector<int> scales;  // bytes of a block where a half begins
};

static const std::vector<Stored> kStored = {
    {MT_F16, "F16", 1, 2, {0}},         {MT_BF16, "BF16", 1, 2, {0}},        {MT_Q4_0, "Q4_0", 32, 18, {0}},
    {MT_Q4_1, "Q4_1", 32, 20, {0, 2}},  {MT_Q5_0, "Q5_0", 32, 22, {0}},      {MT_Q5_1, "Q5_1", 32, 24, {0, 2}},
    {MT_Q8_0, "Q8_0", 32, 34, {0}},     {MT_Q4_K, "Q4_K", 256, 144, {0, 2}}, {MT_Q5_K, "Q5_K", 256, 176, {0, 2}},
    {MT_Q6_K, "Q6_K", 256, 210, {208}},
};

// Random bytes whose scales lie around 1/16, of either sign.
static Tensor weight_of(const Device& device, const Stored& type, int64_t n, int64_t k, Random& random,
                        int wrapped_at = -1) {
    std::vector<uint8_t> bytes(size_t(n * k / type.elements * type.bytes));
    for (uint8_t& byte : bytes) byte = uint8_t(random.next());
    for (size_t block = 0; block < bytes.size(); block += size_t(type.bytes)) {
        for (const int scale : type.scales) {
            uint8_t& high = bytes[block + size_t(scale) + 1];
            high = uint8_t((high & 0x83) | (type.dtype == MT_BF16 ? 0x3c : 0x2c));
        }
    }
    return Tensor::of_bytes(device, {n, k}, type.dtype, bytes, wrapped_at);
}

static Values decoded(const Device& device, const Tensor& weight) {
    Tensor floats(device, {weight.view.extent[0], weight.view.extent[1]});
    OK(device, mt_cast(device, weight, floats));
    return floats.values();
}

struct Sizes {
    int64_t m, n, k;
};

// The product of left [m, k], whose rows are `stride` apart, and a decoded weight [n, k], plus an addend.
static void expect_product(const Tensor& out, const Values& left, int64_t stride, const Values& weight, Sizes s,
                           const Values& addend, const std::string& what) {
    Values expected, tolerance;
    for (int64_t i = 0; i < s.m; ++i) {
        for (int64_t j = 0; j < s.n; ++j) {
            double sum = addend.empty() ? 0 : addend[size_t(i * s.n + j) % addend.size()], size = std::fabs(sum);
            for (int64_t d = 0; d < s.k; ++d) {
                const double term = left[size_t(i * stride + d)] * weight[size_t(j * s.k + d)];
                sum += term;
                size += std::fabs(term);
            }
            expected.push_back(sum);
            tolerance.push_back(sum_tolerance(s.k + 1, size, sum, out.view.dtype));
        }
    }
    expect_close(out.values(), expected, tolerance, what + " " + text({s.m, s.n, s.k}));
}

static void check(const Device& device, const Stored& type, Sizes s, Random& random, int wrapped_at = -1) {
    const Tensor weight = weight_of(device, type, s.n, s.k, random, wrapped_at);
    const Values left = random.values({s.m, s.k});
    Tensor a(device, {s.m, s.k}, left, MT_F32, wrapped_at), out(device, {s.m, s.n});
    OK(device, mt_matmul(device, 1, a, weight, nullptr, out));
    expect_product(out, left, s.k, decoded(device, weight), s, {}, type.name);
}

CLAIM("every stored type is right for every number of rows where the way changes") {
    const Device device;
    Random random(80);
    for (const Stored& type : kStored) {
        const int64_t k = type.elements == 1 ? 70 : 512;
        for (const int64_t m : {1, 2, 3, 4, 5, 7, 8, 9, 15, 16, 17, 31, 33, 64, 65, 127}) {
            check(device, type, {m, 67, k}, random);
        }
    }
}

CLAIM("every stored type is right in awkward sizes, at any address") {
    const Device device;
    Random random(81);
    for (const Stored& type : kStored) {
        for (const int64_t size : kAwkward) {
            const int64_t k = type.elements == 1 ? size : type.elements * (1 + size % 5);
            for (const int wrapped_at : {-1, 1}) {
                check(device, type, {1, size, k}, random, wrapped_at);
                check(device, type, {3, size, k}, random, wrapped_at);
                check(device, type, {size, 33, k}, random, wrapped_at);
            }
        }
        for (const int64_t k : {511, 512, 513, 1024, 1025, 1536, 2304, 4352}) {
            if (k % type.elements != 0) continue;
            for (const int64_t m : {1, 6, 20, 70}) check(device, type, {m, 66, k}, random);
        }
    }
}

CLAIM("stored weights take left operands, results and addends of both types") {
    const Device device;
    Random random(82);
    const Sizes s = {0, 97, 256};
    for (const Stored& type : kStored) {
        const Tensor weight = weight_of(device, type, s.n, s.k, random, 1);
        const Values numbers = decoded(device, weight);
        for (const int64_t m : {1, 3, 20, 70}) {
            for (const mt_dtype left_type : {MT_F32, MT_BF16}) {
                const Values left = rounded(random.values({m, s.k}), left_type);
                Tensor a(device, {m, s.k}, left, left_type);
                for (const mt_dtype out_type : {MT_F32, MT_BF16}) {
                    for (const Shape& shape : {Shape{}, Shape{s.n}, Shape{m, s.n}}) {
                        const Values add = shape.empty() ? Values{} : rounded(random.values(shape, 3), out_type);
                        Tensor addend(device, shape.empty() ? Shape{1} : shape, shape.empty() ? Values{0} : add,
                                      out_type, 1);
                        Tensor out(device, {m, s.n}, out_type);
                        const mt_tensor* added = shape.empty() ? nullptr : &addend.view;
                        OK(device, mt_matmul(device, 1, a, weight, added, out));
                        expect_product(out, left, s.k, numbers, {m, s.n, s.k}, add, type.name);
                    }
                }
            }
        }
    }
}

CLAIM(
    "a stored weight serves every leading index, also of a left operand with gaps, and may be rows of a larger table") {
    const Device device;
    Random random(83);
    const int64_t n = 70, k = 256;
    for (const Stored& type : kStored) {
        Tensor table = weight_of(device, type, n + 9, k, random);
        Values numbers = decoded(device, table);
        numbers.erase(numbers.begin(), numbers.begin() + 5 * k);
        table.view.offset = 5 * k;
        table.view.extent[0] = n;
        for (const int64_t m : {1, 2, 9}) {
            const Values left = random.values({2, 3, m, 2 * k});
            Tensor a(device, {2, 3, m, 2 * k}, left), out(device, {2, 3, m, n});
            a.view.extent[3] = k;
            OK(device, mt_matmul(device, 1, a, table, nullptr, out));
            expect_product(out, left, 2 * k, numbers, {6 * m, n, k}, {}, type.name);
        }
    }
}

CLAIM("one and two threads give the same bits with stored weights") {
    const Device one(1), two(2);
    for (const Stored& type : kStored) {
        for (const int64_t m : {1, 5, 16, 40, 70}) {
            std::vector<Values> results;
            for (const Device* device : {&one, &two}) {
                Random random(84);
                const Tensor weight = weight_of(*device, type, 999, 512, random);
                Tensor a(*device, {m, 512}, random.values({m, 512})), out(*device, {m, 999});
                OK(*device, mt_matmul(*device, 1, a, weight, nullptr, out));
                results.push_back(out.values());
            }
            expect_equal(results[1], results[0], type.name);
        }
    }
}

CLAIM("infinities and NaN of one row, left or right, do not reach another") {
    const Device device;
    Random random(85);
    const int64_t n = 37, k = 256;
    for (const Stored& type : kStored) {
        Tensor weight = weight_of(device, type, n, k, random);
        std::vector<uint8_t> bytes = weight.bytes();
        const size_t broken = size_t(6 * k / type.elements * type.bytes + type.scales[0]);
        bytes[broken] = 1;  // a scale, or a weight, that is not a number
        bytes[broken + 1] = uint8_t(type.dtype == MT_BF16 ? 0xff : 0x7d);
        if (type.dtype == MT_BF16) bytes[broken] = 0xc1;
        const Tensor broken_weight = Tensor::of_bytes(device, {n, k}, type.dtype, bytes);
        for (const int64_t m : {3, 12, 30}) {
            Values left = random.values({m, k});
            left[size_t(2 * k + 7)] = NAN;
            Tensor a(device, {m, k}, left), out(device, {m, n});
            OK(device, mt_matmul(device, 1, a, broken_weight, nullptr, out));
            const Values result = out.values();
            for (int64_t i = 0; i < m * n; ++i) {
                EXPECT(std::isnan(result[size_t(i)]) == (i / n == 2 || i % n == 6));
            }
        }
    }
}

CLAIM("a stored weight that does not fit is refused with the way out") {
    const Device device;
    Random random(86);
    Tensor left(device, {4, 64}), out(device, {4, 64}), half(device, {64, 64}, MT_F16), wide(device, {64, 128}, MT_F16);
    Tensor blocks = weight_of(device, kStored[2], 64, 64, random);
    const auto refused = [&](mt_status status, const char* part) {
        EXPECT(status == MT_INVALID_ARGUMENT);
        EXPECT_WITH(std::string(device.error()).find(part) != std::string::npos, device.error());
    };
    const char* const rule = "a right operand of F16 or blocks must be [n, k], contiguous, with transpose_right = 1";
    refused(mt_matmul(device, 0, left, blocks, nullptr, out), rule);
    refused(mt_matmul(device, 0, left, half, nullptr, out), rule);
    wide.view.extent[1] = 64;
    refused(mt_matmul(device, 1, left, wide, nullptr, out), rule);
    refused(mt_matmul(device, 1, half, blocks, nullptr, out), "left has type F16; allowed: F32, BF16");
    blocks.view.extent[1] = blocks.view.stride[0] = 48;
    refused(mt_matmul(device, 1, left, blocks, nullptr, out), "must be multiples of the block, 32");
}
