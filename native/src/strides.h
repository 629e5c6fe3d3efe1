// Nested loops over several tensors of one shape, with as few and as long loops as their strides allow.
#ifndef MICROTOME_STRIDES_H
#define MICROTOME_STRIDES_H

#include <stdint.h>

#include <array>

#include "microtome/microtome.h"

namespace microtome {

// Loop 0 is the innermost. Without axes there is one loop of one step.
template <int kTensors>
struct Loops {
    int depth = 1;
    int64_t extent[MT_MAX_RANK + 1] = {1};
    int64_t stride[kTensors][MT_MAX_RANK + 1] = {};

    // Where each tensor's row starts; rows are counted in the order of the loops 1 and up.
    std::array<int64_t, kTensors> offsets(int64_t row) const {
        std::array<int64_t, kTensors> result = {};
        for (int i = 1; i < depth; ++i) {
            const int64_t index = row % extent[i];
            row /= extent[i];
            for (int t = 0; t < kTensors; ++t) result[static_cast<size_t>(t)] += index * stride[t][i];
        }
        return result;
    }
};

// Leaves out axes of extent 1 and joins neighbours that every tensor walks through evenly. No extent may be 0.
template <int kTensors>
Loops<kTensors> merge_axes(int rank, const int64_t* extent, std::array<const int64_t*, kTensors> strides) {
    Loops<kTensors> loops;
    int depth = 0;
    for (int axis = rank - 1; axis >= 0; --axis) {
        if (extent[axis] == 1) continue;
        bool joins = depth > 0;
        for (int t = 0; t < kTensors && joins; ++t) {
            const int64_t inner = loops.stride[t][depth - 1] * loops.extent[depth - 1];
            joins = strides[static_cast<size_t>(t)][axis] == inner;
        }
        if (joins) {
            loops.extent[depth - 1] *= extent[axis];
            continue;
        }
        loops.extent[depth] = extent[axis];
        for (int t = 0; t < kTensors; ++t) loops.stride[t][depth] = strides[static_cast<size_t>(t)][axis];
        ++depth;
    }
    loops.depth = depth > 0 ? depth : 1;
    return loops;
}

}  // namespace microtome

#endif
