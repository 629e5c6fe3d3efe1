// mt_cast and the block types.
#include <cstring>

#include "device.h"

CLAIM("every BF16 and every F16 number becomes the float it means") {
    const Device device;
    std::vector<uint8_t> bytes(65536 * 2);
    for (int i = 0; i < 65536; ++i) {
        bytes[size_t(i) * 2] = uint8_t(i & 255);
        bytes[size_t(i) * 2 + 1] = uint8_t(i >> 8);
    }
    for (const int wrapped_at : {-1, 1}) {
        Tensor halves = Tensor::of_bytes(device, {65536}, MT_F16, bytes, wrapped_at), wide(device, {65536});
        Tensor narrow = Tensor::of_bytes(device, {65536}, MT_BF16, bytes, wrapped_at), wider(device, {65536});
        OK(device, mt_cast(device, halves, wide));
        OK(device, mt_cast(device, narrow, wider));
        Values half_values, bfloat_values;
        for (int i = 0; i < 65536; ++i) {
            half_values.push_back(of_half(uint16_t(i)));
            bfloat_values.push_back(of_bfloat(uint16_t(i)));
        }
        expect_equal(wide.values(), half_values, "F16");
        expect_equal(wider.values(), bfloat_values, "BF16");
        Tensor again(device, {65536}, MT_F16), back(device, {65536}, MT_BF16);
        OK(device, mt_cast(device, wide, again));
        OK(device, mt_cast(device, wider, back));
        expect_equal(again.values(), half_values, "F16 and back");
        expect_equal(back.values(), bfloat_values, "BF16 and back");
    }
}

// Numbers on and around every rounding decision.
static Values difficult_numbers(Random& random) {
    Values numbers = {0.0,       -0.0,    INFINITY, -INFINITY,  NAN,        65504,        65519,   65520,
                      65536,     3.4e38,  -3.4e38,  1e-45,      1e-40,      5.9e-8,       0x1p-24, 0x1p-25,
                      0x1.8p-25, 0x1p-14, 0x1p-15,  0x1.fep127, 0x1.ffp127, 0x1.ffffp127, 6.1e-5,  0x1.ffcp-15};
    for (int i = 0; i < 40000; ++i) {
        uint32_t bits = uint32_t(random.next());
        if (i % 3 == 0) bits &= 0xffff8000u;  // ties of BF16
        if (i % 3 == 1) bits = (bits & 0x8fffffffu) % 0x0a000000u + 0x36000000u + (bits & 0x80000000u);
        if (i % 6 == 1) bits &= 0xfffff000u;  // ties of F16
        float value;
        memcpy(&value, &bits, 4);
        numbers.push_back(value);
    }
    return numbers;
}

CLAIM("floats round to the nearest BF16 and F16, ties to even, NaN stays NaN") {
    const Device device;
    Random random(6);
    const Values numbers = difficult_numbers(random);
    const Shape shape = {int64_t(numbers.size())};
    for (const int wrapped_at : {-1, 2}) {
        for (const mt_dtype dtype : {MT_BF16, MT_F16, MT_F32}) {
            Tensor in(device, shape, numbers, MT_F32, wrapped_at), out(device, shape, dtype);
            OK(device, mt_cast(device, in, out));
            expect_equal(out.values(), rounded(numbers, dtype), "to type " + std::to_string(dtype));
        }
    }
}

CLAIM("doubles round once, to F32, BF16 and F16") {
    const Device device;
    Random random(7);
    Values numbers = difficult_numbers(random);
    for (double& number : numbers) {
        number = number * (1 + (random.below(3) - 1) * 0x1p-45);  // beside, or on, the middle of two floats
    }
    for (const double number : {1e300, -1e300, 1e-300, 5e-324, 0x1.fffffefp127, 0x1.ffffffp127, 0x1.ffffff1p127}) {
        numbers.push_back(number);
    }
    const Shape shape = {int64_t(numbers.size())};
    for (const mt_dtype dtype : {MT_F32, MT_BF16, MT_F16}) {
        Tensor in(device, shape, numbers, MT_F64), out(device, shape, dtype);
        OK(device, mt_cast(device, in, out));
        expect_equal(out.values(), rounded(numbers, dtype), "to type " + std::to_string(dtype));
    }
}

CLAIM("BF16 becomes F16 and back through float") {
    const Device device;
    Random random(8);
    const Values numbers = rounded(difficult_numbers(random), MT_BF16);
    const Shape shape = {int64_t(numbers.size())};
    Tensor in(device, shape, numbers, MT_BF16), half(device, shape, MT_F16), back(device, shape, MT_BF16);
    OK(device, mt_cast(device, in, half));
    expect_equal(half.values(), rounded(numbers, MT_F16), "BF16 to F16");
    OK(device, mt_cast(device, half, back));
    expect_equal(back.values(), rounded(rounded(numbers, MT_F16), MT_BF16), "F16 to BF16");
}

CLAIM("floats become integers towards zero, held at the ends; integers become floats") {
    const Device device;
    Tensor in(device, {10}, {0.9, -0.9, 2.5, -7.99, 1e10, -1e10, NAN, INFINITY, 2147483520.0, -2147483648.0});
    Tensor out(device, {10}, MT_I32), back(device, {10});
    OK(device, mt_cast(device, in, out));
    const Values expected = {0, 0, 2, -7, 2147483647.0, -2147483648.0, 0, 2147483647.0, 2147483520.0, -2147483648.0};
    expect_equal(out.values(), expected, "to I32");
    OK(device, mt_cast(device, out, back));
    expect_equal(back.values(), rounded(expected, MT_F32), "to F32");
    Tensor narrow(device, {10}, MT_BF16);
    EXPECT(mt_cast(device, narrow, out) == MT_INVALID_ARGUMENT);
}

struct BlockType {
    mt_dtype dtype;
    const char* name;
    int elements, bytes;
    Values some;  // elements 0, 1, 16, 17, 31, then 32, 100, 255
    double sum;
};

static const std::vector<BlockType> kBlocks = {
    {MT_Q4_0, "Q4_0", 32, 18, {-1.5, 1, -1.5, -0.5, 0}, -10.5},
    {MT_Q4_1, "Q4_1", 32, 20, {7.25, 1.75, 4.25, 5.75, 5.75}, 114.5},
    {MT_Q5_0, "Q5_0", 32, 22, {4.5, -1, 7, 0, 0.5}, 7.5},
    {MT_Q5_1, "Q5_1", 32, 24, {9.25, 11.75, 9.25, 2.25, 2.25}, 244.5},
    {MT_Q8_0, "Q8_0", 32, 34, {42.5, 61, -45.5, -27, -24}, -88},
    {MT_Q4_K, "Q4_K", 256, 144, {183.25, 12.75, 183.25, 12.75, 105.75, 16, 64.5, 41.75}, 31444},
    {MT_Q5_K, "Q5_K", 256, 176, {431.25, 12.75, 431.25, 12.75, 105.75, 68, 134.5, 71.75}, 62332},
    {MT_Q6_K, "Q6_K", 256, 210, {-715.5, 848, -216, 256, -48, 115.5, 1261.5, -30}, 2306},
};

static std::vector<uint8_t> fixture_block(const BlockType& type) {
    std::vector<uint8_t> block(size_t(type.bytes));
    for (int i = 0; i < type.bytes; ++i) block[size_t(i)] = uint8_t(37 * i + 11);
    const size_t scale = type.dtype == MT_Q6_K ? 208 : 0;
    block[scale] = 0x00;  // 0.5
    block[scale + 1] = 0x38;
    if (type.dtype == MT_Q4_1 || type.dtype == MT_Q5_1 || type.dtype == MT_Q4_K || type.dtype == MT_Q5_K) {
        block[2] = 0x00;  // -0.25
        block[3] = 0xb4;
    }
    return block;
}

CLAIM("each block type decodes the known block to the known numbers") {
    const Device device;
    const int places[] = {0, 1, 16, 17, 31, 32, 100, 255};
    for (const BlockType& type : kBlocks) {
        for (const int wrapped_at : {-1, 1}) {
            Tensor in = Tensor::of_bytes(device, {type.elements}, type.dtype, fixture_block(type), wrapped_at);
            Tensor out(device, {type.elements});
            OK(device, mt_cast(device, in, out));
            const Values values = out.values();
            double sum = 0;
            for (const double value : values) sum += value;
            EXPECT_WITH(sum == type.sum, std::string(type.name) + " sum " + std::to_string(sum));
            for (size_t i = 0; i < type.some.size(); ++i) {
                EXPECT_WITH(values[size_t(places[i])] == type.some[i],
                            std::string(type.name) + " element " + std::to_string(places[i]));
            }
        }
    }
}

// The definition of each type, one element at a time, in double precision.
static double element_of(const BlockType& type, const uint8_t* b, int e) {
    const auto half = [&](int at) { return double(of_half(uint16_t(b[at] | b[at + 1] << 8))); };
    const auto nibble = [&](int at) { return e < 16 ? b[at + e] & 15 : b[at + e - 16] >> 4; };
    const auto bit = [&](int at) { return (b[at + e / 8] >> e % 8 & 1) << 4; };
    const int g = e / 32, i = e % 32;
    const auto grouped = [&](int quants, int fifth) {
        const uint8_t* s = b + 4;
        const int scale = g < 4 ? s[g] & 63 : (s[g + 4] & 15) | (s[g - 4] >> 6) << 4;
        const int minimum = g < 4 ? s[g + 4] & 63 : (s[g + 4] >> 4) | (s[g] >> 6) << 4;
        int q = b[quants + g / 2 * 32 + i] >> g % 2 * 4 & 15;
        if (fifth > 0) q |= (b[fifth + i] >> g & 1) << 4;
        return half(0) * scale * q - half(2) * minimum;
    };
    switch (type.dtype) {
        case MT_Q4_0:
            return half(0) * (nibble(2) - 8);
        case MT_Q4_1:
            return half(0) * nibble(4) + half(2);
        case MT_Q5_0:
            return half(0) * ((nibble(6) | bit(2)) - 16);
        case MT_Q5_1:
            return half(0) * (nibble(8) | bit(4)) + half(2);
        case MT_Q8_0:
            return half(0) * int8_t(b[2 + e]);
        case MT_Q4_K:
            return grouped(16, 0);
        case MT_Q5_K:
            return grouped(48, 16);
        default: {
            const int h = e / 128, k = e % 128 / 32;
            const int low = b[64 * h + k % 2 * 32 + i] >> k / 2 * 4 & 15, high = b[128 + 32 * h + i] >> 2 * k & 3;
            return half(208) * int8_t(b[192 + 8 * h + e % 128 / 16]) * ((low | high << 4) - 32);
        }
    }
}

// Many blocks of random bytes, with scales that are finite.
static std::vector<uint8_t> random_blocks(const BlockType& type, int64_t blocks, Random& random) {
    std::vector<uint8_t> bytes(size_t(blocks * type.bytes));
    for (uint8_t& byte : bytes) byte = uint8_t(random.next());
    for (int64_t b = 0; b < blocks; ++b) {
        uint8_t* block = &bytes[size_t(b * type.bytes)];
        for (const int at : {type.dtype == MT_Q6_K ? 209 : 1, 3}) {
            if (at == 3 &&
                (type.dtype == MT_Q4_0 || type.dtype == MT_Q5_0 || type.dtype == MT_Q8_0 || type.dtype == MT_Q6_K))
                continue;
            if ((block[at] & 0x7c) == 0x7c) block[at] &= 0xbf;
        }
    }
    return bytes;
}

static Values decoded(const BlockType& type, const std::vector<uint8_t>& bytes) {
    Values values;
    for (size_t at = 0; at < bytes.size(); at += size_t(type.bytes)) {
        for (int e = 0; e < type.elements; ++e) values.push_back(float(element_of(type, &bytes[at], e)));
    }
    return values;
}

CLAIM("random blocks decode exactly as their definition says, to F32, BF16 and F16") {
    const Device device;
    Random random(9);
    for (const BlockType& type : kBlocks) {
        const int64_t blocks = 33000 / type.elements;
        const std::vector<uint8_t> bytes = random_blocks(type, blocks, random);
        const Values expected = decoded(type, bytes);
        const Shape shape = {blocks, type.elements};
        for (const mt_dtype dtype : {MT_F32, MT_BF16, MT_F16}) {
            Tensor in = Tensor::of_bytes(device, shape, type.dtype, bytes, 1), out(device, shape, dtype);
            OK(device, mt_cast(device, in, out));
            expect_equal(out.values(), rounded(expected, dtype),
                         std::string(type.name) + " to " + std::to_string(dtype));
        }
    }
}

CLAIM("gather decodes the rows of a table of blocks that it takes") {
    const Device device;
    Random random(10);
    for (const BlockType& type : kBlocks) {
        const int64_t width = 2 * type.elements;
        const std::vector<uint8_t> bytes = random_blocks(type, 2 * 9, random);
        const Values all = decoded(type, bytes);
        Tensor table = Tensor::of_bytes(device, {9, width}, type.dtype, bytes, 1);
        Tensor indices(device, {4}, {8, 0, 3, 8}, MT_I32), out(device, {4, width});
        OK(device, mt_gather(device, table, indices, out));
        Values expected;
        for (const int64_t row : {8, 0, 3, 8}) {
            expected.insert(expected.end(), all.begin() + row * width, all.begin() + (row + 1) * width);
        }
        expect_equal(out.values(), expected, type.name);
        Tensor wrong(device, {4, width}, MT_BF16);
        EXPECT(mt_gather(device, table, indices, wrong) == MT_INVALID_ARGUMENT);
    }
}

CLAIM("a matrix product with packed blocks equals the product with the decoded weight, to the bit") {
    const Device device;
    Random random(11);
    for (const BlockType& type : kBlocks) {
        const int64_t n = 67, k = 3 * type.elements * (type.elements == 32 ? 5 : 1);
        Tensor weight =
            Tensor::of_bytes(device, {n, k}, type.dtype, random_blocks(type, n * k / type.elements, random), 1);
        Tensor plain(device, {n, k});
        OK(device, mt_cast(device, weight, plain));
        for (const mt_dtype dtype : {MT_F32, MT_BF16}) {
            Tensor from_blocks = Tensor::packed(device, weight, dtype),
                   from_plain = Tensor::packed(device, plain, dtype);
            EXPECT_WITH(from_blocks.bytes() == from_plain.bytes(), type.name);
        }
    }
}

CLAIM("block types are never written and their rows cannot be cut") {
    const Device device;
    Tensor blocks = Tensor::of_bytes(device, {2, 32}, MT_Q4_0, std::vector<uint8_t>(36)), floats(device, {2, 32});
    EXPECT(mt_cast(device, floats, blocks) == MT_INVALID_ARGUMENT);
    EXPECT_WITH(device.error() == "mt_cast: out has type Q4_0; allowed: F32, BF16, F16, I32", device.error());
    blocks.reshape({4, 16});
    floats.reshape({4, 16});
    EXPECT(mt_cast(device, blocks, floats) == MT_INVALID_ARGUMENT);
    EXPECT_WITH(device.error().find("must be multiples of the block, 32") != std::string::npos, device.error());
}
