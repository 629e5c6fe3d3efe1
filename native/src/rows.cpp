// mt_reduce, mt_softmax, mt_rms_norm, mt_rotary: the functions that work along the last axis.
#include "kernel_table.h"
#include "parallel.h"
#include "view.h"

using namespace microtome;

namespace {

void check_reduce(const View& in, const View& out, mt_reduce_kind kind) {
    MT_REQUIRE(kind >= MT_SUM && kind <= MT_LOGSUMEXP, "%d is not a reduction; need 0 to 2", kind);
    require_type(in, {MT_F32, MT_BF16, MT_I32});
    MT_REQUIRE(in.dtype != MT_I32 || kind != MT_LOGSUMEXP, "I32 has SUM and MAX only; cast to F32 first");
    require_same_type(in, out);
    require_contiguous(in);
    require_contiguous(out);
    const bool fits = in.rank > 0 && out.rank == in.rank && out.width() == 1 &&
                      std::equal(in.extent, in.extent + in.rank - 1, out.extent);
    MT_REQUIRE(fits, "out must be in %s with 1 as its last extent; it is %s", in.shape().c_str(), out.shape().c_str());
    require_disjoint(out, in);
}

void check_rms_norm(const View& in, const View& gain, const View& out) {
    require_type(in, {MT_F32, MT_BF16});
    require_type(gain, {MT_F32});
    require_type(out, {MT_F32, MT_BF16});
    require_same_shape(in, out);
    MT_REQUIRE(in.rank > 0, "in has no axis to normalise");
    MT_REQUIRE(gain.rank == 1 && gain.width() == in.width(), "gain must be [%lld]; it is %s", (long long)in.width(),
               gain.shape().c_str());
    for (const View* view : {&in, &gain, &out}) require_contiguous(*view);
    require_disjoint(out, in);
    require_disjoint(out, gain);
}

void check_rotary(const View& in, const View& cosine, const View& sine, const View& out, int32_t heads) {
    require_type(in, {MT_F32, MT_BF16});
    require_same_type(in, out);
    require_rank(in, 3);
    require_same_shape(in, out);
    MT_REQUIRE(heads > 0 && in.width() % heads == 0 && in.width() / heads % 2 == 0,
               "%d heads over a width of %lld: need 1 or more heads of one even width", heads, (long long)in.width());
    for (const View* table : {&cosine, &sine}) {
        require_type(*table, {MT_F32});
        require_rank(*table, 2);
        MT_REQUIRE(table->extent[0] == in.extent[1] && table->extent[1] == in.width() / heads / 2,
                   "%s must be [positions, head_width / 2] = [%lld, %lld]; it is %s", table->name,
                   (long long)in.extent[1], (long long)(in.width() / heads / 2), table->shape().c_str());
        require_contiguous(*table);
        require_disjoint(out, *table);
    }
    require_contiguous(in);
    require_contiguous(out);
    require_disjoint(out, in, true);
}

const float* floats(const Aligned& view) { return reinterpret_cast<const float*>(view.data()); }

}  // namespace

extern "C" {

mt_status mt_reduce(mt_engine* engine, mt_reduce_kind kind, const mt_tensor* in, const mt_tensor* out) {
    return entry(engine, "mt_reduce", [&](mt_engine& own) {
        const View x = read(own, in, "in"), y = written(own, out, "out");
        check_reduce(x, y, kind);
        const Aligned source(own, x);
        const int64_t size = unit_of(x.dtype).bytes, width = x.width();
        parallel_ranges(y.elements, rows_per_grain(width), [&](int64_t begin, int64_t end, int) {
            kernels().reduce(kind, x.dtype, source.data() + begin * width * size, y.data + begin * size, end - begin,
                             width);
        });
    });
}

mt_status mt_softmax(mt_engine* engine, const mt_tensor* in, const mt_tensor* out) {
    return entry(engine, "mt_softmax", [&](mt_engine& own) {
        const View x = read(own, in, "in"), y = written(own, out, "out");
        require_type(x, {MT_F32, MT_BF16});
        require_same_type(x, y);
        require_same_shape(x, y);
        MT_REQUIRE(x.rank > 0, "in has no axis to normalise");
        require_contiguous(x);
        require_contiguous(y);
        require_disjoint(y, x, true);
        if (y.elements == 0) return;
        const Aligned source(own, x);
        const int64_t size = unit_of(x.dtype).bytes, width = x.width();
        const Scratch scratch(own.pool, omp_get_max_threads() * width * int64_t(sizeof(float)));
        parallel_ranges(x.rows(), rows_per_grain(width * 2), [&](int64_t begin, int64_t end, int thread) {
            kernels().softmax(x.dtype, source.data() + begin * width * size, y.data + begin * width * size, end - begin,
                              width, scratch.as<float>() + thread * width);
        });
    });
}

mt_status mt_rms_norm(mt_engine* engine, float epsilon, const mt_tensor* in, const mt_tensor* gain,
                      const mt_tensor* out) {
    return entry(engine, "mt_rms_norm", [&](mt_engine& own) {
        const View x = read(own, in, "in"), g = read(own, gain, "gain"), y = written(own, out, "out");
        check_rms_norm(x, g, y);
        MT_REQUIRE(epsilon >= 0.0f, "epsilon is %g; need 0 or more", double(epsilon));
        const Aligned source(own, x), gains(own, g);
        const int64_t in_size = unit_of(x.dtype).bytes, out_size = unit_of(y.dtype).bytes, width = x.width();
        parallel_ranges(x.rows(), rows_per_grain(width), [&](int64_t begin, int64_t end, int) {
            kernels().rms_norm(x.dtype, y.dtype, source.data() + begin * width * in_size, floats(gains), epsilon,
                               y.data + begin * width * out_size, end - begin, width);
        });
    });
}

mt_status mt_rotary(mt_engine* engine, int32_t heads, const mt_tensor* in, const mt_tensor* cosine,
                    const mt_tensor* sine, const mt_tensor* out) {
    return entry(engine, "mt_rotary", [&](mt_engine& own) {
        const View x = read(own, in, "in"), c = read(own, cosine, "cosine"), s = read(own, sine, "sine");
        const View y = written(own, out, "out");
        check_rotary(x, c, s, y, heads);
        if (y.elements == 0) return;
        const Aligned source(own, x), cosines(own, c), sines(own, s);
        const int64_t row = x.width() * unit_of(x.dtype).bytes, positions = x.extent[1];
        const int64_t head_width = x.width() / heads, half = head_width / 2;
        parallel_ranges(x.rows(), rows_per_grain(x.width()), [&](int64_t begin, int64_t end, int) {
            for (int64_t r = begin; r < end; ++r) {
                const int64_t position = r % positions;
                kernels().rotary(x.dtype, source.data() + r * row, floats(cosines) + position * half,
                                 floats(sines) + position * half, y.data + r * row, heads, head_width);
            }
        });
    });
}

}  // extern "C"
