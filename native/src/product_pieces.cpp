// A product that would keep the library busy for long is made of several: one call of the library cannot be stopped.
#include "kernel_table.h"
#include "pack.h"
#include "parallel.h"
#include "products.h"
#include "view.h"

namespace microtome {
namespace {

constexpr int64_t kMostTerms = int64_t(2) << 30;  // of one call: some forty milliseconds of one thread
constexpr int64_t kLeast = 64;                    // rows or columns, a block of packed weights
static_assert(kLeast % kBlockColumns == 0, "a piece of packed weights is whole blocks");

double terms(const Product& p) { return double(p.batches()) * double(p.m) * double(p.n) * double(p.k); }

// The matrices of one place on the first axis of the batch.
Product without_first_axis(Product p) {
    for (int64_t* list : {p.batch, p.left_batch, p.right_batch, p.out_batch}) {
        std::copy(list + 1, list + p.axes, list);
        list[p.axes - 1] = 0;
    }
    --p.axes;
    return p;
}

// Data from some matrix, row and column on.
struct Place {
    int64_t matrix = 0, row = 0, column = 0;
};

const void* moved(const void* data, int64_t elements, mt_dtype dtype) {
    return data == nullptr ? nullptr : static_cast<const char*>(data) + elements * unit_of(dtype).bytes;
}

ProductData moved(const Product& p, const ProductData& data, const Place& at) {
    const bool packed = p.right_form == Product::kPacked;
    const int64_t right_column = packed ? padded_depth(p.right_type, p.k) : p.right_column;
    const int64_t right_matrix = p.axes > 0 ? at.matrix * p.right_batch[0] : 0;
    const int64_t left_matrix = p.axes > 0 ? at.matrix * p.left_batch[0] : 0;
    const int64_t out = (p.axes > 0 ? at.matrix * p.out_batch[0] : 0) + at.row * p.out_row + at.column;
    ProductData part;
    part.left = moved(data.left, left_matrix + at.row * p.left_row, p.left_type);
    part.right = moved(data.right, right_matrix + at.column * right_column, p.right_type);
    part.addend = moved(data.addend, p.addend_form == Product::kFull ? out : at.column, p.out_type);
    part.out = const_cast<void*>(moved(data.out, out, p.out_type));
    return part;
}

// Equal pieces of a length that fit, each some blocks long.
int64_t piece_of(int64_t length, double terms_each) {
    const int64_t fit = std::max<int64_t>(1, int64_t(double(kMostTerms) / terms_each / kLeast)) * kLeast;
    const int64_t pieces = (length + fit - 1) / fit;
    return ((length + pieces - 1) / pieces + kLeast - 1) / kLeast * kLeast;
}

}  // namespace

bool ProductLibrary::multiply(Pool& pool, const Product& product, const ProductData& data) {
    const double all = terms(product);
    if (all <= double(kMostTerms)) {
        Stop().check();
        return multiply_at_once(pool, product, data);
    }
    Product part = product;
    if (product.axes > 0) {
        part = without_first_axis(product);
        for (int64_t i = 0; i < product.batch[0]; ++i) {
            if (!multiply(pool, part, moved(product, data, {i, 0, 0}))) return false;
        }
        return true;
    }
    const bool rows = product.m > product.n;
    const int64_t length = rows ? product.m : product.n, step = piece_of(length, all / double(length));
    if (step >= length) return multiply_at_once(pool, product, data);
    for (int64_t first = 0; first < length; first += step) {
        (rows ? part.m : part.n) = std::min(step, length - first);
        const Place at = {0, rows ? first : 0, rows ? 0 : first};
        if (!multiply(pool, part, moved(product, data, at))) return false;
    }
    return true;
}

}  // namespace microtome
