// mt_interrupt: what it stops, how soon, and what stays right.
#include <atomic>
#include <chrono>
#include <thread>

#include "device.h"

using Clock = std::chrono::steady_clock;

static void expect_right(const Device& device, const char* what) {
    Tensor left(device, {2, 3}, {1, 2, 3, 4, 5, 6}), right(device, {3, 2}, {1, 0, 0, 1, 1, 1}), out(device, {2, 2});
    OK(device, mt_matmul(device, 0, left, right, nullptr, out));
    expect_equal(out.values(), {4, 5, 10, 11}, what);
}

static Tensor filled(const Device& device, const Shape& shape, mt_dtype dtype) {
    Tensor tensor(device, shape, dtype);
    OK(device, mt_fill(device, 1e-3, tensor));
    return tensor;
}

// Calls `work`, which would take seconds, interrupts it after a while, and looks how long it went on.
template <class Work>
static void expect_stops(const Device& device, const char* what, Work work) {
    std::atomic<bool> about{false}, done{false};
    Clock::time_point asked;
    std::thread other([&] {
        while (!about) std::this_thread::yield();
        std::this_thread::sleep_for(std::chrono::milliseconds(50));
        asked = Clock::now();
        while (!done) {  // again, should it find nothing running between two calls
            EXPECT(mt_interrupt(device) == MT_OK);
            std::this_thread::sleep_for(std::chrono::milliseconds(1));
        }
    });
    about = true;
    mt_status status = MT_OK;
    for (int round = 0; round < 1000 && status == MT_OK; ++round) status = work();
    const Clock::time_point ended = Clock::now();
    const std::string error = device.error();
    done = true;
    other.join();
    const double wait = std::chrono::duration<double>(ended - asked).count();
    EXPECT_WITH(status == MT_INTERRUPTED, std::string(what) + ": status " + std::to_string(status));
    EXPECT_WITH(error.find(": stopped by mt_interrupt; what it has written is undefined") != std::string::npos, error);
    printf("        %s ended %.1f ms after the request\n", what, wait * 1e3);
    EXPECT_WITH(wait < 0.5, std::string(what) + " went on for " + std::to_string(wait) + " s");
    expect_right(device, what);
}

CLAIM("a product of several seconds on one thread stops, and the engine computes right afterwards") {
    const Device device(1);
    for (const mt_dtype dtype : {MT_F32, MT_BF16}) {
        Tensor left = filled(device, {4096, 4096}, dtype), right = filled(device, {4096, 4096}, dtype);
        Tensor out(device, {4096, 4096});
        const char* what = dtype == MT_F32 ? "a product in F32" : "a product in BF16";
        expect_stops(device, what, [&] { return mt_matmul(device, 1, left, right, nullptr, out); });
        Tensor packed = Tensor::packed(device, right, dtype);
        expect_stops(device, "a packed product", [&] { return mt_matmul(device, 1, left, packed, nullptr, out); });
    }
    Tensor left = filled(device, {2048, 4096}, MT_F32), right = filled(device, {4096, 4096}, MT_BF16);
    Tensor packed = Tensor::packed(device, right, MT_BF16), out(device, {2048, 4096});
    expect_stops(device, "a product of two types", [&] { return mt_matmul(device, 1, left, packed, nullptr, out); });
}

CLAIM("attention and everything that runs over rows stops, on two threads too") {
    for (int threads = 1; threads <= 2; ++threads) {
        const Device device(threads);
        for (const mt_dtype dtype : {MT_F32, MT_BF16}) {
            const Shape shape = {1, 4096, 1024}, shared = {1, 4096, 256};
            Tensor query = filled(device, shape, dtype), key = filled(device, shared, dtype);
            Tensor value = filled(device, shared, dtype), out(device, shape, dtype);
            expect_stops(device, dtype == MT_F32 ? "attention in F32" : "attention in BF16",
                         [&] { return mt_attention(device, 16, 4, 0.125f, 1, query, key, value, nullptr, out); });
        }
        Tensor x = filled(device, {4096, 8192}, MT_F32), y(device, {4096, 8192}), places(device, {4096, 100}, MT_I32);
        expect_stops(device, "softmax", [&] { return mt_softmax(device, x, y); });
        expect_stops(device, "exp", [&] { return mt_unary(device, MT_EXP, x, y); });
        expect_stops(device, "top-k", [&] { return mt_top_k(device, x, places); });
        Tensor turned(device, {8192, 4096});
        mt_tensor transposed = x.view;
        std::swap(transposed.extent[0], transposed.extent[1]);
        std::swap(transposed.stride[0], transposed.stride[1]);
        expect_stops(device, "a transpose", [&] { return mt_copy(device, &transposed, turned); });
    }
}

CLAIM("a request stops nothing that begins later, nor what is about buffers") {
    const Device device(2);
    Tensor x(device, {3}, {1, 2, 3}), y(device, {3});
    OK(device, mt_interrupt(device));
    OK(device, mt_unary(device, MT_NEGATE, x, y));
    expect_equal(y.values(), {-1, -2, -3}, "negated");
    std::atomic<bool> done{false};
    std::thread other([&] {
        while (!done) mt_interrupt(device);
    });
    std::vector<char> bytes(1 << 20);
    for (int i = 0; i < 200; ++i) {
        mt_buffer* buffer = nullptr;
        OK(device, mt_buffer_create(device, int64_t(bytes.size()), &buffer));
        OK(device, mt_upload(device, bytes.data(), buffer, 0, int64_t(bytes.size())));
        OK(device, mt_download(device, buffer, 0, int64_t(bytes.size()), bytes.data()));
        OK(device, mt_buffer_destroy(device, buffer));
        OK(device, mt_trim(device));
        OK(device, mt_synchronize(device));
    }
    done = true;
    other.join();
    EXPECT(mt_interrupt(nullptr) == MT_INVALID_ARGUMENT);
}

CLAIM("requests from another thread at any moment leave every answer right or refused") {
    const Device device(2);
    std::atomic<bool> done{false};
    std::thread other([&] {
        // Sometimes often, sometimes seldom: on any machine some calls are met and some are not.
        for (int i = 0; !done; ++i) {
            mt_interrupt(device);
            std::this_thread::sleep_for(std::chrono::microseconds(20 << i / 50 % 10));
        }
    });
    Random random(7);
    const Values numbers = random.values({300, 64});
    int stopped = 0, finished = 0;
    for (int round = 0; round < 3000; ++round) {
        mt_status status;
        Tensor x(device, {300, 64}, numbers), y(device, {300, 64});
        status = mt_unary(device, MT_NEGATE, x, y);
        if (status != MT_OK) {
            EXPECT(status == MT_INTERRUPTED);
            ++stopped;
            continue;
        }
        ++finished;
        if (round % 100 == 0) {
            Values expected = rounded(numbers, MT_F32);
            for (double& each : expected) each = -each;
            expect_equal(y.values(), expected, "negated");
        }
    }
    done = true;
    other.join();
    EXPECT_WITH(finished > 0 && stopped > 0, std::to_string(finished) + " finished, " + std::to_string(stopped));
}

CLAIM("a product in pieces equals the sums of its parts, whatever its form") {
    // More than 2^31 terms, so that it is made in pieces along rows, along columns, and along a batch.
    struct Case {
        Shape left, right;
        bool transposed, packed;
        int addend;  // 0 none, 1 a row, 2 all of it
    };
    const Case cases[] = {{{1100, 1100}, {2000, 1100}, true, true, 1},
                          {{1100, 1100}, {2000, 1100}, true, false, 2},
                          {{2100, 1100}, {1100, 1000}, false, false, 1},
                          {{2100, 1100}, {1000, 1100}, true, true, 2},
                          {{2, 1000, 1100}, {2, 1100, 1001}, false, false, 2}};
    const Device device(2);
    for (const Case& each : cases) {
        Random random(91);
        Tensor left(device, each.left, random.values(each.left)), right(device, each.right, random.values(each.right));
        const int64_t n = each.transposed ? each.right[0] : each.right.back(), k = each.left.back();
        Shape result = each.left;
        result.back() = n;
        Tensor out(device, result), again(device, result);
        const Shape added = each.addend == 1 ? Shape{n} : result;
        Tensor addend(device, added, random.values(added));
        const mt_tensor* add = each.addend == 0 ? nullptr : &addend.view;
        if (each.packed) {
            Tensor packed = Tensor::packed(device, right, MT_F32);
            OK(device, mt_matmul(device, 1, left, packed, add, out));
        } else {
            OK(device, mt_matmul(device, each.transposed, left, right, add, out));
        }
        // The same rows, so few at a time that each product is one call.
        const int64_t rows = each.left[each.left.size() - 2], batches = elements_of(each.left) / rows / k;
        for (int64_t b = 0; b < batches; ++b) {
            for (int64_t first = 0; first < rows; first += 100) {
                const int64_t count = std::min<int64_t>(100, rows - first);
                mt_tensor some = left.view, matrix = right.view, part = again.view, addend_part = addend.view;
                some.offset = (b * rows + first) * k;
                set_shape(some, {count, k});
                matrix.offset = b * n * k;
                set_shape(matrix, each.transposed ? Shape{n, k} : Shape{k, n});
                part.offset = (b * rows + first) * n;
                set_shape(part, {count, n});
                if (each.addend == 2) {
                    addend_part.offset = part.offset;
                    set_shape(addend_part, {count, n});
                }
                OK(device,
                   mt_matmul(device, each.transposed, &some, &matrix, add == nullptr ? nullptr : &addend_part, &part));
            }
        }
        // Both sum the same k terms of at most 1, in orders that may differ.
        expect_close(out.values(), again.values(), 0, 2 * sum_tolerance(k, double(k) / 4, 1), text(each.left));
    }
}
