// mt_where, mt_scatter_add, mt_top_k: the functions that choose or place elements.
#include <string.h>

#include <algorithm>
#include <functional>

#include "parallel.h"
#include "rank.h"
#include "view.h"

using namespace microtome;

namespace {

// ---- mt_where ----

// A condition is zero when no bit but the sign of a floating point number is set.
uint64_t magnitude_bits(mt_dtype dtype) {
    switch (dtype) {
        case MT_F64:
            return UINT64_MAX >> 1;
        case MT_F32:
            return UINT32_MAX >> 1;
        case MT_I32:
            return UINT32_MAX;
        default:
            return UINT16_MAX >> 1;
    }
}

template <class Condition, class Value>
void choose(const char* condition, Condition mask, const char* first, const char* second, char* out, int64_t count) {
    const auto* bits = reinterpret_cast<const Condition*>(condition);
    const auto* x = reinterpret_cast<const Value*>(first);
    const auto* y = reinterpret_cast<const Value*>(second);
    auto* result = reinterpret_cast<Value*>(out);
    for (int64_t i = 0; i < count; ++i) result[i] = (bits[i] & mask) != 0 ? x[i] : y[i];
}

template <class Condition>
void choose(const char* condition, Condition mask, const char* first, const char* second, char* out, int64_t count,
            int64_t size) {
    if (size == 2) return choose<Condition, uint16_t>(condition, mask, first, second, out, count);
    if (size == 4) return choose<Condition, uint32_t>(condition, mask, first, second, out, count);
    choose<Condition, uint64_t>(condition, mask, first, second, out, count);
}

void check_where(const View& condition, const View& first, const View& second, const View& out) {
    for (const View* view : {&condition, &first, &second, &out}) {
        require_type(*view, {MT_F32, MT_F16, MT_BF16, MT_F64, MT_I32});
        require_contiguous(*view);
        require_same_shape(*view, out);
    }
    require_same_type(first, out);
    require_same_type(second, out);
    require_disjoint(out, condition);
    require_disjoint(out, first, true);
    require_disjoint(out, second, true);
}

// ---- mt_scatter_add ----

void check_scatter_add(const View& table, const View& indices, const View& updates, const View& out) {
    require_type(table, {MT_F32, MT_I32});
    require_same_type(table, updates);
    require_same_type(table, out);
    require_type(indices, {MT_I32});
    require_rank(table, 2);
    require_same_shape(table, out);
    for (const View* view : {&table, &indices, &updates, &out}) require_contiguous(*view);
    const bool fits = updates.rank == indices.rank + 1 && updates.width() == table.width() &&
                      std::equal(indices.extent, indices.extent + indices.rank, updates.extent);
    MT_REQUIRE(fits, "table %s and indices %s need updates of the indices' shape followed by %lld; they are %s",
               table.shape().c_str(), indices.shape().c_str(), (long long)table.width(), updates.shape().c_str());
    for (const View* view : {&table, &indices, &updates}) require_disjoint(out, *view);
}

void check_indices(const int32_t* indices, int64_t count, int64_t rows) {
    for (int64_t i = 0; i < count; ++i) {
        MT_REQUIRE(indices[i] >= 0 && indices[i] < rows, "index %d at place %lld is outside the table's rows 0..%lld",
                   indices[i], (long long)i, (long long)rows - 1);
    }
}

// Columns begin .. end of every update, in their order.
template <class Number>
void add_rows(Number* out, const int32_t* rows, const Number* updates, int64_t count, int64_t width, int64_t begin,
              int64_t end) {
    for (int64_t n = 0; n < count; ++n) {
        Number* to = out + rows[n] * width;
        const Number* from = updates + n * width;
        for (int64_t c = begin; c < end; ++c) to[c] += from[c];
    }
}

// ---- mt_top_k ----

void top_of_row(const float* row, int64_t width, int64_t count, int64_t* ranks, int32_t* out) {
    for (int64_t i = 0; i < width; ++i) ranks[i] = rank_of(row[i], i);
    std::partial_sort(ranks, ranks + count, ranks + width, std::greater<int64_t>());
    for (int64_t i = 0; i < count; ++i) out[i] = place_of(ranks[i]);
}

void check_top_k(const View& in, const View& out) {
    require_type(in, {MT_F32});
    require_type(out, {MT_I32});
    require_contiguous(in);
    require_contiguous(out);
    const bool fits = in.rank > 0 && out.rank == in.rank && std::equal(in.extent, in.extent + in.rank - 1, out.extent);
    MT_REQUIRE(fits, "out must have the leading extents of in %s; it is %s", in.shape().c_str(), out.shape().c_str());
    MT_REQUIRE(out.width() >= 1 && out.width() <= in.width(),
               "%lld of %lld values; need 1 or more and not more than all", (long long)out.width(),
               (long long)in.width());
    MT_REQUIRE(in.width() <= INT32_MAX, "rows of %lld values; places are 32-bit numbers", (long long)in.width());
    require_disjoint(out, in);
}

}  // namespace

extern "C" {

mt_status mt_where(mt_engine* engine, const mt_tensor* condition, const mt_tensor* first, const mt_tensor* second,
                   const mt_tensor* out) {
    return entry(engine, "mt_where", [&](mt_engine& own) {
        const View c = read(own, condition, "condition"), x = read(own, first, "first");
        const View y = read(own, second, "second"), z = written(own, out, "out");
        check_where(c, x, y, z);
        if (z.elements == 0) return;
        const Aligned conditions(own, c), firsts(own, x), seconds(own, y);
        const int64_t size = unit_of(z.dtype).bytes, condition_size = unit_of(c.dtype).bytes;
        const uint64_t mask = magnitude_bits(c.dtype);
        parallel_ranges(z.elements, kGrain, [&](int64_t begin, int64_t end, int) {
            const char* bits = conditions.data() + begin * condition_size;
            const char *a = firsts.data() + begin * size, *b = seconds.data() + begin * size;
            char* to = z.data + begin * size;
            if (condition_size == 2) return choose(bits, uint16_t(mask), a, b, to, end - begin, size);
            if (condition_size == 4) return choose(bits, uint32_t(mask), a, b, to, end - begin, size);
            choose(bits, mask, a, b, to, end - begin, size);
        });
    });
}

mt_status mt_scatter_add(mt_engine* engine, const mt_tensor* table, const mt_tensor* indices, const mt_tensor* updates,
                         const mt_tensor* out) {
    return entry(engine, "mt_scatter_add", [&](mt_engine& own) {
        const View t = read(own, table, "table"), i = read(own, indices, "indices"), u = read(own, updates, "updates");
        const View y = written(own, out, "out");
        check_scatter_add(t, i, u, y);
        const Aligned places(own, i), added(own, u);
        const auto* rows = reinterpret_cast<const int32_t*>(places.data());
        check_indices(rows, i.elements, t.extent[0]);
        if (y.elements == 0) return;
        const int64_t size = unit_of(y.dtype).bytes;
        parallel_ranges(y.elements, kGrain, [&](int64_t begin, int64_t end, int) {
            memcpy(y.data + begin * size, t.data + begin * size, size_t((end - begin) * size));
        });
        // Threads share out the columns, so that every row is added to in one order.
        const int64_t width = y.width(), grain = rows_per_grain(i.elements);
        parallel_ranges(width, std::max<int64_t>(grain, 16), [&](int64_t begin, int64_t end, int) {
            if (y.dtype == MT_I32) {  // without sign, so that sums wrap around
                add_rows(reinterpret_cast<uint32_t*>(y.data), rows, reinterpret_cast<const uint32_t*>(added.data()),
                         i.elements, width, begin, end);
            } else {
                add_rows(reinterpret_cast<float*>(y.data), rows, reinterpret_cast<const float*>(added.data()),
                         i.elements, width, begin, end);
            }
        });
    });
}

mt_status mt_top_k(mt_engine* engine, const mt_tensor* in, const mt_tensor* out) {
    return entry(engine, "mt_top_k", [&](mt_engine& own) {
        const View x = read(own, in, "in"), y = written(own, out, "out");
        check_top_k(x, y);
        if (y.elements == 0) return;
        const Aligned source(own, x);
        const auto* values = reinterpret_cast<const float*>(source.data());
        auto* places = reinterpret_cast<int32_t*>(y.data);
        const int64_t width = x.width(), count = y.width();
        const Scratch ranks(own.pool, omp_get_max_threads() * width * int64_t(sizeof(int64_t)));
        parallel_ranges(x.rows(), rows_per_grain(width), [&](int64_t begin, int64_t end, int thread) {
            for (int64_t r = begin; r < end; ++r) {
                top_of_row(values + r * width, width, count, ranks.as<int64_t>() + thread * width, places + r * count);
            }
        });
    });
}

}  // extern "C"
