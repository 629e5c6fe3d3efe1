// Products of few rows, which read every weight once: against the speed of reading memory, in turns.
#include <omp.h>

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <cstring>

#include "bench.h"

namespace bench {
namespace {

constexpr int64_t kRotation = int64_t(200) << 20;  // bytes of weights of one case: far more than caches hold
constexpr int kRounds = 60;
constexpr double kTurn = 1.5e-3;  // seconds

struct Form {
    mt_dtype dtype;
    const char* name;
    int64_t elements, bytes;
    bool packed;
};

const Form kForms[] = {
    {MT_F32, "F32 packed", 1, 4, true}, {MT_F32, "F32 plain", 1, 4, false}, {MT_BF16, "BF16 packed", 1, 2, true},
    {MT_BF16, "BF16", 1, 2, false},     {MT_F16, "F16", 1, 2, false},       {MT_Q8_0, "Q8_0", 32, 34, false},
    {MT_Q4_0, "Q4_0", 32, 18, false},   {MT_Q4_1, "Q4_1", 32, 20, false},   {MT_Q5_0, "Q5_0", 32, 22, false},
    {MT_Q5_1, "Q5_1", 32, 24, false},   {MT_Q4_K, "Q4_K", 256, 144, false}, {MT_Q5_K, "Q5_K", 256, 176, false},
    {MT_Q6_K, "Q6_K", 256, 210, false},
};

double now() { return std::chrono::duration<double>(std::chrono::steady_clock::now().time_since_epoch()).count(); }

// Many weights of one form in one piece of memory, as a file has them.
class Weights {
public:
    Weights(const Form& form, int64_t n, int64_t k) {
        const int64_t bytes = n * k / form.elements * form.bytes, copies = kRotation / bytes + 1;
        memory_.resize(static_cast<size_t>(bytes * copies));
        uint32_t state = 1;
        for (size_t i = 0; i < size_t(bytes); ++i) memory_[i] = uint8_t((state = state * 1664525u + 1013904223u) >> 24);
        // Finite numbers: the exponents of floats and of the scales of blocks.
        const int64_t unit = form.bytes;
        for (int64_t b = 0; b < bytes; b += unit) {
            uint8_t* block = &memory_[size_t(b)];
            const int64_t scale = form.dtype == MT_F32 ? 2 : form.dtype == MT_Q6_K ? 208 : 0;
            block[scale + 1] = 0x2c;
            if (form.elements > 1 && form.dtype != MT_Q6_K && form.bytes != 18 && form.bytes != 22) block[3] = 0x2c;
        }
        for (int64_t c = 1; c < copies; ++c) memcpy(&memory_[size_t(c * bytes)], memory_.data(), size_t(bytes));
        for (int64_t c = 0; c < copies; ++c) {
            Tensor weight;
            ok(mt_buffer_wrap(engine, &memory_[size_t(c * bytes)], bytes, &weight.view.buffer));
            weight.view.dtype = form.dtype;
            weight.view.rank = 2;
            weight.view.extent[0] = n;
            weight.view.extent[1] = weight.view.stride[0] = k;
            weight.view.stride[1] = 1;
            weights_.push_back(form.packed ? Tensor::packed(weight, form.dtype) : std::move(weight));
        }
    }
    const Tensor& next() { return weights_[next_++ % weights_.size()]; }

private:
    std::vector<uint8_t> memory_;
    std::vector<Tensor> weights_;
    size_t next_ = 0;
};

// Reads a part of a large piece of memory with all threads.
class Reader {
public:
    Reader() : memory_(size_t(kRotation / 8), 1) {}
    static constexpr int64_t kBytes = int64_t(8) << 20;

    void read() {
        const int64_t words = kBytes / 8, parts = kRotation / kBytes;
        const uint64_t* part = memory_.data() + next_++ % parts * words;
        uint64_t sum = 0;
#pragma omp parallel reduction(+ : sum)
        {
            const int64_t threads = omp_get_num_threads(), self = omp_get_thread_num();
            const int64_t begin = words * self / threads, end = words * (self + 1) / threads;
            uint64_t sums[32] = {};
            for (int64_t i = begin; i + 32 <= end; i += 32) {
                for (int j = 0; j < 32; j += 8) __builtin_prefetch(part + i + j + 256);
                for (int j = 0; j < 32; ++j) sums[j] += part[i + j];
            }
            for (const uint64_t each : sums) sum += each;
        }
        total_ += sum;
    }
    uint64_t total() const { return total_; }

private:
    std::vector<uint64_t> memory_;
    int64_t next_ = 0;
    uint64_t total_ = 0;
};

double median(std::vector<double> values) {
    std::nth_element(values.begin(), values.begin() + long(values.size() / 2), values.end());
    return values[values.size() / 2];
}

// Seconds of one run, over a turn.
template <class Body>
double turn(Body body) {
    int64_t runs = 0;
    const double start = now();
    do {
        body();
        ++runs;
    } while (now() - start < kTurn);
    return (now() - start) / double(runs);
}

void measure_shape(Reader& reader, int64_t m, int64_t k, int64_t n) {
    std::vector<const Form*> forms;
    std::vector<Weights> weights;
    for (const Form& form : kForms) {
        if (k % form.elements != 0) continue;
        forms.push_back(&form);
        weights.emplace_back(form, n, k);
    }
    const Tensor left({m, k}, MT_F32, 1), out({m, n});
    std::vector<double> read;
    std::vector<std::vector<double>> rate(forms.size()), to_read(forms.size()), to_f32(forms.size());
    for (int round = 0; round < kRounds; ++round) {
        double first = 0;
        for (size_t i = 0; i < forms.size(); ++i) {
            const double reading = double(Reader::kBytes) / turn([&] { reader.read(); });
            const double seconds = turn([&] { ok(mt_matmul(engine, 1, left, weights[i].next(), nullptr, out)); });
            read.push_back(reading);
            const double each = double(n * k) / seconds;
            if (i == 0) first = each;
            rate[i].push_back(each);
            to_f32[i].push_back(each / first);
            to_read[i].push_back(each * double(forms[i]->bytes) / double(forms[i]->elements) / reading);
        }
    }
    printf("%lldx%lldx%lld: reading memory %.1f GB/s (best %.1f)\n", (long long)m, (long long)k, (long long)n,
           median(read) * 1e-9, *std::max_element(read.begin(), read.end()) * 1e-9);
    for (size_t i = 0; i < forms.size(); ++i) {
        printf("  %-12s %6.1f (best %6.1f) G weights/s   %5.2f of reading   %5.2f x F32 packed\n", forms[i]->name,
               median(rate[i]) * 1e-9, *std::max_element(rate[i].begin(), rate[i].end()) * 1e-9, median(to_read[i]),
               median(to_f32[i]));
    }
    fflush(stdout);
}

}  // namespace

void measure_memory() {
    Reader reader;
    const std::pair<int64_t, int64_t> shapes[] = {{576, 1536}, {1536, 576}, {576, 576}, {576, 192}, {576, 49152}};
    for (const auto& [k, n] : shapes) measure_shape(reader, 1, k, n);
    measure_shape(reader, 8, 1536, 576);
    if (reader.total() == 0) printf("nothing was read\n");
}

}  // namespace bench
