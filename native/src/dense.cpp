#include "dense.h"

#include <string.h>

#include "kernel_table.h"
#include "parallel.h"

namespace microtome {

bool Dense::serves(const View& view, mt_dtype dtype) {
    const uintptr_t size = static_cast<uintptr_t>(unit_of(dtype).bytes);
    return view.dtype == dtype && view.contiguous() && reinterpret_cast<uintptr_t>(view.data) % size == 0;
}

Dense::Dense(mt_engine& engine, const View& view, mt_dtype dtype)
    : view_(view), copy_(engine.pool, serves(view, dtype) ? 0 : view.elements * unit_of(dtype).bytes) {
    char* target = copy_.as<char>();
    if (target == nullptr) return;
    const int64_t width = view.width(), in_size = unit_of(view.dtype).bytes, out_size = unit_of(dtype).bytes;
    parallel_ranges(view.rows(), rows_per_grain(width), [&](int64_t begin, int64_t end, int) {
        for (int64_t r = begin; r < end; ++r) {
            int64_t rest = r, offset = 0;
            for (int i = view.rank - 2; i >= 0; --i) {
                offset += rest % view.extent[i] * view.stride[i];
                rest /= view.extent[i];
            }
            const char* source = view.data + offset * in_size;
            char* row = target + r * width * out_size;
            if (view.dtype == dtype) {
                memcpy(row, source, static_cast<size_t>(width * out_size));
            } else {
                kernels().to_float(view.dtype, source, reinterpret_cast<float*>(row), width);
            }
        }
    });
    view_.dtype = dtype;
    view_.data = target;
    view_.first_byte = target;
    view_.last_byte = target + view.elements * out_size;
    int64_t stride = 1;
    for (int i = view.rank - 1; i >= 0; --i) {
        view_.stride[i] = stride;
        stride *= view.extent[i];
    }
}

}  // namespace microtome
