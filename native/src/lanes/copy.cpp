// Copies of planes with any strides.
#include "lane.h"

namespace microtome {
namespace MT_LANE {
namespace {

template <class Word>
void copy_words(const char* in, int64_t in_row, int64_t in_column, char* out, int64_t out_row, int64_t out_column,
                int64_t rows, int64_t columns) {
    typedef Word Unaligned __attribute__((aligned(1), may_alias));
    constexpr int64_t kTile = 32;  // both sides of a transposed tile stay in the first-level cache
    for (int64_t r0 = 0; r0 < rows; r0 += kTile) {
        const int64_t r1 = r0 + kTile < rows ? r0 + kTile : rows;
        for (int64_t c0 = 0; c0 < columns; c0 += kTile) {
            const int64_t c1 = c0 + kTile < columns ? c0 + kTile : columns;
            for (int64_t r = r0; r < r1; ++r) {
                const char* x = in + r * in_row;
                char* y = out + r * out_row;
                for (int64_t c = c0; c < c1; ++c) {
                    *reinterpret_cast<Unaligned*>(y + c * out_column) =
                        *reinterpret_cast<const Unaligned*>(x + c * in_column);
                }
            }
        }
    }
}

void copy_plane(const void* in, int64_t in_row, int64_t in_column, void* out, int64_t out_row, int64_t out_column,
                int64_t rows, int64_t columns, int64_t element) {
    const char* x = static_cast<const char*>(in);
    char* y = static_cast<char*>(out);
    if (in_column == element && out_column == element) {
        for (int64_t r = 0; r < rows; ++r) {
            __builtin_memcpy(y + r * out_row, x + r * in_row, size_t(columns * element));
        }
        return;
    }
    switch (element) {
        case 2:
            return copy_words<uint16_t>(x, in_row, in_column, y, out_row, out_column, rows, columns);
        case 4:
            return copy_words<uint32_t>(x, in_row, in_column, y, out_row, out_column, rows, columns);
        case 8:
            return copy_words<uint64_t>(x, in_row, in_column, y, out_row, out_column, rows, columns);
        default:
            for (int64_t r = 0; r < rows; ++r) {
                for (int64_t c = 0; c < columns; ++c) {
                    __builtin_memcpy(y + r * out_row + c * out_column, x + r * in_row + c * in_column, size_t(element));
                }
            }
    }
}

}  // namespace

void fill_copy(KernelTable* table) { table->copy_plane = copy_plane; }

}  // namespace MT_LANE
}  // namespace microtome
