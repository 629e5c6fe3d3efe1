// Results do not depend on the number of threads, to the last bit: every function of the header that computes, with two
// sizes, one below and one above the work that is worth a second thread. A test of the Java side holds that no such
// function is missing here.
#include "same_bits.h"

static void copy(Bench& bench) {
    const Device& device = bench.device();
    Tensor in = bench.values({bench.rows(), 33, 17}), out = bench.result({17, bench.rows(), 33});
    mt_tensor turned = in.view;
    const int axes[] = {2, 0, 1};
    for (int i = 0; i < 3; ++i) {
        turned.extent[i] = in.view.extent[axes[i]];
        turned.stride[i] = in.view.stride[axes[i]];
    }
    OK(device, mt_copy(device, &turned, out));
    bench.keep(out);
}

static void cast(Bench& bench) {
    const Device& device = bench.device();
    const Shape shape = {bench.rows(), 512};
    for (const mt_dtype from : {MT_F32, MT_BF16, MT_F16, MT_F64, MT_I32}) {
        const Tensor in = bench.values(shape, from);
        for (const mt_dtype to : {MT_F32, MT_BF16, MT_F16}) {
            Tensor out = bench.result(shape, to);
            OK(device, mt_cast(device, in, out));
            bench.keep(out);
        }
    }
    for (const Stored& stored : kStored) {
        Tensor out = bench.result(shape);
        OK(device, mt_cast(device, bench.blocks(shape, stored.dtype, stored.bytes), out));
        bench.keep(out);
    }
}

static void gather(Bench& bench) {
    const Device& device = bench.device();
    const Tensor rows = bench.indices(bench.rows(), 40);
    Tensor out = bench.result({bench.rows(), 512});
    OK(device, mt_gather(device, bench.values({40, 512}), rows, out));
    bench.keep(out);
    for (const Stored& stored : kStored) {
        OK(device, mt_gather(device, bench.blocks({40, 512}, stored.dtype, stored.bytes), rows, out));
        bench.keep(out);
    }
}

static void fill(Bench& bench) {
    const Device& device = bench.device();
    Tensor out = bench.result({bench.rows(), kWidth}, MT_BF16);
    OK(device, mt_fill(device, 0.1, out));
    bench.keep(out);
}

static void scatter_add(Bench& bench) {
    const Device& device = bench.device();
    Tensor out = bench.result({40, kWidth});
    const Tensor table = bench.values({40, kWidth}), rows = bench.indices(bench.rows(), 40);
    OK(device, mt_scatter_add(device, table, rows, bench.values({bench.rows(), kWidth}), out));
    bench.keep(out);
}

static void where(Bench& bench) {
    const Device& device = bench.device();
    const Shape shape = {bench.rows(), kWidth};
    Tensor condition = bench.indices(bench.rows() * kWidth, 2), out = bench.result(shape);
    condition.reshape(shape);
    OK(device, mt_where(device, condition, bench.values(shape), bench.values(shape), out));
    bench.keep(out);
}

static void unary(Bench& bench) {
    const Device& device = bench.device();
    const Shape shape = {bench.rows(), kWidth};
    for (const mt_dtype dtype : kComputed) {
        const Tensor in = bench.values(shape, dtype);
        for (mt_unary_kind kind = MT_NEGATE; kind <= MT_SIGMOID; ++kind) {
            Tensor out = bench.result(shape, dtype);
            OK(device, mt_unary(device, kind, in, out));
            bench.keep(out);
        }
    }
}

static void binary(Bench& bench) {
    const Device& device = bench.device();
    const Shape shape = {bench.rows(), kWidth};
    for (const mt_dtype dtype : kComputed) {
        const Tensor left = bench.values(shape, dtype), right = bench.values({kWidth}, dtype);
        mt_tensor repeated = left.view;
        repeated.buffer = right.view.buffer;
        repeated.stride[0] = 0;
        for (mt_binary_kind kind = MT_ADD; kind <= MT_LESS; ++kind) {
            Tensor out = bench.result(shape, dtype);
            OK(device, mt_binary(device, kind, left, &repeated, out));
            bench.keep(out);
        }
    }
}

static void gated_activation(Bench& bench) {
    const Device& device = bench.device();
    const Shape shape = {bench.rows(), kWidth};
    for (const mt_dtype dtype : kComputed) {
        const Tensor gate = bench.values(shape, dtype), up = bench.values(shape, dtype);
        for (mt_activation_kind kind = MT_SILU; kind <= MT_GELU_ERF; ++kind) {
            Tensor out = bench.result(shape, dtype);
            OK(device, mt_gated_activation(device, kind, gate, up, out));
            bench.keep(out);
        }
    }
}

static void reduce(Bench& bench) {
    const Device& device = bench.device();
    for (const mt_dtype dtype : {MT_F32, MT_BF16, MT_I32}) {
        const Tensor in = bench.values({bench.rows(), kWidth}, dtype);
        for (mt_reduce_kind kind = MT_SUM; kind <= (dtype == MT_I32 ? MT_MAX : MT_LOGSUMEXP); ++kind) {
            Tensor out = bench.result({bench.rows(), 1}, dtype);
            OK(device, mt_reduce(device, kind, in, out));
            bench.keep(out);
        }
    }
}

static void softmax(Bench& bench) {
    const Device& device = bench.device();
    for (const mt_dtype dtype : kComputed) {
        Tensor out = bench.result({bench.rows(), kWidth}, dtype);
        OK(device, mt_softmax(device, bench.values({bench.rows(), kWidth}, dtype), out));
        bench.keep(out);
    }
}

static void norms(Bench& bench, bool layer) {
    const Device& device = bench.device();
    const Tensor gain = bench.values({kWidth}), bias = bench.values({kWidth});
    for (const mt_dtype dtype : kComputed) {
        const Tensor in = bench.values({bench.rows(), kWidth}, dtype);
        Tensor out = bench.result({bench.rows(), kWidth});
        if (layer) {
            OK(device, mt_layer_norm(device, 1e-5f, in, gain, bias, out));
        } else {
            OK(device, mt_rms_norm(device, 1e-5f, in, gain, out));
        }
        bench.keep(out);
    }
}

static void top_k(Bench& bench) {
    const Device& device = bench.device();
    Tensor out = bench.result({bench.rows(), 9}, MT_I32);
    OK(device, mt_top_k(device, bench.values({bench.rows(), kWidth}), out));
    bench.keep(out);
}

static void rotary(Bench& bench) {
    const Device& device = bench.device();
    const Tensor cosine = bench.values({bench.rows(), 32}), sine = bench.values({bench.rows(), 32});
    for (const mt_dtype dtype : kComputed) {
        Tensor out = bench.result({2, bench.rows(), kWidth}, dtype);
        OK(device, mt_rotary(device, 9, bench.values({2, bench.rows(), kWidth}, dtype), cosine, sine, out));
        bench.keep(out);
    }
}

static void attention(Bench& bench) {
    const Device& device = bench.device();
    const Shape states = {2, bench.rows(), kWidth}, shared = {2, bench.rows(), kWidth / 3};
    for (const mt_dtype dtype : kComputed) {
        const Tensor query = bench.values(states, dtype), key = bench.values(shared, dtype);
        const Tensor value = bench.values(shared, dtype);
        for (const bool causal : {true, false}) {
            Tensor out = bench.result(states, dtype), pattern = bench.result({2, 9, bench.rows(), bench.rows()});
            OK(device, mt_attention(device, 9, 3, 0.125f, causal, query, key, value, nullptr, out));
            bench.keep(out);
            OK(device, mt_attention(device, 9, 3, 0.125f, causal, query, key, value, pattern, out));
            bench.keep(out);
            bench.keep(pattern);
        }
    }
}

static void pack(Bench& bench) {
    const Device& device = bench.device();
    const Tensor weight = bench.values({bench.rows(), kWidth});
    for (const mt_dtype dtype : kComputed) {
        const Tensor packed = Tensor::packed(device, weight, dtype);
        Tensor plain = bench.result({kWidth, bench.rows()}, dtype);
        OK(device, mt_unpack_transposed(device, packed, plain));
        bench.keep(packed);
        bench.keep(plain);
    }
}

// There the matrix library shares out the terms of one row's sums; see the last claim.
static bool is_oldest_lane() { return std::string(mt_active_isa()) == "x86-64-v2"; }

// One row, a few, and many; weights as they are, transposed, packed; a batch.
static void matmul(Bench& bench) {
    const Device& device = bench.device();
    const Tensor plain = bench.values({kWidth, 192}), weight = bench.values({192, kWidth});
    for (const int64_t m : {int64_t(1), int64_t(8), bench.rows()}) {
        for (const mt_dtype dtype : kComputed) {
            const Tensor left = bench.values({m, kWidth}, dtype);
            Tensor right = bench.values({kWidth, 192}, dtype), out = bench.result({m, 192});
            OK(device, mt_matmul(device, 0, left, right, nullptr, out));
            if (m > 1 || !is_oldest_lane()) bench.keep(out);
            right.reshape({192, kWidth});
            OK(device, mt_matmul(device, 1, left, right, nullptr, out));
            bench.keep(out);
            OK(device, mt_matmul(device, 1, left, Tensor::packed(device, weight, dtype), nullptr, out));
            bench.keep(out);
        }
        Tensor out = bench.result({m, 192});
        OK(device,
           mt_matmul(device, 1, bench.values({m, kWidth}), Tensor::packed(device, weight, MT_BF16), nullptr, out));
        bench.keep(out);
    }
    const int64_t m = bench.rows();
    Tensor out = bench.result({3, m, 33}), right = bench.values({3, 65, 33});
    OK(device, mt_matmul(device, 0, bench.values({3, m, 65}), right, nullptr, out));
    bench.keep(out);
}

// Weights as they are stored.
static void stored_matmul(Bench& bench) {
    const Device& device = bench.device();
    for (const int64_t m : {int64_t(1), bench.rows()}) {
        const Tensor left = bench.values({m, 512});
        Tensor out = bench.result({m, 192});
        for (const Stored& stored : kStored) {
            OK(device, mt_matmul(device, 1, left, bench.blocks({192, 512}, stored.dtype, stored.bytes), nullptr, out));
            bench.keep(out);
        }
        for (const mt_dtype dtype : {MT_F16, MT_BF16}) {
            OK(device, mt_matmul(device, 1, left, bench.values({192, 512}, dtype), nullptr, out));
            bench.keep(out);
        }
    }
}

// Long sums of few results, where a library could share out the terms.
static void deep_matmul(Bench& bench) {
    const Device& device = bench.device();
    const int64_t depth = 8192;
    for (const int64_t size : {int64_t(2), int64_t(33)}) {
        for (const mt_dtype dtype : kComputed) {
            const Tensor left = bench.values({size, depth}, dtype), weight = bench.values({size, depth}, dtype);
            Tensor right = bench.values({depth, size}, dtype), out = bench.result({size, size});
            OK(device, mt_matmul(device, 0, left, right, nullptr, out));
            bench.keep(out);
            OK(device, mt_matmul(device, 1, left, weight, nullptr, out));
            bench.keep(out);
            OK(device, mt_matmul(device, 1, left, Tensor::packed(device, weight, dtype), nullptr, out));
            bench.keep(out);
        }
    }
}

static const std::vector<Work> kWorks = {
    {"mt_copy", copy},
    {"mt_cast", cast},
    {"mt_gather", gather},
    {"mt_fill", fill},
    {"mt_scatter_add", scatter_add},
    {"mt_where", where},
    {"mt_unary", unary},
    {"mt_binary", binary},
    {"mt_gated_activation", gated_activation},
    {"mt_reduce", reduce},
    {"mt_softmax", softmax},
    {"mt_rms_norm", [](Bench& bench) { norms(bench, false); }},
    {"mt_layer_norm", [](Bench& bench) { norms(bench, true); }},
    {"mt_top_k", top_k},
    {"mt_rotary", rotary},
    {"mt_attention", attention},
    {"mt_pack", pack},
    {"mt_unpack_transposed", pack},
    {"mt_matmul", matmul},
    {"mt_matmul", deep_matmul},
    {"mt_matmul", stored_matmul},
};

static Bits bits_of(const Work& work, int threads, int64_t rows) {
    const Device device(threads);
    Bench bench(device, rows);
    work.run(bench);
    return bench.kept();
}

#if defined(__SANITIZE_THREAD__)
// Instrumented loops over blocks of different width are contracted differently, so that only races are looked for.
constexpr bool kBitsAreTheShippedOnes = false;
#else
constexpr bool kBitsAreTheShippedOnes = true;
#endif

CLAIM("one, two and three threads give the same bits in every function") {
    std::vector<Work> works = kWorks;
    works.insert(works.end(), kFusedWorks.begin(), kFusedWorks.end());
    for (const Work& work : works) {
        for (const int64_t rows : {int64_t(3), int64_t(200)}) {
            const Bits alone = bits_of(work, 1, rows);
            for (const int threads : {2, 3}) {
                const Bits shared = bits_of(work, threads, rows);
                for (size_t i = 0; i < alone.size(); ++i) {
                    EXPECT_WITH(shared[i] == alone[i] || !kBitsAreTheShippedOnes,
                                std::string(work.function) + " result " + std::to_string(i) + " with " +
                                    std::to_string(rows) + " rows and " + std::to_string(threads) + " threads");
                }
            }
        }
    }
}

CLAIM(
    "one row times a plain matrix differs between numbers of threads by the rounding of its sums at most, in any "
    "lane") {
    Random random(53);
    const Values left = random.values({1, kWidth}), right = random.values({kWidth, 192});
    Values expected, tolerance;
    for (int64_t c = 0; c < 192; ++c) {
        double sum = 0, size = 0;
        for (int64_t d = 0; d < kWidth; ++d) {
            const double term = left[size_t(d)] * right[size_t(d * 192 + c)];
            sum += term;
            size += std::fabs(term);
        }
        expected.push_back(sum);
        tolerance.push_back(sum_tolerance(kWidth, size, sum));
    }
    for (const int threads : {1, 2, 3}) {
        const Device device(threads);
        Tensor a(device, {1, kWidth}, left), b(device, {kWidth, 192}, right), out(device, {1, 192});
        OK(device, mt_matmul(device, 0, a, b, nullptr, out));
        expect_close(out.values(), expected, tolerance, std::to_string(threads) + " threads");
    }
}
