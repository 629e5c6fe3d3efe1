// Some rows of a matrix at a time, as aligned floats.
#ifndef MICROTOME_WIDE_ROWS_H
#define MICROTOME_WIDE_ROWS_H

#include "kernel_table.h"
#include "parallel.h"
#include "view.h"

namespace microtome {

class WideRows {
public:
    // Of a contiguous view [rows, width], at most this many rows at a time. Rows of aligned floats are not copied.
    WideRows(mt_engine& engine, const View& view, int64_t most)
        : view_(view),
          width_(view.extent[1]),
          direct_(view.dtype == MT_F32 && reinterpret_cast<uintptr_t>(view.data) % sizeof(float) == 0),
          wide_(engine.pool, direct_ ? 0 : most * width_ * int64_t(sizeof(float))) {}

    // Valid until the next call.
    const float* rows(int64_t first, int64_t count) const {
        const int64_t row = width_ * unit_of(view_.dtype).bytes;
        const char* from = view_.data + first * row;
        if (direct_) return reinterpret_cast<const float*>(from);
        float* wide = wide_.as<float>();
        parallel_ranges(count, rows_per_grain(width_), [&](int64_t begin, int64_t end, int) {
            kernels().to_float(view_.dtype, from + begin * row, wide + begin * width_, (end - begin) * width_);
        });
        return wide;
    }

private:
    const View view_;
    const int64_t width_;
    const bool direct_;
    const Scratch wide_;
};

}  // namespace microtome

#endif
