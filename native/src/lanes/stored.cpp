// Products of few rows with weights as they are stored: rows [k] of a weight [n, k], decoded in registers, each time
// for a few rows of the left operand.
#include "formats.h"

namespace microtome {
namespace MT_LANE {
namespace {

// Sums that the lane's register file holds beside the decoded weights.
constexpr int kSums = kVectorBytes == 64 ? 16 : 8;
constexpr int kMostRows = 8, kMostColumns = 4;
// Several rows at once are several streams, too short for the processor to foresee. So what comes after them is asked
// for, in the order in which it is stored, and this many bytes of that before they end.
constexpr int64_t kAhead = 1024;

struct Rows {
    const float* left;
    int64_t left_stride;
    const uint8_t* weight;
    int64_t weight_stride;  // bytes
    float* out;
    int64_t out_stride;
    int64_t rows, columns, depth;
};

// Elements after the last whole step, of a format that has such.
template <class Format>
float rest(const Rows& t, const uint8_t* weight, const float* left, int64_t from) {
    float sum = 0;
    if constexpr (Format::kBytes == 2 * Format::kElements) {
        for (int64_t k = from; k < t.depth; ++k) {
            sum += Format::one(weight + 2 * k) * *reinterpret_cast<const UnalignedFloat*>(left + k);
        }
    }
    return sum;
}

// Up to kRows x kColumns results. Where there are fewer, the last row or column is computed again and not stored: one
// kernel for every tail.
template <class Format, int kRows, int kColumns>
void tile(const Rows& t) {
    constexpr int kStepBytes = Format::kBytes * Format::kStep / Format::kElements * kColumns;
    const uint8_t* ahead = t.weight + kColumns * t.weight_stride + kAhead;
    const float* left[kRows];
    const uint8_t* weight[kColumns];
    Vector sums[kRows][kColumns];
    for (int r = 0; r < kRows; ++r) left[r] = t.left + (r < t.rows ? r : t.rows - 1) * t.left_stride;
    for (int c = 0; c < kColumns; ++c) weight[c] = t.weight + (c < t.columns ? c : t.columns - 1) * t.weight_stride;
    for (int r = 0; r < kRows; ++r) {
        for (int c = 0; c < kColumns; ++c) sums[r][c] = Vector{};
    }
    const int64_t whole = t.depth / Format::kElements * Format::kElements;
    for (int64_t first = 0, at = 0; first < whole; first += Format::kElements, at += Format::kBytes) {
        Format blocks[kColumns];
        for (int c = 0; c < kColumns; ++c) blocks[c].open(weight[c] + at);
        for (int step = 0; step < Format::kElements / Format::kStep; ++step) {
            const int64_t k = first + step * Format::kStep;
            for (int line = 0; line < kStepBytes; line += 64) __builtin_prefetch(ahead + line);
            ahead += kStepBytes;
#pragma GCC unroll 4
            for (int c = 0; c < kColumns; ++c) {
                blocks[c].walk(step, [&](int place, Vector w) __attribute__((always_inline)) {
#pragma GCC unroll 8
                    for (int r = 0; r < kRows; ++r) sums[r][c] += w * vector_at(left[r] + k + place);
                });
            }
        }
    }
    for (int r = 0; r < kRows && r < t.rows; ++r) {
        for (int c = 0; c < kColumns && c < t.columns; ++c) {
            t.out[r * t.out_stride + c] = sum_of(sums[r][c]) + rest<Format>(t, weight[c], left[r], whole);
        }
    }
}

template <class Format, int kRows>
void strip(Rows t) {
    constexpr int kFit = kSums / kRows;
    constexpr int kColumns = kFit < kMostColumns ? kFit : kMostColumns;
    const int64_t columns = t.columns;
    for (int64_t c = 0; c < columns; c += kColumns) {
        t.columns = columns - c < kColumns ? columns - c : kColumns;
        tile<Format, kRows, kColumns>(t);
        t.weight += kColumns * t.weight_stride;
        t.out += kColumns;
    }
}

template <class Format>
void product(const Rows& all) {
    for (int64_t r = 0; r < all.rows; r += kMostRows) {
        Rows t = all;
        t.left += r * t.left_stride;
        t.out += r * t.out_stride;
        t.rows = all.rows - r < kMostRows ? all.rows - r : kMostRows;
        if (t.rows == 1) {
            strip<Format, 1>(t);
        } else if (t.rows == 2) {
            strip<Format, 2>(t);
        } else if (t.rows <= 4) {
            strip<Format, 4>(t);
        } else {
            strip<Format, kMostRows>(t);
        }
    }
}

void product_stored(int32_t dtype, const float* left, int64_t left_stride, const void* weight, int64_t weight_stride,
                    float* out, int64_t out_stride, int64_t rows, int64_t columns, int64_t depth) {
    const Rows t = {left,    left_stride, static_cast<const uint8_t*>(weight), weight_stride, out, out_stride, rows,
                    columns, depth};
    switch (dtype) {
        case MT_F16:
            return product<Half>(t);
        case MT_BF16:
            return product<BrainFloat>(t);
        case MT_Q4_0:
            return product<Q4_0>(t);
        case MT_Q4_1:
            return product<Q4_1>(t);
        case MT_Q5_0:
            return product<Q5_0>(t);
        case MT_Q5_1:
            return product<Q5_1>(t);
        case MT_Q8_0:
            return product<Q8_0>(t);
        case MT_Q4_K:
            return product<Q4_K>(t);
        case MT_Q5_K:
            return product<Q5_K>(t);
        case MT_Q6_K:
            return product<Q6_K>(t);
        default:
            return;
    }
}

}  // namespace

void fill_stored(KernelTable* table) { table->product_stored = product_stored; }

}  // namespace MT_LANE
}  // namespace microtome
