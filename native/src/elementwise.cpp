// mt_unary, mt_binary, mt_gated_activation.
#include "kernel_table.h"
#include "parallel.h"
#include "strides.h"
#include "view.h"

using namespace microtome;

namespace {

void check_binary(const View& left, const View& right, const View& out, mt_binary_kind kind) {
    MT_REQUIRE(kind >= MT_ADD && kind <= MT_LESS, "%d is not a binary function; need 0 to 6", kind);
    require_type(out, {MT_F32, MT_BF16, MT_I32});
    MT_REQUIRE(out.dtype != MT_I32 || kind != MT_DIVIDE, "I32 has no DIVIDE; cast to F32 first");
    require_contiguous(out);
    for (const View* side : {&left, &right}) {
        require_row_major(*side);
        require_same_type(*side, out);
        require_same_shape(*side, out);
        require_disjoint(out, *side, true);
    }
}

}  // namespace

extern "C" {

mt_status mt_unary(mt_engine* engine, mt_unary_kind kind, const mt_tensor* in, const mt_tensor* out) {
    return entry(engine, "mt_unary", [&](mt_engine& own) {
        MT_REQUIRE(kind >= MT_NEGATE && kind <= MT_SIGMOID, "%d is not a function of one value; need 0 to 11", kind);
        const View x = read(own, in, "in"), y = written(own, out, "out");
        require_type(x, {MT_F32, MT_BF16, MT_I32});
        MT_REQUIRE(x.dtype != MT_I32 || kind <= MT_SIGN, "I32 has NEGATE, ABS and SIGN only; cast to F32 first");
        require_same_type(x, y);
        require_same_shape(x, y);
        require_contiguous(x);
        require_contiguous(y);
        require_disjoint(y, x, true);
        const Aligned source(own, x);
        const int64_t size = unit_of(x.dtype).bytes;
        parallel_ranges(x.elements, kGrain, [&](int64_t begin, int64_t end, int) {
            kernels().unary(kind, x.dtype, source.data() + begin * size, y.data + begin * size, end - begin);
        });
    });
}

mt_status mt_binary(mt_engine* engine, mt_binary_kind kind, const mt_tensor* left, const mt_tensor* right,
                    const mt_tensor* out) {
    return entry(engine, "mt_binary", [&](mt_engine& own) {
        const View a = read(own, left, "left"), b = read(own, right, "right"), y = written(own, out, "out");
        check_binary(a, b, y, kind);
        if (y.elements == 0) return;
        const Aligned first(own, a), second(own, b);
        const int64_t size = unit_of(y.dtype).bytes;
        const Loops<3> loops = merge_axes<3>(y.rank, y.extent, {y.stride, a.stride, b.stride});
        const int64_t width = loops.extent[0], sa = loops.stride[1][0], sb = loops.stride[2][0];
        // One long row is shared out by columns, many rows by rows.
        parallel_ranges(y.elements, kGrain, [&](int64_t begin, int64_t end, int) {
            for (int64_t at = begin; at < end;) {
                const int64_t row = at / width, column = at % width, count = std::min(width - column, end - at);
                const std::array<int64_t, 3> offset = loops.offsets(row);
                kernels().binary(kind, y.dtype, first.data() + (offset[1] + column * sa) * size, sa,
                                 second.data() + (offset[2] + column * sb) * size, sb, y.data + at * size, count);
                at += count;
            }
        });
    });
}

mt_status mt_gated_activation(mt_engine* engine, mt_activation_kind kind, const mt_tensor* gate, const mt_tensor* up,
                              const mt_tensor* out) {
    return entry(engine, "mt_gated_activation", [&](mt_engine& own) {
        MT_REQUIRE(kind >= MT_SILU && kind <= MT_GELU_ERF, "%d is not an activation; need 0 to 2", kind);
        const View g = read(own, gate, "gate"), u = read(own, up, "up"), y = written(own, out, "out");
        require_type(g, {MT_F32, MT_BF16});
        require_type(y, {MT_F32, MT_BF16});
        require_same_type(g, u);
        require_same_shape(g, u);
        require_same_shape(g, y);
        for (const View* view : {&g, &u, &y}) require_contiguous(*view);
        require_disjoint(y, g);
        require_disjoint(y, u);
        const Aligned gates(own, g), ups(own, u);
        const int64_t in_size = unit_of(g.dtype).bytes, out_size = unit_of(y.dtype).bytes;
        parallel_ranges(y.elements, kGrain / 2, [&](int64_t begin, int64_t end, int) {
            kernels().gated(kind, g.dtype, y.dtype, gates.data() + begin * in_size, ups.data() + begin * in_size,
                            y.data + begin * out_size, end - begin);
        });
    });
}

}  // extern "C"
