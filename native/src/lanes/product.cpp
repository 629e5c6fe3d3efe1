// Packing of weights and our own matrix products on packed blocks. A block is [depth, 64]: 64 outputs of a weight side
// by side, one row per input. In BF16 two rows are interleaved: [depth / 2, 64, 2].
#include "vectors.h"

namespace microtome {
namespace MT_LANE {
namespace {

constexpr int64_t kColumns = kBlockColumns;

// The arrays of sums below fit the lane's register file.
constexpr int kAll = int(kColumns) / kWidth;
constexpr int kTileVectors = kVectorBytes == 64 ? 4 : 2;
constexpr int kTileRows = 6;
constexpr int64_t kRowsAhead = 32;  // rows of a block that are asked for before they are read

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

// What a tile reads and writes.
struct Tile {
    const float* left;
    int64_t left_stride;
    const char* block;
    float* out;
    int64_t out_stride;
    int64_t columns, depth;
    bool first;  // the block comes from memory and is asked for ahead

    MT_INLINE Tile row(int64_t r) const {
        Tile t = *this;
        t.left += r * left_stride;
        t.out += r * out_stride;
        t.first = r == 0;
        return t;
    }
    MT_INLINE Tile column(int64_t c) const {
        Tile t = *this;
        t.block += c * 4;  // a float, or a pair of BF16
        t.out += c;
        t.columns -= c;
        return t;
    }
};

MT_INLINE Vector vector_at(const char* place) { return *reinterpret_cast<const StoredVector*>(place); }
MT_INLINE Words words_at(const char* place) { return *reinterpret_cast<const StoredWords*>(place); }

template <int kVectors>
MT_INLINE void prefetch(const char* row) {
    for (int line = 0; line < kVectors * kVectorBytes; line += 64) {
        __builtin_prefetch(row + kRowsAhead * kColumns * 4 + line);
    }
}

template <int kRows, int kVectors>
MT_INLINE void store_tile(const Tile& t, const Vector (&sums)[kRows][kVectors]) {
    if (t.columns >= kVectors * kWidth) {
        for (int r = 0; r < kRows; ++r) {
            for (int v = 0; v < kVectors; ++v) {
                *reinterpret_cast<StoredVector*>(t.out + r * t.out_stride + v * kWidth) = sums[r][v];
            }
        }
        return;
    }
    for (int r = 0; r < kRows; ++r) {
        float row[kVectors * kWidth];
        for (int v = 0; v < kVectors; ++v) *reinterpret_cast<StoredVector*>(row + v * kWidth) = sums[r][v];
        for (int64_t c = 0; c < t.columns; ++c) t.out[r * t.out_stride + c] = row[c];
    }
}

// kRows x (kVectors * kWidth) results, the sums in registers.
struct Floats {
    template <int kRows, int kVectors>
    static void tile(const Tile& t) {
        Vector sums[kRows][kVectors];
        for (int r = 0; r < kRows; ++r) {
            for (int v = 0; v < kVectors; ++v) sums[r][v] = Vector{};
        }
        for (int64_t k = 0; k < t.depth; ++k) {
            const char* row = t.block + k * kColumns * 4;
            if (t.first) prefetch<kVectors>(row);
            Vector b[kVectors];
            for (int v = 0; v < kVectors; ++v) b[v] = vector_at(row + v * kVectorBytes);
            for (int r = 0; r < kRows; ++r) {
                const float a = t.left[r * t.left_stride + k];
                for (int v = 0; v < kVectors; ++v) sums[r][v] += a * b[v];
            }
        }
        store_tile<kRows, kVectors>(t, sums);
    }
};

// The same for pairs of BF16: even and odd inputs of a pair meet in one sum.
struct Pairs {
    template <int kRows, int kVectors>
    static void tile(const Tile& t) {
        Vector sums[kRows][kVectors];
        for (int r = 0; r < kRows; ++r) {
            for (int v = 0; v < kVectors; ++v) sums[r][v] = Vector{};
        }
        for (int64_t k = 0; k < t.depth; k += 2) {
            const char* row = t.block + k / 2 * kColumns * 4;
            if (t.first) prefetch<kVectors>(row);
            for (int v = 0; v < kVectors; ++v) {
                const Words pair = words_at(row + v * kVectorBytes);
                const Vector even = Vector(pair << 16), odd = Vector(pair & 0xffff0000u);
                for (int r = 0; r < kRows; ++r) {
                    const float* x = t.left + r * t.left_stride + k;
                    sums[r][v] += x[0] * even;
                    sums[r][v] += (k + 1 < t.depth ? x[1] : 0.0f) * odd;
                }
            }
        }
        store_tile<kRows, kVectors>(t, sums);
    }
};

// Few rows leave registers free for more columns.
template <class Kernel, int kRows>
void tiles(const Tile& t) {
    constexpr int kFit = kRows == 1 ? 8 : kRows <= 3 ? 4 : kTileVectors;
    constexpr int kVectors = kFit < kAll ? kFit : kAll;
    if constexpr (kVectors > kAll / 2) {
        if (t.columns * 2 <= kColumns) return Kernel::template tile<kRows, kAll / 2>(t);
    }
    for (int64_t c = 0; c < t.columns; c += kVectors * kWidth) Kernel::template tile<kRows, kVectors>(t.column(c));
}

template <class Kernel>
void product(const Tile& t, int64_t rows) {
    if (rows <= 0) return;
    // Tiles of about the same height: two rows left over would cost as much as four.
    const int64_t parts = (rows + kTileRows - 1) / kTileRows, step = (rows + parts - 1) / parts;
    for (int64_t r = 0; r < rows; r += step) {
        const Tile own = t.row(r);
        switch (rows - r < step ? rows - r : step) {
            case 1:
                tiles<Kernel, 1>(own);
                break;
            case 2:
                tiles<Kernel, 2>(own);
                break;
            case 3:
                tiles<Kernel, 3>(own);
                break;
            case 4:
                tiles<Kernel, 4>(own);
                break;
            case 5:
                tiles<Kernel, 5>(own);
                break;
            default:
                tiles<Kernel, kTileRows>(own);
        }
    }
}

void product_f32(const float* left, int64_t left_stride, const float* block, float* out, int64_t out_stride,
                 int64_t rows, int64_t columns, int64_t depth) {
    const char* place = reinterpret_cast<const char*>(block);
    product<Floats>({left, left_stride, place, out, out_stride, columns, depth, true}, rows);
}

void product_bf16(const float* left, int64_t left_stride, const uint16_t* block, float* out, int64_t out_stride,
                  int64_t rows, int64_t columns, int64_t depth) {
    const char* place = reinterpret_cast<const char*>(block);
    product<Pairs>({left, left_stride, place, out, out_stride, columns, depth, true}, rows);
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
