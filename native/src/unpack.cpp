// mt_unpack_transposed.
#include <string.h>

#include "kernel_table.h"
#include "pack.h"
#include "parallel.h"
#include "view.h"

using namespace microtome;

namespace {

// One block [k, 64] of floats to `columns` columns of out [k, n].
void unpack_floats(const float* block, float* out, int64_t k, int64_t n, int64_t columns) {
    for (int64_t d = 0; d < k; ++d) memcpy(out + d * n, block + d * kBlockColumns, size_t(columns) * sizeof(float));
}

// A packed weight may lie at any address.
typedef uint16_t UnalignedHalf __attribute__((aligned(1), may_alias));

// One block [k / 2, 64, 2] of BF16.
void unpack_pairs(const UnalignedHalf* block, uint16_t* out, int64_t k, int64_t n, int64_t columns) {
    for (int64_t d = 0; d < k; ++d) {
        const UnalignedHalf* pairs = block + d / 2 * kBlockColumns * 2 + d % 2;
        for (int64_t c = 0; c < columns; ++c) out[d * n + c] = pairs[c * 2];
    }
}

void check(const View& packed, const View& out) {
    MT_REQUIRE(packed.layout == MT_PACKED, "packed has the row-major layout; need MT_PACKED");
    require_rank(packed, 2);
    require_rank(out, 2);
    require_row_major(out);
    require_contiguous(out);
    require_type(out, {MT_F32, MT_BF16});
    require_same_type(packed, out);
    MT_REQUIRE(out.extent[0] == packed.extent[1] && out.extent[1] == packed.extent[0],
               "out must be [%lld, %lld]; it is %s", (long long)packed.extent[1], (long long)packed.extent[0],
               out.shape().c_str());
    require_disjoint(out, packed);
}

}  // namespace

extern "C" mt_status mt_unpack_transposed(mt_engine* engine, const mt_tensor* packed, const mt_tensor* out) {
    return entry(engine, "mt_unpack_transposed", [&](mt_engine& own) {
        const View in = read(own, packed, "packed"), y = written(own, out, "out");
        check(in, y);
        if (y.elements == 0) return;
        const int64_t n = in.extent[0], k = in.extent[1], size = unit_of(y.dtype).bytes;
        const int64_t block_bytes = kBlockColumns * padded_depth(y.dtype, k) * size;
        parallel_ranges((n + kBlockColumns - 1) / kBlockColumns, 1, [&](int64_t begin, int64_t end, int) {
            for (int64_t b = begin; b < end; ++b) {
                const int64_t first = b * kBlockColumns, columns = std::min<int64_t>(kBlockColumns, n - first);
                const char* block = in.data + b * block_bytes;
                char* target = y.data + first * size;
                if (y.dtype == MT_F32) {
                    unpack_floats(reinterpret_cast<const float*>(block), reinterpret_cast<float*>(target), k, n,
                                  columns);
                } else {
                    unpack_pairs(reinterpret_cast<const UnalignedHalf*>(block), reinterpret_cast<uint16_t*>(target), k,
                                 n, columns);
                }
            }
        });
    });
}
