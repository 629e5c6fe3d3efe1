// mt_matmul and mt_pack.
#include <algorithm>

#include "device.h"

static bool contains(const std::string& text, const char* part) { return text.find(part) != std::string::npos; }

enum Form { kPlain, kTransposed, kPackedF32, kPackedBf16 };
enum Addend { kNone, kRow, kFull };

struct Case {
    int64_t m, n, k;
    mt_dtype left = MT_F32;
    Form form = kPackedF32;
    mt_dtype out = MT_F32;
    Addend addend = kNone;
    int wrapped_at = -1;
};

static std::string name(const Case& c) {
    static const char* const forms[] = {"plain", "transposed", "packed F32", "packed BF16"};
    return text({c.m, c.n, c.k}) + (c.left == MT_BF16 ? " BF16 x " : " F32 x ") + forms[c.form] +
           (c.out == MT_BF16 ? " to BF16" : "") +
           (c.addend == kNone  ? ""
            : c.addend == kRow ? " + row"
                               : " + matrix") +
           (c.wrapped_at >= 0 ? " unaligned" : "");
}

// left [m, k] x weight [n, k], both as they are stored.
static void expect_product(const Device& device, const Case& c, Random& random) {
    const mt_dtype right_type = c.form == kPackedBf16 || (c.form != kPackedF32 && c.left == MT_BF16) ? MT_BF16 : MT_F32;
    const Values left = rounded(random.values({c.m, c.k}), c.left),
                 weight = rounded(random.values({c.n, c.k}), right_type);
    const Values add = rounded(random.values({c.addend == kFull ? c.m : 1, c.n}, 3), c.out);
    Values expected, tolerance;
    for (int64_t i = 0; i < c.m; ++i) {
        for (int64_t j = 0; j < c.n; ++j) {
            const double first = c.addend == kNone ? 0 : add[size_t(c.addend == kFull ? i * c.n + j : j)];
            double sum = first, size = std::fabs(first);
            for (int64_t d = 0; d < c.k; ++d) {
                const double term = left[size_t(i * c.k + d)] * weight[size_t(j * c.k + d)];
                sum += term;
                size += std::fabs(term);
            }
            expected.push_back(sum);
            tolerance.push_back(sum_tolerance(c.k + 1, size, sum, c.out));
        }
    }
    Tensor a(device, {c.m, c.k}, left, c.left, c.wrapped_at), w(device, {c.n, c.k}, weight, right_type, c.wrapped_at);
    Tensor addend(device, c.addend == kFull ? Shape{c.m, c.n} : Shape{c.n}, add, c.out, c.wrapped_at);
    Tensor out(device, {c.m, c.n}, c.out);
    const mt_tensor* added = c.addend == kNone ? nullptr : &addend.view;
    if (c.form == kPlain) {
        Values turned;
        for (int64_t d = 0; d < c.k; ++d) {
            for (int64_t j = 0; j < c.n; ++j) turned.push_back(weight[size_t(j * c.k + d)]);
        }
        Tensor b(device, {c.k, c.n}, turned, right_type, c.wrapped_at);
        OK(device, mt_matmul(device, 0, a, b, added, out));
    } else if (c.form == kTransposed) {
        OK(device, mt_matmul(device, 1, a, w, added, out));
    } else {
        Tensor packed = Tensor::packed(device, w, c.form == kPackedF32 ? MT_F32 : MT_BF16);
        OK(device, mt_matmul(device, 1, a, packed, added, out));
    }
    expect_close(out.values(), expected, tolerance, name(c));
}

CLAIM("every type and form is right around the depths where the library sums wrongly (511 to 2048)") {
    const Device device;
    Random random(40);
    for (const int64_t k : {511, 512, 513, 576, 1023, 1024, 1025, 1536, 2048, 2049}) {
        for (const int64_t m : {1, 2, 5, 33, 66}) {
            for (const Form form : {kPlain, kTransposed, kPackedF32, kPackedBf16}) {
                expect_product(device, {m, 70, k, MT_F32, form}, random);
                if (form != kPackedF32) expect_product(device, {m, 70, k, MT_BF16, form}, random);
            }
        }
    }
}

CLAIM("awkward sizes are right in every form") {
    const Device device;
    Random random(41);
    for (const int64_t m : {1, 2, 3, 4, 5, 31, 65, 127}) {
        for (const int64_t n : {1, 2, 31, 33, 64, 65, 129}) {
            for (const int64_t k : {1, 2, 3, 15, 17, 33, 100}) {
                for (const Form form : {kPlain, kTransposed, kPackedF32, kPackedBf16}) {
                    expect_product(device, {m, n, k, MT_F32, form}, random);
                    if (form != kPackedF32) expect_product(device, {m, n, k, MT_BF16, form}, random);
                }
            }
        }
    }
}

CLAIM("results and addends of both types, bias rows and whole matrices, at any address") {
    const Device device;
    Random random(42);
    for (const int64_t m : {1, 3, 7, 130}) {
        for (const mt_dtype left : {MT_F32, MT_BF16}) {
            for (const Form form : {kPlain, kTransposed, kPackedF32, kPackedBf16}) {
                if (left == MT_BF16 && form == kPackedF32) continue;
                for (const mt_dtype out : {MT_F32, MT_BF16}) {
                    for (const Addend addend : {kNone, kRow, kFull}) {
                        for (const int wrapped_at : {-1, 1})
                            expect_product(device, {m, 97, 130, left, form, out, addend, wrapped_at}, random);
                    }
                }
            }
        }
    }
}

CLAIM("the shapes of a real model are right") {
    const Device device;
    Random random(43);
    for (const auto& [n, k] :
         std::vector<std::pair<int64_t, int64_t>>{{576, 576}, {192, 576}, {1536, 576}, {576, 1536}}) {
        for (const int64_t m : {1, 8}) {
            expect_product(device, {m, n, k, MT_F32, kPackedF32, MT_F32, kFull}, random);
            expect_product(device, {m, n, k, MT_F32, kPackedBf16, MT_F32, kFull}, random);
            expect_product(device, {m, n, k, MT_BF16, kPackedBf16, MT_F32, kFull}, random);
        }
    }
    expect_product(device, {3, 5000, 64, MT_F32, kPackedBf16, MT_F32, kRow}, random);
    expect_product(device, {40, 3000, 576, MT_F32, kPackedBf16, MT_F32, kFull}, random);
}

// left [b0, b1, m, k] x right [b0, b1, k, n], each with strides of its own.
struct Batch {
    const char* what;
    Shape left_stride, right_stride;
    int transposed = 0;
};

CLAIM("batches take any strides: permuted axes, shared matrices, rows of wider matrices, repeated rows") {
    const Device device;
    Random random(44);
    const int64_t b0 = 2, b1 = 3, m = 5, n = 7, k = 9, room = 6000;
    const Batch batches[] = {
        {"contiguous", {b1 * m * k, m * k, k, 1}, {b1 * k * n, k * n, n, 1}},
        {"transposed", {b1 * m * k, m * k, k, 1}, {b1 * k * n, k * n, k, 1}, 1},
        {"heads inside rows", {m * b1 * k, k, b1 * k, 1}, {n * b1 * k, k, b1 * k, 1}, 1},
        {"values inside rows", {b1 * m * k, m * k, k, 1}, {k * b1 * n, n, b1 * n, 1}},
        {"one right for all", {b1 * m * k, m * k, k, 1}, {0, 0, n, 1}},
        {"one right per b0", {b1 * m * k, m * k, k, 1}, {k * n, 0, n, 1}},
        {"one right per b1", {b1 * m * k, m * k, k, 1}, {0, k * n, n, 1}},
        {"one left for all", {0, 0, k, 1}, {b1 * k * n, k * n, n, 1}},
        {"one left per b1", {0, m * k, k, 1}, {b1 * k * n, k * n, k, 1}, 1},
        {"the same row again", {b1 * k, k, 0, 1}, {b1 * k * n, k * n, n, 1}},
        {"overlapping rows", {100, 30, 2, 1}, {100, 30, 3, 1}},
        {"one right row again", {b1 * m * k, m * k, k, 1}, {b1 * n, n, 0, 1}},
        {"gaps", {1000, 200, 20, 1}, {900, 300, 21, 1}},
        {"batch axes swapped", {m * k, b0 * m * k, k, 1}, {k * n, b0 * k * n, n, 1}},
    };
    for (const mt_dtype dtype : {MT_F32, MT_BF16}) {
        const Values left = rounded(random.values({room}), dtype), right = rounded(random.values({room}), dtype);
        for (const Batch& batch : batches) {
            Tensor a(device, {room}, left, dtype), b(device, {room}, right, dtype), out(device, {b0, b1, m, n});
            a.reshape({b0, b1, m, k});
            b.reshape(batch.transposed ? Shape{b0, b1, n, k} : Shape{b0, b1, k, n});
            std::copy(batch.left_stride.begin(), batch.left_stride.end(), a.view.stride);
            std::copy(batch.right_stride.begin(), batch.right_stride.end(), b.view.stride);
            OK(device, mt_matmul(device, batch.transposed, a, b, nullptr, out));
            Values expected, tolerance;
            for (int64_t row = 0; row < b0 * b1 * m; ++row) {
                const int64_t i0 = row / m / b1, i1 = row / m % b1, i = row % m;
                for (int64_t j = 0; j < n; ++j) {
                    double sum = 0, size = 0;
                    for (int64_t d = 0; d < k; ++d) {
                        const int64_t x = i0 * a.view.stride[0] + i1 * a.view.stride[1] + i * a.view.stride[2] + d;
                        const int64_t y = i0 * b.view.stride[0] + i1 * b.view.stride[1] +
                                          (batch.transposed ? j * b.view.stride[2] + d : d * b.view.stride[2] + j);
                        sum += left[size_t(x)] * right[size_t(y)];
                        size += std::fabs(left[size_t(x)] * right[size_t(y)]);
                    }
                    expected.push_back(sum);
                    tolerance.push_back(sum_tolerance(k, size, sum));
                }
            }
            expect_close(out.values(), expected, tolerance, batch.what);
        }
    }
}

CLAIM("a packed weight serves every leading index, also of a left operand with gaps") {
    const Device device;
    Random random(45);
    const int64_t n = 70, k = 40;
    for (const mt_dtype left_type : {MT_F32, MT_BF16}) {
        for (const mt_dtype packed_type : {MT_F32, MT_BF16}) {
            if (left_type == MT_BF16 && packed_type == MT_F32) continue;
            const Values weight = rounded(random.values({n, k}), packed_type),
                         left = rounded(random.values({2, 3, 4, 2 * k}), left_type);
            const Values add = random.values({2, 3, 4, n});
            Tensor w(device, {n, k}, weight), a(device, {2, 3, 4, 2 * k}, left, left_type), out(device, {2, 3, 4, n}),
                addend(device, {2, 3, 4, n}, add);
            Tensor packed = Tensor::packed(device, w, packed_type);
            a.view.extent[3] = k;
            for (const bool permuted : {false, true}) {
                if (permuted) std::swap(a.view.stride[1], a.view.stride[2]), a.view.extent[1] = 3, a.view.extent[2] = 4;
                if (permuted) a.view.stride[1] = 2 * k, a.view.stride[2] = 3 * 2 * k;
                OK(device, mt_matmul(device, 1, a, packed, addend, out));
                Values expected, tolerance;
                for (int64_t row = 0; row < 24; ++row) {
                    const int64_t start =
                        row / 12 * a.view.stride[0] + row / 4 % 3 * a.view.stride[1] + row % 4 * a.view.stride[2];
                    for (int64_t j = 0; j < n; ++j) {
                        double sum = add[size_t(row * n + j)], size = std::fabs(sum);
                        for (int64_t d = 0; d < k; ++d) {
                            sum += left[size_t(start + d)] * weight[size_t(j * k + d)];
                            size += std::fabs(left[size_t(start + d)] * weight[size_t(j * k + d)]);
                        }
                        expected.push_back(sum);
                        tolerance.push_back(sum_tolerance(k + 1, size, sum));
                    }
                }
                expect_close(out.values(), expected, tolerance, permuted ? "permuted" : "gaps");
            }
        }
    }
}

CLAIM("many rows in batches that cannot be joined are right with a packed weight") {
    const Device device;
    Random random(49);
    const int64_t n = 70, k = 40, m = 70, room = 90;
    for (const auto& [type, packed_type] :
         std::vector<std::pair<mt_dtype, mt_dtype>>{{MT_F32, MT_F32}, {MT_F32, MT_BF16}, {MT_BF16, MT_BF16}}) {
        const Values weight = rounded(random.values({n, k}), packed_type);
        const Values left = rounded(random.values({2, room, k}), type), add = random.values({2, m, n});
        Tensor w(device, {n, k}, weight), a(device, {2, room, k}, left, type), addend(device, {2, m, n}, add);
        Tensor packed = Tensor::packed(device, w, packed_type), out(device, {2, m, n});
        a.view.extent[1] = m;
        OK(device, mt_matmul(device, 1, a, packed, addend, out));
        Values expected = add, tolerance;
        for (int64_t row = 0; row < 2 * m; ++row) {
            for (int64_t j = 0; j < n; ++j) {
                double& sum = expected[size_t(row * n + j)];
                double size = std::fabs(sum);
                for (int64_t d = 0; d < k; ++d) {
                    const double term = left[size_t((row / m * room + row % m) * k + d)] * weight[size_t(j * k + d)];
                    sum += term;
                    size += std::fabs(term);
                }
                tolerance.push_back(sum_tolerance(k + 1, size, sum));
            }
        }
        expect_close(out.values(), expected, tolerance, "batches with gaps");
    }
}

CLAIM("a depth of 0 gives the addend or 0, and empty results are left alone") {
    const Device device;
    Tensor left(device, {2, 3, 0}), right(device, {0, 5}), out(device, {2, 3, 5}), row(device, {5}, {1, 2, 3, 4, 5});
    OK(device, mt_matmul(device, 0, left, right, nullptr, out));
    expect_equal(out.values(), Values(30, 0.0), "zeros");
    OK(device, mt_matmul(device, 0, left, right, row, out));
    Values rows;
    for (int i = 0; i < 6; ++i) rows.insert(rows.end(), {1, 2, 3, 4, 5});
    expect_equal(out.values(), rows, "rows");
    Tensor weight(device, {5, 0});
    Tensor packed = Tensor::packed(device, weight, MT_BF16);
    OK(device, mt_matmul(device, 1, left, packed, row, out));
    expect_equal(out.values(), rows, "packed");
    Tensor nothing(device, {0, 4}), matrix(device, {4, 5}, Values(20, 1.0)), none(device, {0, 5});
    OK(device, mt_matmul(device, 0, nothing, matrix, nullptr, none));
}

CLAIM("infinities and NaN in one row do not reach another") {
    const Device device;
    Random random(46);
    for (const Form form : {kTransposed, kPackedF32, kPackedBf16}) {
        Values left = random.values({40, 33});
        left[5 * 33 + 2] = NAN;
        left[7 * 33 + 1] = INFINITY;
        Tensor a(device, {40, 33}, left), w(device, {70, 33}, Values(70 * 33, 0.5)), out(device, {40, 70});
        Tensor packed = Tensor::packed(device, w, form == kPackedBf16 ? MT_BF16 : MT_F32);
        OK(device, mt_matmul(device, 1, a, form == kTransposed ? w : packed, nullptr, out));
        const Values result = out.values();
        for (int64_t i = 0; i < 40 * 70; ++i) {
            const double value = result[size_t(i)];
            EXPECT(i / 70 == 5 ? std::isnan(value) : i / 70 == 7 ? value == INFINITY : std::isfinite(value));
        }
    }
}

CLAIM("packing reads F32, BF16 and F16, aligned or not, and rounds once") {
    const Device device;
    Random random(47);
    const int64_t n = 131, k = 2100;
    const Values weight = random.values({n, k});
    for (const mt_dtype from : {MT_F32, MT_BF16, MT_F16}) {
        const Values stored = rounded(weight, from);
        for (const mt_dtype to : {MT_F32, MT_BF16}) {
            Tensor aligned(device, {n, k}, stored, from), unaligned(device, {n, k}, stored, from, 1),
                plain(device, {n, k}, stored);
            Tensor first = Tensor::packed(device, aligned, to), second = Tensor::packed(device, unaligned, to),
                   third = Tensor::packed(device, plain, to);
            EXPECT(first.bytes() == second.bytes() && first.bytes() == third.bytes());
        }
    }
}

CLAIM("a packed weight may lie in wrapped memory, at any address") {
    const Device device;
    Random random(48);
    const int64_t n = 70, k = 77;
    Tensor weight(device, {n, k}, random.values({n, k}));
    for (const mt_dtype dtype : {MT_F32, MT_BF16}) {
        Tensor packed = Tensor::packed(device, weight, dtype);
        Tensor wrapped = Tensor::of_bytes(device, {n, k}, dtype, packed.bytes(), 1);
        wrapped.view.layout = MT_PACKED;
        for (const int64_t m : {1, 7, 50, 90}) {
            Tensor left(device, {m, k}, random.values({m, k})), first(device, {m, n}), second(device, {m, n});
            OK(device, mt_matmul(device, 1, left, packed, nullptr, first));
            OK(device, mt_matmul(device, 1, left, wrapped, nullptr, second));
            expect_equal(second.values(), first.values(), "wrapped");
        }
        Tensor first(device, {k, n}, dtype), second(device, {k, n}, dtype);
        OK(device, mt_unpack_transposed(device, packed, first));
        OK(device, mt_unpack_transposed(device, wrapped, second));
        expect_equal(second.values(), first.values(), "wrapped, unpacked");
    }
}

CLAIM("a product says what does not fit") {
    const Device device;
    Tensor left(device, {4, 6}), right(device, {6, 5}), out(device, {4, 5}), bf16(device, {6, 5}, MT_BF16),
        weight(device, {5, 6}, Values(30, 1.0));
    Tensor packed = Tensor::packed(device, weight, MT_F32), addend(device, {4}), half(device, {4, 6}, MT_F16);
    const auto refused = [&](mt_status status, const char* part) {
        EXPECT(status == MT_INVALID_ARGUMENT);
        EXPECT_WITH(contains(device.error(), part), device.error());
    };
    refused(mt_matmul(device, 1, left, right, nullptr, out),
            "left [4, 6] x right [6, 5] (transposed) does not give out [4, 5]");
    refused(mt_matmul(device, 0, left, bf16, nullptr, out),
            "left is F32 and right is BF16; allowed: one type, or F32 x BF16 [n, k]");
    refused(mt_matmul(device, 0, left, packed, nullptr, out),
            "a packed right operand is [n, k]; pass transpose_right = 1");
    refused(mt_matmul(device, 1, packed, packed, nullptr, out), "left is packed");
    refused(mt_matmul(device, 0, left, right, addend, out), "addend [4] must be [5] or [4, 5]");
    refused(mt_matmul(device, 0, half, right, nullptr, out), "left has type F16; allowed: F32, BF16");
    refused(mt_matmul(device, 0, left, right, out, out), "out and addend share memory");
    mt_tensor narrow = left.view;
    narrow.extent[1] = 3;
    narrow.stride[1] = 2;
    mt_tensor three = right.view;
    three.extent[0] = 3;
    refused(mt_matmul(device, 0, &narrow, &three, nullptr, out), "contiguous last axis");
    int64_t bytes = 0;
    refused(mt_packed_bytes(device, MT_F16, 4, 4, &bytes), "packed weights are F32 or BF16, not F16");
    refused(mt_packed_bytes(device, MT_F32, INT64_MAX, 4, &bytes), "cannot be packed");
    refused(mt_packed_bytes(device, MT_F32, -1, 4, &bytes), "cannot be packed");
}
