// mt_copy, mt_gather, mt_fill.
#include <algorithm>
#include <cstring>

#include "device.h"

static bool contains(const std::string& text, const char* part) { return text.find(part) != std::string::npos; }

// The offset of each element of a strided view, in row-major order.
static std::vector<int64_t> offsets_of(const mt_tensor& view) {
    std::vector<int64_t> offsets = {view.offset};
    for (int axis = 0; axis < view.rank; ++axis) {
        std::vector<int64_t> next;
        for (const int64_t offset : offsets) {
            for (int64_t i = 0; i < view.extent[axis]; ++i) next.push_back(offset + i * view.stride[axis]);
        }
        offsets = next;
    }
    return offsets;
}

static void expect_copies(const Device& device, Tensor& in, Tensor& out, const std::string& what) {
    const Values before = in.values();
    Values expected = out.values();
    OK(device, mt_copy(device, in, out));
    const std::vector<int64_t> from = offsets_of(in.view), to = offsets_of(out.view);
    for (size_t i = 0; i < from.size(); ++i) expected[size_t(to[i])] = before[size_t(from[i])];
    expect_equal(out.values(), expected, what);
}

CLAIM("any permutation of the axes of up to four is copied right, in every element size") {
    const Device device;
    Random random(1);
    const Shape shape = {3, 33, 2, 37};
    for (const mt_dtype dtype : {MT_F32, MT_BF16, MT_F64, MT_I32}) {
        const Values values = dtype == MT_I32 ? [&] {
            Values whole = random.values(shape, 1e6);
            for (double& value : whole) value = std::trunc(value);
            return whole;
        }()
                                              : random.values(shape);
        std::vector<int> axes = {0, 1, 2, 3};
        do {
            Tensor in(device, shape, values, dtype), out(device, shape, dtype);
            Shape permuted;
            for (const int axis : axes) permuted.push_back(shape[size_t(axis)]);
            const mt_tensor original = in.view;
            out.reshape(permuted);
            for (size_t i = 0; i < 4; ++i) {
                in.view.extent[i] = original.extent[axes[i]];
                in.view.stride[i] = original.stride[axes[i]];
            }
            expect_copies(device, in, out, "permutation to " + text(permuted));
        } while (std::next_permutation(axes.begin(), axes.end()));
    }
}

CLAIM("awkward matrices transpose right, on either side") {
    const Device device;
    Random random(2);
    for (const int64_t rows : kAwkward) {
        for (const int64_t columns : {int64_t(1), int64_t(2), int64_t(33), int64_t(257)}) {
            Tensor in(device, {rows, columns}, random.values({rows, columns})), out(device, {columns, rows});
            std::swap(in.view.extent[0], in.view.extent[1]);
            std::swap(in.view.stride[0], in.view.stride[1]);
            expect_copies(device, in, out, "read transposed " + text({rows, columns}));
            Tensor straight(device, {rows, columns}, random.values({rows, columns})),
                scattered(device, {columns, rows});
            std::swap(scattered.view.extent[0], scattered.view.extent[1]);
            std::swap(scattered.view.stride[0], scattered.view.stride[1]);
            expect_copies(device, straight, scattered, "written transposed " + text({rows, columns}));
        }
    }
}

CLAIM("slices, reversals, broadcasts and parts of a larger result are copies with strides") {
    const Device device;
    Random random(3);
    Tensor source(device, {5, 40, 7}, random.values({5, 40, 7}));
    Tensor slice(device, {5, 13, 7});
    source.view.extent[1] = 13;
    source.view.offset = 9 * 7;
    expect_copies(device, source, slice, "slice");

    Tensor line(device, {1000}, random.values({1000})), reversed(device, {1000});
    line.view.stride[0] = -1;
    line.view.offset = 999;
    expect_copies(device, line, reversed, "reversal");

    Tensor row(device, {257}, random.values({257})), broadcast(device, {33, 257, 3});
    row.view.rank = 3;
    const int64_t extents[] = {33, 257, 3}, strides[] = {0, 1, 0};
    std::copy_n(extents, 3, row.view.extent);
    std::copy_n(strides, 3, row.view.stride);
    expect_copies(device, row, broadcast, "broadcast");

    Tensor part(device, {6, 10}, random.values({6, 10})), whole(device, {6, 31});
    whole.view.extent[1] = 10;
    whole.view.offset = 20;
    expect_copies(device, part, whole, "concatenation along the last axis");
}

CLAIM("a scalar and an empty tensor are copied") {
    const Device device;
    Tensor in(device, {1}, Values{2.5}), out(device, {1});
    in.view.rank = out.view.rank = 0;
    expect_copies(device, in, out, "scalar");
    Tensor none(device, {0, 5}), nothing(device, {0, 5});
    OK(device, mt_copy(device, none, nothing));
}

CLAIM("blocks are copied whole") {
    const Device device;
    Random random(4);
    std::vector<uint8_t> bytes(6 * 2 * 18);
    for (uint8_t& byte : bytes) byte = uint8_t(random.next());
    Tensor in = Tensor::of_bytes(device, {6, 64}, MT_Q4_0, bytes);
    Tensor out = Tensor::of_bytes(device, {3, 64}, MT_Q4_0, std::vector<uint8_t>(3 * 2 * 18));
    in.view.extent[0] = 3;
    in.view.stride[0] = 128;
    OK(device, mt_copy(device, in, out));
    const std::vector<uint8_t> result = out.bytes();
    for (size_t r = 0; r < 3; ++r) EXPECT(memcmp(&result[r * 36], &bytes[r * 72], 36) == 0);
    in.view.offset = 5;
    EXPECT(mt_copy(device, in, out) == MT_INVALID_ARGUMENT);
}

CLAIM("a copy refuses overlap, another type and another shape") {
    const Device device;
    Tensor in(device, {8, 8}, Values(64, 1.0)), out(device, {8, 8}), narrow(device, {8, 8}, MT_BF16),
        small(device, {8, 7});
    mt_tensor shifted = out.view;
    EXPECT(mt_copy(device, out, &shifted) == MT_INVALID_ARGUMENT);
    EXPECT_WITH(contains(device.error(), "out and in share memory"), device.error());
    shifted.stride[0] = 0;
    EXPECT(mt_copy(device, in, &shifted) == MT_INVALID_ARGUMENT);
    EXPECT_WITH(contains(device.error(), "the elements of out [8, 8] overlap each other"), device.error());
    EXPECT(mt_copy(device, in, narrow) == MT_INVALID_ARGUMENT);
    EXPECT_WITH(contains(device.error(), "in is F32 and out is BF16; need one type"), device.error());
    EXPECT(mt_copy(device, in, small) == MT_INVALID_ARGUMENT);
    EXPECT_WITH(contains(device.error(), "in [8, 8] and out [8, 7] must have one shape"), device.error());
}

CLAIM("gather takes the rows it is asked for, in every plain type, also unaligned") {
    const Device device;
    Random random(5);
    for (const mt_dtype dtype : {MT_F32, MT_F16, MT_BF16}) {
        for (const int64_t width : {int64_t(1), int64_t(33), int64_t(576)}) {
            const Values values = rounded(random.values({50, width}), dtype);
            Tensor table(device, {50, width}, values, dtype, 1);
            Values indices;
            for (int i = 0; i < 34; ++i) indices.push_back(double(random.below(50)));
            indices[0] = 0;
            indices[1] = 49;
            Tensor rows(device, {2, 17}, indices, MT_I32, 3), out(device, {2, 17, width}, dtype);
            OK(device, mt_gather(device, table, rows, out));
            Values expected;
            for (const double index : indices) {
                const auto start = values.begin() + int64_t(index) * width;
                expected.insert(expected.end(), start, start + width);
            }
            expect_equal(out.values(), expected, "width " + std::to_string(width));
        }
    }
}

CLAIM("gather refuses an index outside the table and then has written nothing") {
    const Device device;
    Tensor table(device, {10, 4}, Values(40, 1.0)), out(device, {3, 4});
    for (const double wrong : {10.0, -1.0, 2147483647.0}) {
        Tensor indices(device, {3}, {0, 1, wrong}, MT_I32);
        EXPECT(mt_gather(device, table, indices, out) == MT_INVALID_ARGUMENT);
        EXPECT_WITH(contains(device.error(), "at place 2 is outside the table's rows 0..9"), device.error());
    }
    for (const uint8_t byte : out.bytes()) EXPECT(byte == 0xa5);
    Tensor indices(device, {3}, {0, 1, 2}, MT_I32), wrong(device, {4, 3});
    EXPECT(mt_gather(device, table, indices, wrong) == MT_INVALID_ARGUMENT);
    EXPECT_WITH(contains(device.error(), "give the indices' shape followed by 4; out is [4, 3]"), device.error());
}

CLAIM("fill writes one value of each type and refuses a fraction for an integer") {
    const Device device;
    for (const mt_dtype dtype : {MT_F32, MT_BF16, MT_F16, MT_I32}) {
        for (const int64_t size : kAwkward) {
            for (const double value : {0.0, -3.0, 1.0}) {
                Tensor out(device, {size}, dtype);
                OK(device, mt_fill(device, value, out));
                expect_equal(out.values(), Values(size_t(size), value), "fill");
            }
        }
    }
    Tensor half(device, {5}, MT_F16), narrow(device, {5}, MT_BF16), whole(device, {5}, MT_I32);
    OK(device, mt_fill(device, 0.1, half));
    expect_equal(half.values(), Values(5, rounded(0.1, MT_F16)), "F16 0.1");
    // Just above the middle of two BF16 numbers, but on the middle once rounded to F32: two roundings would go wrong.
    OK(device, mt_fill(device, 1 + 0x1p-8 + 0x1p-40, narrow));
    expect_equal(narrow.values(), Values(5, 1 + 0x1p-7), "BF16 without double rounding");
    OK(device, mt_fill(device, -INFINITY, narrow));
    expect_equal(narrow.values(), Values(5, -INFINITY), "BF16 -infinity");
    OK(device, mt_fill(device, NAN, half));
    expect_equal(half.values(), Values(5, NAN), "F16 NaN");
    OK(device, mt_fill(device, -2147483648.0, whole));
    expect_equal(whole.values(), Values(5, -2147483648.0), "least integer");
    for (const double wrong : {0.5, 2147483648.0, double(NAN), double(INFINITY)}) {
        EXPECT(mt_fill(device, wrong, whole) == MT_INVALID_ARGUMENT);
        EXPECT_WITH(contains(device.error(), "is not a 32-bit integer"), device.error());
    }
}
