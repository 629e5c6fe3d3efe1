// mt_packed_bytes, mt_pack.
#include "pack.h"

#include "engine.h"
#include "kernel_table.h"
#include "parallel.h"
#include "view.h"

namespace microtome {
namespace {

enum : int64_t { kDepth = 2048 };  // inputs decoded at a time: 64 rows of floats stay in the second-level cache
constexpr int64_t kForgotten = int64_t(4)
                               << 20;  // bytes of a mapped file that are read before their pages are given back

}  // namespace

int64_t StoredWeight::row_bytes() const {
    const Unit unit = unit_of(dtype);
    return k / unit.elements * unit.bytes;
}

int64_t decoded_floats(const StoredWeight& weight) { return kBlockColumns * std::min<int64_t>(kDepth, weight.k); }

// `depth` inputs at a time.
void pack_block(const StoredWeight& weight, mt_dtype dtype, int64_t first_row, float* decoded, char* out) {
    const int64_t k = weight.k, rows = std::min<int64_t>(kBlockColumns, weight.n - first_row);
    const Unit unit = unit_of(weight.dtype);
    const int64_t element = unit_of(dtype).bytes;
    for (int64_t k0 = 0; k0 < k; k0 += kDepth) {
        const int64_t depth = std::min<int64_t>(kDepth, k - k0);
        const int64_t padded = k0 + depth == k ? padded_depth(dtype, k) - k0 : depth;
        const float* source = decoded;
        int64_t stride = depth;
        if (weight.dtype == MT_F32) {
            source = reinterpret_cast<const float*>(weight.data) + first_row * k + k0;
            stride = k;
        } else {
            for (int64_t r = 0; r < rows; ++r) {
                const int64_t at = (first_row + r) * k + k0;
                kernels().to_float(weight.dtype, weight.data + at / unit.elements * unit.bytes, decoded + r * depth,
                                   depth);
            }
        }
        char* target = out + k0 * kBlockColumns * element;
        if (dtype == MT_F32) {
            kernels().pack_f32(source, stride, 1, rows, depth, padded, reinterpret_cast<float*>(target));
        } else {
            kernels().pack_bf16(source, stride, rows, depth, padded, reinterpret_cast<uint16_t*>(target));
        }
    }
}

int64_t padded_depth(mt_dtype dtype, int64_t k) {
    const int64_t step = dtype == MT_BF16 ? 32 : 16;
    return (k + step - 1) / step * step;
}

int64_t packed_bytes(mt_dtype dtype, int64_t n, int64_t k) {
    const bool small = n >= 0 && k >= 0 && n <= INT64_MAX / 2 && k <= INT64_MAX / 2;
    int64_t bytes = 0;
    if (small) {
        const int64_t columns = (n + kBlockColumns - 1) / kBlockColumns * kBlockColumns;
        const bool overflow = __builtin_mul_overflow(columns, padded_depth(dtype, k), &bytes) ||
                              __builtin_mul_overflow(bytes, unit_of(dtype).bytes, &bytes);
        if (!overflow) return bytes;
    }
    fail(MT_INVALID_ARGUMENT, "a weight [%lld, %lld] cannot be packed: its size is negative or too large", (long long)n,
         (long long)k);
}

}  // namespace microtome

using namespace microtome;

extern "C" {

mt_status mt_packed_bytes(mt_engine* engine, mt_dtype dtype, int64_t n, int64_t k, int64_t* bytes) {
    return entry(engine, "mt_packed_bytes", [&](mt_engine&) {
        MT_REQUIRE(bytes != nullptr, "the place for the answer is NULL");
        MT_REQUIRE(dtype == MT_F32 || dtype == MT_BF16, "packed weights are F32 or BF16, not %s", name_of(dtype));
        *bytes = packed_bytes(dtype, n, k);
    });
}

mt_status mt_pack(mt_engine* engine, const mt_tensor* weight, const mt_tensor* packed) {
    return entry(engine, "mt_pack", [&](mt_engine& own) {
        const View in = read(own, weight, "weight"), out = written(own, packed, "packed");
        require_rank(in, 2);
        require_contiguous(in);
        require_type(in,
                     {MT_F32, MT_BF16, MT_F16, MT_Q4_0, MT_Q4_1, MT_Q5_0, MT_Q5_1, MT_Q8_0, MT_Q4_K, MT_Q5_K, MT_Q6_K});
        MT_REQUIRE(out.layout == MT_PACKED, "packed has the row-major layout; need MT_PACKED");
        require_same_shape(in, out);
        require_disjoint(out, in);
        if (in.elements == 0) return;
        const int64_t blocks = (in.extent[0] + kBlockColumns - 1) / kBlockColumns;
        const int64_t block_bytes = kBlockColumns * padded_depth(out.dtype, in.extent[1]) * unit_of(out.dtype).bytes;
        const StoredWeight stored = {in.dtype, in.data, in.extent[0], in.extent[1]};
        const int64_t panel = decoded_floats(stored);
        const Scratch panels(own.pool, omp_get_max_threads() * panel * int64_t(sizeof(float)));
        const int64_t source_bytes = stored.n * stored.row_bytes();
        const int64_t block_source = std::max<int64_t>(1, source_bytes / blocks);
        const bool wrapped = own.buffers.at(weight->buffer)->wrapped;
        const int64_t group = wrapped ? std::max<int64_t>(1, kForgotten / block_source) : blocks;
        for (int64_t first = 0; first < blocks; first += group) {
            parallel_ranges(std::min(group, blocks - first), 1, [&](int64_t begin, int64_t end, int thread) {
                for (int64_t b = first + begin; b < first + end; ++b) {
                    pack_block(stored, out.dtype, b * kBlockColumns, panels.as<float>() + thread * panel,
                               out.data + b * block_bytes);
                }
            });
            if (wrapped) forget_pages(in.data, std::min(source_bytes, (first + group) * block_source));
        }
    });
}

}  // extern "C"
