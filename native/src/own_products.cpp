// Matrix products by the kernels of lanes/product.cpp. They need no compilation for a new shape and read few rows'
// weights at the speed of memory; for many rows the library is a few percent faster.
#include "kernel_table.h"
#include "pack.h"
#include "parallel.h"
#include "products.h"

namespace microtome {
namespace {

constexpr int64_t kFewRows = 36;                  // up to here BF16 weights are widened in registers
constexpr int64_t kRowStep = 12;                  // two tiles of rows
constexpr int64_t kLeastWeights = 16384;          // that are worth a second thread
constexpr int64_t kShares = 4;                    // tasks per thread at least, where the shape allows
constexpr int64_t kMostTerms = int64_t(1) << 26;  // of one task, about a millisecond: between tasks it can be stopped

struct Offsets {
    int64_t left = 0, right = 0, out = 0;
};

Offsets offsets_of(const Product& p, int64_t index) {
    Offsets offsets;
    for (int i = p.axes - 1; i >= 0; --i) {
        const int64_t at = index % p.batch[i];
        index /= p.batch[i];
        offsets.left += at * p.left_batch[i];
        offsets.right += at * p.right_batch[i];
        offsets.out += at * p.out_batch[i];
    }
    return offsets;
}

// Some rows of one block of columns of one matrix of the batch.
struct Task {
    int64_t matrix, block, first_row, rows;
};

class OwnProduct {
public:
    OwnProduct(Pool& pool, const Product& product, const ProductData& data)
        : p_(product),
          data_(data),
          blocks_((p_.n + kBlockColumns - 1) / kBlockColumns),
          depth_(padded_depth(p_.right_type, p_.k)),
          in_registers_(p_.right_type == MT_BF16 && p_.m <= kFewRows),
          panel_(in_registers_ || is_packed_f32() ? 0 : kBlockColumns * depth_),
          panels_(pool, omp_get_max_threads() * panel_ * int64_t(sizeof(float))) {
        const int64_t wanted = kShares * omp_get_max_threads(), whole = p_.batches() * blocks_;
        const int64_t parts = std::max<int64_t>(1, (wanted + whole - 1) / whole);
        row_step_ = std::max<int64_t>(kRowStep, ((p_.m + parts - 1) / parts + kRowStep - 1) / kRowStep * kRowStep);
        const int64_t most_rows = kMostTerms / (kBlockColumns * std::max<int64_t>(1, p_.k)) / kRowStep * kRowStep;
        row_step_ = std::min(row_step_, std::max<int64_t>(kRowStep, most_rows));
        row_parts_ = (p_.m + row_step_ - 1) / row_step_;
    }

    void run() const {
        parallel_ranges(p_.batches() * blocks_ * row_parts_, 1, [this](int64_t begin, int64_t end, int thread) {
            int64_t built = -1;  // the block in this thread's panel
            for (int64_t index = begin; index < end; ++index) {
                const int64_t matrix_block = index / row_parts_, first_row = index % row_parts_ * row_step_;
                const Task task = {matrix_block / blocks_, matrix_block % blocks_, first_row,
                                   std::min(row_step_, p_.m - first_row)};
                float* panel = panels_.as<float>() + thread * panel_;
                if (panel_ > 0 && built != matrix_block) build(task, panel);
                built = matrix_block;
                multiply(task, panel);
            }
        });
    }

private:
    bool is_packed_f32() const { return p_.right_form == Product::kPacked && p_.right_type == MT_F32; }
    int64_t columns(const Task& task) const { return std::min(kBlockColumns + 0, p_.n - task.block * kBlockColumns); }
    const uint16_t* bf16_block(const Task& task) const {
        return static_cast<const uint16_t*>(data_.right) + task.block * kBlockColumns * depth_;
    }

    void build(const Task& task, float* panel) const {
        if (p_.right_type == MT_BF16) return kernels().unpack_bf16(bf16_block(task), panel, depth_);
        const float* right = static_cast<const float*>(data_.right) + offsets_of(p_, task.matrix).right;
        kernels().pack_f32(right + task.block * kBlockColumns * p_.right_column, p_.right_column, p_.right_row,
                           columns(task), p_.k, p_.k, panel);
    }

    void multiply(const Task& task, const float* panel) const {
        const Offsets at = offsets_of(p_, task.matrix);
        const int64_t first = task.block * kBlockColumns;
        const float* left = static_cast<const float*>(data_.left) + at.left + task.first_row * p_.left_row;
        const int64_t place = at.out + task.first_row * p_.out_row + first;
        float* out = static_cast<float*>(data_.out) + place;
        if (in_registers_) {
            kernels().product_bf16(left, p_.left_row, bf16_block(task), out, p_.out_row, task.rows, columns(task),
                                   p_.k);
        } else {
            const float* block = is_packed_f32() ? static_cast<const float*>(data_.right) + first * depth_ : panel;
            kernels().product_f32(left, p_.left_row, block, out, p_.out_row, task.rows, columns(task), p_.k);
        }
        add_addend(p_, data_, place, first, task.rows, columns(task));
    }

    const Product& p_;
    const ProductData& data_;
    const int64_t blocks_, depth_;
    const bool in_registers_;
    const int64_t panel_;
    const Scratch panels_;
    int64_t row_step_ = 0, row_parts_ = 0;
};

}  // namespace

// Rows that fit into the caches beside one block of a packed weight: threads share out the columns alone, half blocks at
// a time, so that neither waits for the other and every weight is read from memory once.
static void multiply_columns(const Product& p, const ProductData& data) {
    const int64_t depth = padded_depth(p.right_type, p.k), size = p.right_type == MT_BF16 ? 2 : 4;
    constexpr int64_t kHalf = kBlockColumns / 2;
    const int64_t least = std::max<int64_t>(1, kLeastWeights / (kHalf * depth));
    parallel_ranges((p.n + kHalf - 1) / kHalf, least, [&](int64_t begin, int64_t end, int) {
        const int64_t last = std::min(end * kHalf, p.n);
        for (int64_t c = begin * kHalf; c < last;) {
            const int64_t block = c / kBlockColumns, inside = c % kBlockColumns;
            const int64_t columns = std::min(kBlockColumns - inside, last - c);
            // Inside a block columns lie side by side, a pair of BF16 or a float each.
            const char* weights =
                static_cast<const char*>(data.right) + block * kBlockColumns * depth * size + inside * 4;
            const float* left = static_cast<const float*>(data.left);
            float* out = static_cast<float*>(data.out) + c;
            if (p.right_type == MT_BF16) {
                kernels().product_bf16(left, p.left_row, reinterpret_cast<const uint16_t*>(weights), out, p.out_row,
                                       p.m, columns, p.k);
            } else {
                kernels().product_f32(left, p.left_row, reinterpret_cast<const float*>(weights), out, p.out_row, p.m,
                                      columns, p.k);
            }
            add_addend(p, data, c, c, p.m, columns);
            c += columns;
        }
    });
}

void add_addend(const Product& p, const ProductData& data, int64_t place, int64_t first, int64_t rows,
                int64_t columns) {
    if (p.addend_form == Product::kNone) return;
    const bool full = p.addend_form == Product::kFull;
    const float* addend = static_cast<const float*>(data.addend) + (full ? place : first);
    float* out = static_cast<float*>(data.out) + place;
    for (int64_t r = 0; r < rows; ++r) {
        float* row = out + r * p.out_row;
        kernels().binary(MT_ADD, MT_F32, row, 1, addend + (full ? r * p.out_row : 0), 1, row, columns);
    }
}

void multiply_by_own_kernels(Pool& pool, const Product& p, const ProductData& data) {
    const bool packed = p.right_form == Product::kPacked, few = p.m <= (p.right_type == MT_BF16 ? kFewRows : kOwnRows);
    if (packed && few && p.axes == 0) return multiply_columns(p, data);
    OwnProduct(pool, p, data).run();
}

}  // namespace microtome
