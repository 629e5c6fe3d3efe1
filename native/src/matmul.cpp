// mt_matmul: checks, and the choice of a way. Three ways: the library directly; BF16 weights and weights as they are
// stored with F32 activations, decoded on the way (wide_products.cpp, stored_products.cpp); everything in F32 where the
// processor has no BF16 products.
#include <string.h>

#include "dense.h"
#include "kernel_table.h"
#include "parallel.h"
#include "products.h"
#include "strides.h"
#include "view.h"

using namespace microtome;

namespace {

struct Call {
    View left, right, out, addend;
    bool has_addend = false, transposed = false;
    int64_t m = 0, n = 0, k = 0;
    bool packed() const { return right.layout == MT_PACKED; }
    // Rows of a weight that is decoded on the way.
    bool stored() const {
        return !packed() && transposed && right.rank == 2 && right.dtype != MT_F32 && right.contiguous();
    }
};

bool free_strides(const View& view) {
    for (int i = 0; i < view.rank; ++i) {
        if (view.extent[i] > 1 && (i == view.rank - 1 ? view.stride[i] != 1 : view.stride[i] < 0)) return false;
    }
    return true;
}

void check_types(const Call& call) {
    const mt_dtype right = call.right.dtype;
    require_type(call.left, {MT_F32, MT_BF16});
    require_type(call.right,
                 {MT_F32, MT_BF16, MT_F16, MT_Q4_0, MT_Q4_1, MT_Q5_0, MT_Q5_1, MT_Q8_0, MT_Q4_K, MT_Q5_K, MT_Q6_K});
    require_type(call.out, {MT_F32, MT_BF16});
    MT_REQUIRE(!call.packed() || call.transposed, "a packed right operand is [n, k]; pass transpose_right = 1");
    const bool decoded = right == MT_F16 || is_block_type(right);
    MT_REQUIRE(
        !decoded || call.stored(),
        "right %s of %s%s; a right operand of F16 or blocks must be [n, k], contiguous, with transpose_right = 1",
        call.right.shape().c_str(), name_of(right), call.transposed ? "" : " is not transposed");
    const bool mixed = call.left.dtype == MT_F32 && right == MT_BF16 && (call.packed() || call.stored());
    MT_REQUIRE(decoded || call.left.dtype == right || mixed,
               "left is %s and right is %s%s; allowed: one type, or F32 x BF16 [n, k] (packed, or contiguous with "
               "transpose_right = 1)",
               name_of(call.left.dtype), name_of(right), call.packed() ? " packed" : "");
}

void check_shapes(Call& call) {
    const View &left = call.left, &right = call.right, &out = call.out;
    require_row_major(left);
    require_contiguous(out);
    MT_REQUIRE(left.rank >= 2 && (right.rank == 2 || right.rank == left.rank) && out.rank == left.rank,
               "left %s, right %s, out %s: left needs rank 2 or more, right rank 2 or that of left, out that of left",
               left.shape().c_str(), right.shape().c_str(), out.shape().c_str());
    call.m = left.extent[left.rank - 2];
    call.k = left.extent[left.rank - 1];
    call.n = right.extent[right.rank - (call.transposed ? 2 : 1)];
    bool fits = call.k == right.extent[right.rank - (call.transposed ? 1 : 2)] && out.extent[out.rank - 1] == call.n &&
                std::equal(left.extent, left.extent + left.rank - 1, out.extent);
    if (right.rank > 2) fits = fits && std::equal(left.extent, left.extent + left.rank - 2, right.extent);
    MT_REQUIRE(fits, "left %s x right %s%s does not give out %s", left.shape().c_str(), right.shape().c_str(),
               call.transposed ? " (transposed)" : "", out.shape().c_str());
    MT_REQUIRE(free_strides(left) && (call.packed() || free_strides(right)),
               "left and right need a contiguous last axis and strides of 0 or more elsewhere");
}

void check_addend(const Call& call) {
    if (!call.has_addend) return;
    require_same_type(call.addend, call.out);
    require_contiguous(call.addend);
    MT_REQUIRE(call.addend.same_shape(call.out) || (call.addend.rank == 1 && call.addend.extent[0] == call.n),
               "addend %s must be [%lld] or %s", call.addend.shape().c_str(), (long long)call.n,
               call.out.shape().c_str());
}

// The batch axes and rows of the views. Where one right matrix serves all, batch axes become rows.
Product product_of(const Call& call, bool decoding) {
    const View &left = call.left, &right = call.right, &out = call.out;
    Product p;
    p.left_type = left.dtype;
    p.right_type = right.dtype;
    p.out_type = out.dtype;
    p.n = call.n;
    p.k = call.k;
    int64_t right_stride[MT_MAX_RANK] = {};
    if (right.rank > 2) std::copy_n(right.stride, right.rank - 2, right_stride);
    const Loops<3> loops = merge_axes<3>(left.rank - 1, left.extent, {left.stride, right_stride, out.stride});
    const bool rows_inside = loops.stride[1][0] == 0;
    p.m = rows_inside ? loops.extent[0] : 1;
    p.left_row = p.m > 1 ? loops.stride[0][0] : call.k;
    p.out_row = call.n;
    for (int i = loops.depth - 1; i >= (rows_inside ? 1 : 0); --i) {
        p.add_batch(loops.extent[i], loops.stride[0][i], loops.stride[1][i], loops.stride[2][i]);
    }
    p.right_form = call.packed() ? Product::kPacked : decoding && call.stored() ? Product::kStored : Product::kPlain;
    if (p.right_form != Product::kPlain) return p;
    const int64_t inner = call.transposed ? call.k : call.n, outer = call.transposed ? call.n : call.k;
    const int64_t stride = outer > 1 ? right.stride[right.rank - 2] : inner;
    p.right_row = call.transposed ? 1 : stride;
    p.right_column = call.transposed ? stride : 1;
    return p;
}

void set_addend(const Call& call, Product& p) {
    if (call.has_addend) p.addend_form = call.addend.rank == 1 ? Product::kRow : Product::kFull;
}

void fill_without_depth(mt_engine& engine, const Call& call) {
    if (!call.has_addend) {
        memset(call.out.data, 0, static_cast<size_t>(call.out.last_byte - call.out.first_byte));
        return;
    }
    const Aligned addend(engine, call.addend);
    const int64_t row = call.n * unit_of(call.out.dtype).bytes, step = call.addend.rank == 1 ? 0 : row;
    for (int64_t r = 0; r < call.out.rows(); ++r) {
        memcpy(call.out.data + r * row, addend.data() + r * step, static_cast<size_t>(row));
    }
}

// Widens what is BF16 (packed and stored weights stay), multiplies, narrows the result.
void multiply_widened(mt_engine& engine, Call call) {
    const bool narrow = call.out.dtype == MT_BF16;
    const Dense left(engine, call.left, MT_F32);
    call.left = left.view();
    std::unique_ptr<Dense> right, addend;
    if (!call.packed() && !call.stored()) {
        right = std::make_unique<Dense>(engine, call.right, MT_F32);
        call.right = right->view();
    }
    if (call.has_addend) addend = std::make_unique<Dense>(engine, call.addend, MT_F32);
    const float* add = addend ? reinterpret_cast<const float*>(addend->view().data) : nullptr;
    const Scratch wide(engine.pool, narrow ? call.out.elements * int64_t(sizeof(float)) : 0);
    float* out = narrow ? wide.as<float>() : reinterpret_cast<float*>(call.out.data);
    Product p = product_of(call, true);
    set_addend(call, p);
    p.out_type = MT_F32;
    multiply_f32(*engine.products, engine.pool, p, {call.left.data, call.right.data, add, out});
    if (!narrow) return;
    parallel_ranges(call.out.elements, kGrain, [&](int64_t begin, int64_t end, int) {
        kernels().from_float(MT_BF16, out + begin, call.out.data + begin * 2, end - begin);
    });
}

// The library reads any address, any strides but the odd ones, and BF16 where the processor has such products.
bool multiply_directly(mt_engine& engine, const Call& call) {
    const bool bf16 = call.left.dtype == MT_BF16;
    if (is_block_type(call.right.dtype) || call.right.dtype == MT_F16) return false;
    if (bf16 != (call.right.dtype == MT_BF16) || (bf16 && !engine.products->multiplies_bf16())) return false;
    Product p = product_of(call, false);
    set_addend(call, p);
    if (call.packed() && p.m <= (bf16 ? kOwnRowsOfBf16 : kOwnRows)) return false;
    return has_plain_rows(p) &&
           engine.products->multiply(
               engine.pool, p,
               {call.left.data, call.right.data, call.has_addend ? call.addend.data : nullptr, call.out.data});
}

}  // namespace

extern "C" mt_status mt_matmul(mt_engine* engine, int32_t transpose_right, const mt_tensor* left,
                               const mt_tensor* right, const mt_tensor* addend, const mt_tensor* out) {
    return entry(engine, "mt_matmul", [&](mt_engine& own) {
        Call call;
        call.left = read(own, left, "left");
        call.right = read(own, right, "right");
        call.out = written(own, out, "out");
        call.has_addend = addend != nullptr;
        call.transposed = transpose_right != 0;
        if (call.has_addend) call.addend = read(own, addend, "addend");
        check_types(call);
        check_shapes(call);
        check_addend(call);
        require_disjoint(call.out, call.left);
        require_disjoint(call.out, call.right);
        if (call.has_addend) require_disjoint(call.out, call.addend);
        if (call.out.elements == 0) return;
        if (call.k == 0) return fill_without_depth(own, call);
        if (!multiply_directly(own, call)) multiply_widened(own, call);
    });
}
