// Packing of weights and our own matrix products on packed blocks. A block is [depth, 64]: 64 outputs of a weight side
// by side, one row per input. In BF16 two rows are interleaved: [depth / 2, 64, 2].
#include "vectors.h"

namespace microtome {
namespace MT_LANE {
namespace {

constexpr int64_t kColumns = kBlockColumns;

// The arrays of sums below fit the lane's register file.
constexpr int kTileVectors = kVectorBytes == 64 ? 4 : 2;
constexpr int kTileRows = 6;

void pack_f32(const float* rows, int64_t row_stride, int64_t column_stride, int64_t valid_rows, int64_t depth,
              int64_t depth_padded, float* __restrict out) {
    const UnalignedFloat* in = rows;
    for (int64_t k0 = 0; k0 < depth; k0 += 16) {  // 64 rows of one cache line each
        const int64_t k1 = k0 + 16 < depth ? k0 + 16 : depth;
        for (int64_t k = k0; k < k1; ++k) {
            const UnalignedFloat* column = in + k * column_stride;
            for (int64_t j = 0; j < valid_rows; ++j) out[k * kColumns + j] = column[j * row_stride];
            for (int64_t j = valid_rows; j < kColumns; ++j) out[k * kColumns + j] = 0.0f;
        }
    }
    for (int64_t i = depth * kColumns; i < depth_padded * kColumns; ++i) out[i] = 0.0f;
}

void pack_bf16(const float* rows, int64_t row_stride, int64_t valid_rows, int64_t depth, int64_t depth_padded,
               uint16_t* __restrict out) {
    const UnalignedFloat* in = rows;
    for (int64_t k0 = 0; k0 < depth; k0 += 16) {
        const int64_t k1 = k0 + 16 < depth ? k0 + 16 : depth;
        for (int64_t k = k0; k < k1; ++k) {
            uint16_t* target = out + k / 2 * kColumns * 2 + k % 2;
            for (int64_t j = 0; j < valid_rows; ++j) target[j * 2] = float_to_bfloat(in[j * row_stride + k]);
            for (int64_t j = valid_rows; j < kColumns; ++j) target[j * 2] = 0;
        }
    }
    for (int64_t k = depth; k < depth_padded; ++k) {
        uint16_t* target = out + k / 2 * kColumns * 2 + k % 2;
        for (int64_t j = 0; j < kColumns; ++j) target[j * 2] = 0;
    }
}

void unpack_bf16(const uint16_t* in, float* __restrict out, int64_t depth) {
    const char* pairs = reinterpret_cast<const char*>(in);
    for (int64_t k = 0; k < depth; k += 2) {
        for (int64_t j = 0; j < kColumns; j += kWidth) {
            const Words pair = *reinterpret_cast<const StoredWords*>(pairs + (k / 2 * kColumns + j) * 4);
            *reinterpret_cast<StoredWords*>(out + k * kColumns + j) = pair << 16;
            *reinterpret_cast<StoredWords*>(out + (k + 1) * kColumns + j) = pair & 0xffff0000u;
        }
    }
}

// Starts bringing a later row of a block in, all of it: the first of several walks along a block fetches for the
// others.
inline void prefetch_row(const float* row) {
    for (int64_t c = 0; c < kColumns; c += 16) __builtin_prefetch(row + c);
}

// kRows x (kVectors * kWidth) results, the sums in registers.
template <int kRows, int kVectors>
void tile(const float* left, int64_t left_stride, const float* block, float* out, int64_t out_stride, int64_t columns,
          int64_t depth, bool first) {
    constexpr int64_t kAhead = 16;
    Vector sums[kRows][kVectors];
    for (int r = 0; r < kRows; ++r) {
        for (int v = 0; v < kVectors; ++v) sums[r][v] = Vector{};
    }
    for (int64_t k = 0; k < depth; ++k) {
        const float* row = block + k * kColumns;
        if (first) prefetch_row(row + kAhead * kColumns);
        Vector b[kVectors];
        for (int v = 0; v < kVectors; ++v) b[v] = *reinterpret_cast<const StoredVector*>(row + v * kWidth);
        for (int r = 0; r < kRows; ++r) {
            const float a = left[r * left_stride + k];
            for (int v = 0; v < kVectors; ++v) sums[r][v] += a * b[v];
        }
    }
    if (columns >= kVectors * kWidth) {
        for (int r = 0; r < kRows; ++r) {
            for (int v = 0; v < kVectors; ++v) {
                *reinterpret_cast<StoredVector*>(out + r * out_stride + v * kWidth) = sums[r][v];
            }
        }
        return;
    }
    for (int r = 0; r < kRows; ++r) {
        for (int64_t c = 0; c < columns; ++c) out[r * out_stride + c] = sums[r][c / kWidth][c % kWidth];
    }
}

// Few rows leave registers free for more columns.
template <int kRows>
void tiles(const float* left, int64_t left_stride, const float* block, float* out, int64_t out_stride, int64_t columns,
           int64_t depth, bool first) {
    constexpr int kAll = int(kColumns) / kWidth;
    constexpr int kFit = kRows == 1 ? 8 : kRows <= 3 ? 4 : kTileVectors;
    constexpr int kVectors = kFit < kTileVectors ? kTileVectors : kFit < kAll ? kFit : kAll;
    for (int64_t c = 0; c < columns; c += kVectors * kWidth) {
        tile<kRows, kVectors>(left, left_stride, block + c, out + c, out_stride, columns - c, depth,
                              first && c == 0 && kVectors < kAll);
    }
}

void product_f32(const float* left, int64_t left_stride, const float* block, float* out, int64_t out_stride,
                 int64_t rows, int64_t columns, int64_t depth) {
    for (int64_t r = 0; r < rows; r += kTileRows) {
        const float* x = left + r * left_stride;
        float* y = out + r * out_stride;
        switch (rows - r) {
            case 1:
                tiles<1>(x, left_stride, block, y, out_stride, columns, depth, r == 0);
                break;
            case 2:
                tiles<2>(x, left_stride, block, y, out_stride, columns, depth, r == 0);
                break;
            case 3:
                tiles<3>(x, left_stride, block, y, out_stride, columns, depth, r == 0);
                break;
            case 4:
                tiles<4>(x, left_stride, block, y, out_stride, columns, depth, r == 0);
                break;
            case 5:
                tiles<5>(x, left_stride, block, y, out_stride, columns, depth, r == 0);
                break;
            default:
                tiles<kTileRows>(x, left_stride, block, y, out_stride, columns, depth, r == 0);
        }
    }
}

// Even and odd inputs of a pair meet in one sum.
template <int kRows, int kVectors>
void bf16_tile(const float* left, int64_t left_stride, const char* pairs, float* out, int64_t out_stride,
               int64_t columns, int64_t depth) {
    Vector sums[kRows][kVectors];
    for (int r = 0; r < kRows; ++r) {
        for (int v = 0; v < kVectors; ++v) sums[r][v] = Vector{};
    }
    for (int64_t k = 0; k < depth; k += 2) {
        const char* row = pairs + k / 2 * kColumns * 4;
        for (int v = 0; v < kVectors; ++v) {
            const Words pair = *reinterpret_cast<const StoredWords*>(row + v * kVectorBytes);
            const Vector even = reinterpret_cast<Vector>(pair << 16),
                         odd = reinterpret_cast<Vector>(pair & 0xffff0000u);
            for (int r = 0; r < kRows; ++r) {
                const float* x = left + r * left_stride + k;
                sums[r][v] += x[0] * even;
                sums[r][v] += (k + 1 < depth ? x[1] : 0.0f) * odd;
            }
        }
    }
    for (int r = 0; r < kRows; ++r) {
        float row[kVectors * kWidth];
        for (int v = 0; v < kVectors; ++v) *reinterpret_cast<StoredVector*>(row + v * kWidth) = sums[r][v];
        for (int64_t c = 0; c < columns && c < kVectors * kWidth; ++c) out[r * out_stride + c] = row[c];
    }
}

template <int kRows>
void bf16_tiles(const float* left, int64_t left_stride, const uint16_t* block, float* out, int64_t out_stride,
                int64_t columns, int64_t depth) {
    constexpr int kAll = int(kColumns) / kWidth;
    constexpr int kVectors = kAll < 4 || kRows <= 2 ? (kAll < 4 ? kAll : 4) : kTileVectors;
    for (int64_t c = 0; c < columns; c += kVectors * kWidth) {
        bf16_tile<kRows, kVectors>(left, left_stride, reinterpret_cast<const char*>(block) + c * 4, out + c, out_stride,
                                   columns - c, depth);
    }
}

void product_bf16(const float* left, int64_t left_stride, const uint16_t* block, float* out, int64_t out_stride,
                  int64_t rows, int64_t columns, int64_t depth) {
    for (int64_t r = 0; r < rows; r += kTileRows) {
        const float* x = left + r * left_stride;
        float* y = out + r * out_stride;
        switch (rows - r) {
            case 1:
                bf16_tiles<1>(x, left_stride, block, y, out_stride, columns, depth);
                break;
            case 2:
                bf16_tiles<2>(x, left_stride, block, y, out_stride, columns, depth);
                break;
            case 3:
                bf16_tiles<3>(x, left_stride, block, y, out_stride, columns, depth);
                break;
            case 4:
                bf16_tiles<4>(x, left_stride, block, y, out_stride, columns, depth);
                break;
            case 5:
                bf16_tiles<5>(x, left_stride, block, y, out_stride, columns, depth);
                break;
            default:
                bf16_tiles<kTileRows>(x, left_stride, block, y, out_stride, columns, depth);
        }
    }
}

}  // namespace

void fill_product(KernelTable* table) {
    table->pack_f32 = pack_f32;
    table->pack_bf16 = pack_bf16;
    table->unpack_bf16 = unpack_bf16;
    table->product_f32 = product_f32;
    table->product_bf16 = product_bf16;
}

}  // namespace MT_LANE
}  // namespace microtome
