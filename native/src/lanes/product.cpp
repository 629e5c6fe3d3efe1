// Packing of weights and our own matrix products on packed blocks. A block is [depth, 64]: 64 outputs of a weight side
// by side, one row per input. In BF16 two rows are interleaved: [depth / 2, 64, 2].
#include "lane.h"

namespace microtome {
namespace MT_LANE {
namespace {

constexpr int64_t kColumns = kBlockColumns;

// As wide as the lane's registers; the arrays of sums below fit its register file.
#if defined(__AVX512F__)
constexpr int kVectorBytes = 64;
constexpr int kVectors = 4;
#elif defined(__AVX2__)
constexpr int kVectorBytes = 32;
constexpr int kVectors = 2;
#else
constexpr int kVectorBytes = 16;
constexpr int kVectors = 2;
#endif
constexpr int kWidth = kVectorBytes / 4;
constexpr int64_t kTileColumns = kWidth * kVectors;
constexpr int64_t kTileRows = 6;
typedef float Vector __attribute__((vector_size(kVectorBytes), aligned(4), may_alias));
typedef uint32_t Words __attribute__((vector_size(kVectorBytes), aligned(4), may_alias));

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
            const Words pair = *reinterpret_cast<const Words*>(pairs + (k / 2 * kColumns + j) * 4);
            *reinterpret_cast<Words*>(out + k * kColumns + j) = pair << 16;
            *reinterpret_cast<Words*>(out + (k + 1) * kColumns + j) = pair & 0xffff0000u;
        }
    }
}

// kRows x kTileColumns results, the sums in registers.
template <int kRows>
void tile(const float* left, int64_t left_stride, const float* block, float* out, int64_t out_stride, int64_t columns,
          int64_t depth) {
    Vector sums[kRows][kVectors];
    for (int r = 0; r < kRows; ++r) {
        for (int v = 0; v < kVectors; ++v) sums[r][v] = Vector{};
    }
    for (int64_t k = 0; k < depth; ++k) {
        Vector b[kVectors];
        for (int v = 0; v < kVectors; ++v) {
            b[v] = *reinterpret_cast<const Vector*>(block + k * kColumns + v * kWidth);
        }
        for (int r = 0; r < kRows; ++r) {
            const float a = left[r * left_stride + k];
            for (int v = 0; v < kVectors; ++v) sums[r][v] += a * b[v];
        }
    }
    if (columns == kTileColumns) {
        for (int r = 0; r < kRows; ++r) {
            for (int v = 0; v < kVectors; ++v)
                *reinterpret_cast<Vector*>(out + r * out_stride + v * kWidth) = sums[r][v];
        }
        return;
    }
    for (int r = 0; r < kRows; ++r) {
        for (int64_t c = 0; c < columns; ++c) out[r * out_stride + c] = sums[r][c / kWidth][c % kWidth];
    }
}

void product_f32(const float* left, int64_t left_stride, const float* block, float* out, int64_t out_stride,
                 int64_t rows, int64_t columns, int64_t depth) {
    for (int64_t c = 0; c < columns; c += kTileColumns) {
        const int64_t width = columns - c < kTileColumns ? columns - c : kTileColumns;
        int64_t r = 0;
        for (; r + kTileRows <= rows; r += kTileRows) {
            tile<kTileRows>(left + r * left_stride, left_stride, block + c, out + r * out_stride + c, out_stride, width,
                            depth);
        }
        for (; r < rows; ++r) {
            tile<1>(left + r * left_stride, left_stride, block + c, out + r * out_stride + c, out_stride, width, depth);
        }
    }
}

// One row of floats times one packed BF16 block. Even and odd inputs have sums of their own.
void row_product_bf16(const float* left, const uint16_t* block, float* out, int64_t columns, int64_t depth) {
    constexpr int kAll = int(kColumns) / kWidth;
    constexpr int kPart = kAll < 4 ? kAll : 4;  // vectors of pairs at a time
    const char* pairs = reinterpret_cast<const char*>(block);
    float result[kColumns];
    for (int part = 0; part < kAll; part += kPart) {
        Vector even[kPart], odd[kPart];
        for (int v = 0; v < kPart; ++v) even[v] = odd[v] = Vector{};
        for (int64_t k = 0; k < depth; k += 2) {
            const float first = left[k], second = k + 1 < depth ? left[k + 1] : 0.0f;
            for (int v = 0; v < kPart; ++v) {
                const Words pair =
                    *reinterpret_cast<const Words*>(pairs + (k / 2 * kColumns + (part + v) * kWidth) * 4);
                even[v] += first * reinterpret_cast<Vector>(pair << 16);
                odd[v] += second * reinterpret_cast<Vector>(pair & 0xffff0000u);
            }
        }
        for (int v = 0; v < kPart; ++v) {
            *reinterpret_cast<Vector*>(result + (part + v) * kWidth) = even[v] + odd[v];
        }
    }
    for (int64_t c = 0; c < columns; ++c) out[c] = result[c];
}

}  // namespace

void fill_product(KernelTable* table) {
    table->pack_f32 = pack_f32;
    table->pack_bf16 = pack_bf16;
    table->unpack_bf16 = unpack_bf16;
    table->product_f32 = product_f32;
    table->row_product_bf16 = row_product_bf16;
}

}  // namespace MT_LANE
}  // namespace microtome
