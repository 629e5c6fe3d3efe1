// mt_copy.
#include <stdlib.h>

#include <utility>

#include "kernel_table.h"
#include "parallel.h"
#include "strides.h"
#include "view.h"

using namespace microtome;

namespace {

enum : int { kOut = 0, kIn = 1 };

// Blocks are copied whole: a block becomes one element of many bytes.
void count_in_units(View& view) {
    const int64_t block = unit_of(view.dtype).elements;
    if (block == 1) return;
    for (int i = 0; i < view.rank - 1; ++i) view.stride[i] /= block;
    view.extent[view.rank - 1] /= block;
    view.elements /= block;
}

void swap_loops(Loops<2>& loops, int i, int j) {
    std::swap(loops.extent[i], loops.extent[j]);
    for (auto& stride : loops.stride) std::swap(stride[i], stride[j]);
}

// Innermost the loop with the shortest step of `tensor`, among the loops from `first` on.
void bring_nearest(Loops<2>& loops, int tensor, int first) {
    int nearest = first;
    for (int i = first + 1; i < loops.depth; ++i) {
        if (llabs(loops.stride[tensor][i]) < llabs(loops.stride[tensor][nearest])) nearest = i;
    }
    swap_loops(loops, first, nearest);
}

// Sorted by step, every loop must step over all that the shorter ones cover.
void require_no_overlap(Loops<2> loops, const View& out) {
    int64_t covered = 0;
    for (int i = 0; i < loops.depth; ++i) {
        bring_nearest(loops, kOut, i);
        const int64_t step = llabs(loops.stride[kOut][i]);
        MT_REQUIRE(loops.extent[i] == 1 || step > covered, "the elements of out %s overlap each other (stride %lld)",
                   out.shape().c_str(), (long long)loops.stride[kOut][i]);
        covered += step * (loops.extent[i] - 1);
    }
}

void copy_loops(const char* in, char* out, const Loops<2>& loops, int64_t size) {
    const int64_t out_column = loops.stride[kOut][0] * size, in_column = loops.stride[kIn][0] * size;
    if (loops.depth == 1) {
        parallel_ranges(loops.extent[0], kGrain, [&](int64_t begin, int64_t end, int) {
            kernels().copy_plane(in + begin * in_column, 0, in_column, out + begin * out_column, 0, out_column, 1,
                                 end - begin, size);
        });
        return;
    }
    const int64_t plane_rows = loops.extent[1];
    const int64_t out_row = loops.stride[kOut][1] * size, in_row = loops.stride[kIn][1] * size;
    int64_t rows = 1;
    for (int i = 1; i < loops.depth; ++i) rows *= loops.extent[i];
    const int64_t grain = (rows_per_grain(loops.extent[0]) + 31) / 32 * 32;  // whole tiles of a transposition
    parallel_ranges(rows, grain, [&](int64_t begin, int64_t end, int) {
        for (int64_t row = begin; row < end;) {
            const int64_t count = std::min(plane_rows - row % plane_rows, end - row);
            const std::array<int64_t, 2> offset = loops.offsets(row);
            kernels().copy_plane(in + offset[kIn] * size, in_row, in_column, out + offset[kOut] * size, out_row,
                                 out_column, count, loops.extent[0], size);
            row += count;
        }
    });
}

}  // namespace

extern "C" mt_status mt_copy(mt_engine* engine, const mt_tensor* in, const mt_tensor* out) {
    return entry(engine, "mt_copy", [&](mt_engine& own) {
        View x = read(own, in, "in"), y = written(own, out, "out");
        require_row_major(x);
        require_row_major(y);
        require_same_type(x, y);
        require_same_shape(x, y);
        require_disjoint(y, x);
        if (y.elements == 0) return;
        count_in_units(x);
        count_in_units(y);
        Loops<2> loops = merge_axes<2>(y.rank, y.extent, {y.stride, x.stride});
        require_no_overlap(loops, y);
        bring_nearest(loops, kOut, 0);
        if (loops.depth > 1) bring_nearest(loops, loops.stride[kIn][0] == 1 ? kOut : kIn, 1);
        copy_loops(x.data, y.data, loops, unit_of(y.dtype).bytes);
    });
}
