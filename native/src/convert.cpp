// mt_cast, mt_fill, mt_gather.
#include <string.h>

#include <cmath>

#include "kernel_table.h"
#include "parallel.h"
#include "view.h"

using namespace microtome;

namespace {

enum : int64_t { kChunk = 1024 };  // floats between two conversions; whole blocks of every type

int64_t bytes_of(mt_dtype dtype, int64_t elements) {
    const Unit unit = unit_of(dtype);
    return elements / unit.elements * unit.bytes;
}

void check_cast(const View& in, const View& out) {
    if (in.dtype == MT_I32) {
        require_type(out, {MT_F32, MT_BF16, MT_F16, MT_I32});
    } else if (in.dtype == MT_F32 || in.dtype == MT_F64) {
        require_type(out, {MT_F32, MT_BF16, MT_F16, MT_I32});
    } else {
        require_type(out, {MT_F32, MT_BF16, MT_F16});
    }
    require_same_shape(in, out);
    require_contiguous(in);
    require_contiguous(out);
    require_disjoint(out, in);
}

// Towards zero; outside the range the nearest end, NaN 0 (as Java's cast).
int32_t integer_of(double value) {
    if (value != value) return 0;
    if (value >= 2147483647.0) return INT32_MAX;
    return value <= -2147483648.0 ? INT32_MIN : static_cast<int32_t>(value);
}

void doubles_to_integers(const char* in, char* out, int64_t count) {
    for (int64_t i = 0; i < count; ++i) {
        double value;
        memcpy(&value, in + i * int64_t(sizeof value), sizeof value);
        const int32_t integer = integer_of(value);
        memcpy(out + i * int64_t(sizeof integer), &integer, sizeof integer);
    }
}

// Not every integer is a float, but every one is a double.
void integers_to_odd_floats(const char* in, float* out, int64_t count) {
    double doubles[kChunk];
    for (int64_t i = 0; i < count; ++i) {
        int32_t integer;
        memcpy(&integer, in + i * int64_t(sizeof integer), sizeof integer);
        doubles[i] = integer;
    }
    kernels().double_to_odd_float(doubles, out, count);
}

// Through floats, a piece at a time.
void cast_chunks(mt_dtype from, const char* in, mt_dtype to, char* out, int64_t count) {
    float floats[kChunk];
    for (int64_t at = 0; at < count; at += kChunk) {
        const int64_t part = std::min<int64_t>(kChunk, count - at);
        const char* source = in + bytes_of(from, at);
        if (from == MT_F64) {
            kernels().double_to_odd_float(source, floats, part);
        } else if (from == MT_I32) {
            integers_to_odd_floats(source, floats, part);
        } else {
            kernels().to_float(from, source, floats, part);
        }
        kernels().from_float(to, floats, out + bytes_of(to, at), part);
    }
}

void cast_range(mt_dtype from, const char* in, mt_dtype to, char* out, int64_t count) {
    if (from == to) {
        memcpy(out, in, static_cast<size_t>(bytes_of(from, count)));
    } else if (from == MT_F64 && to == MT_I32) {
        doubles_to_integers(in, out, count);
    } else if (from == MT_I32 && to == MT_F32) {
        kernels().int_to_float(in, reinterpret_cast<float*>(out), count);
    } else if (to == MT_F32) {
        kernels().to_float(from, in, reinterpret_cast<float*>(out), count);
    } else {
        cast_chunks(from, in, to, out, count);
    }
}

// All indices are looked at before the first row is written.
void check_indices(const View& table, const int32_t* indices, int64_t count) {
    const int64_t rows = table.extent[0];
    for (int64_t i = 0; i < count; ++i) {
        MT_REQUIRE(indices[i] >= 0 && indices[i] < rows, "index %d at place %lld is outside the table's rows 0..%lld",
                   indices[i], (long long)i, (long long)rows - 1);
    }
}

void check_gather(const View& table, const View& indices, const View& out) {
    require_type(table, {MT_F32, MT_F16, MT_BF16, MT_F64, MT_I32, MT_Q4_0, MT_Q4_1, MT_Q5_0, MT_Q5_1, MT_Q8_0, MT_Q4_K,
                         MT_Q5_K, MT_Q6_K});
    require_type(indices, {MT_I32});
    if (is_block_type(table.dtype)) {
        require_type(out, {MT_F32});
    } else {
        require_same_type(table, out);
    }
    require_rank(table, 2);
    for (const View* view : {&table, &indices, &out}) require_contiguous(*view);
    const bool fits = out.rank == indices.rank + 1 && out.width() == table.width() &&
                      std::equal(indices.extent, indices.extent + indices.rank, out.extent);
    MT_REQUIRE(fits, "table %s and indices %s give the indices' shape followed by %lld; out is %s",
               table.shape().c_str(), indices.shape().c_str(), (long long)table.width(), out.shape().c_str());
    require_disjoint(out, table);
    require_disjoint(out, indices);
}

}  // namespace

extern "C" {

mt_status mt_cast(mt_engine* engine, const mt_tensor* in, const mt_tensor* out) {
    return entry(engine, "mt_cast", [&](mt_engine& own) {
        const View x = read(own, in, "in"), y = written(own, out, "out");
        check_cast(x, y);
        parallel_ranges(x.elements, kGrain, [&](int64_t begin, int64_t end, int) {
            cast_range(x.dtype, x.data + bytes_of(x.dtype, begin), y.dtype, y.data + bytes_of(y.dtype, begin),
                       end - begin);
        });
    });
}

mt_status mt_gather(mt_engine* engine, const mt_tensor* table, const mt_tensor* indices, const mt_tensor* out) {
    return entry(engine, "mt_gather", [&](mt_engine& own) {
        const View t = read(own, table, "table"), i = read(own, indices, "indices"), y = written(own, out, "out");
        check_gather(t, i, y);
        const Aligned numbers(own, i);
        const int32_t* index = reinterpret_cast<const int32_t*>(numbers.data());
        check_indices(t, index, i.elements);
        if (y.elements == 0) return;
        const int64_t width = t.width(), in_bytes = bytes_of(t.dtype, width), out_bytes = bytes_of(y.dtype, width);
        parallel_ranges(i.elements, rows_per_grain(width), [&](int64_t begin, int64_t end, int) {
            for (int64_t r = begin; r < end; ++r) {
                cast_range(t.dtype, t.data + index[r] * in_bytes, y.dtype, y.data + r * out_bytes, width);
            }
        });
    });
}

mt_status mt_fill(mt_engine* engine, double value, const mt_tensor* out) {
    return entry(engine, "mt_fill", [&](mt_engine& own) {
        const View y = written(own, out, "out");
        require_type(y, {MT_F32, MT_BF16, MT_F16, MT_F64, MT_I32});
        require_contiguous(y);
        const bool fits =
            y.dtype != MT_I32 || (value >= -2147483648.0 && value <= 2147483647.0 && std::trunc(value) == value);
        MT_REQUIRE(fits, "%g is not a 32-bit integer", value);
        const int64_t size = unit_of(y.dtype).bytes;
        parallel_ranges(y.elements, kGrain, [&](int64_t begin, int64_t end, int) {
            kernels().fill(y.dtype, value, y.data + begin * size, end - begin);
        });
    });
}

}  // extern "C"
