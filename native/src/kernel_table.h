// The kernels that exist once per instruction set ("lane"). Each works on one thread over the range it is given; the
// callers split the work. Only plain C types cross this border, so that no code compiled for a newer processor can
// leak into code that runs on every processor.
#ifndef MICROTOME_KERNEL_TABLE_H
#define MICROTOME_KERNEL_TABLE_H

#include <stdint.h>

namespace microtome {

// Width of one block of columns in the packed form of a weight, see pack.h.
enum : int64_t { kBlockColumns = 64 };

// Row strides of one attention task, in elements.
struct AttentionStrides {
    int64_t key;
    int64_t value;
};

struct KernelTable {
    // -- convert.cpp: between a stored type and float. `count` elements; block types need whole blocks. Sources may
    // have any alignment.
    void (*to_float)(int32_t dtype, const void* in, float* out, int64_t count);
    void (*from_float)(int32_t dtype, const float* in, void* out, int64_t count);
    // F64 to float, rounded to odd, so that a second rounding to a shorter type is right.
    void (*double_to_odd_float)(const void* in, float* out, int64_t count);
    void (*int_to_float)(const void* in, float* out, int64_t count);
    void (*fill)(int32_t dtype, double value, void* out, int64_t count);

    // -- elementwise.cpp. Strides are 0, 1 or anything, in elements.
    void (*unary)(int32_t kind, int32_t dtype, const void* in, void* out, int64_t count);
    void (*binary)(int32_t kind, int32_t dtype, const void* left, int64_t left_stride, const void* right,
                   int64_t right_stride, void* out, int64_t count);
    void (*gated)(int32_t kind, int32_t in_dtype, int32_t out_dtype, const void* gate, const void* up, void* out,
                  int64_t count);

    // -- rows.cpp: one result or one row per row of `width` elements. `scratch` holds `width` floats.
    void (*reduce)(int32_t kind, int32_t dtype, const void* in, void* out, int64_t rows, int64_t width);
    void (*softmax)(int32_t dtype, const void* in, void* out, int64_t rows, int64_t width, float* scratch);
    void (*rms_norm)(int32_t in_dtype, int32_t out_dtype, const void* in, const float* gain, float epsilon, void* out,
                     int64_t rows, int64_t width);
    // One position: every head of one row.
    void (*rotary)(int32_t dtype, const void* in, const float* cosine, const float* sine, void* out, int64_t heads,
                   int64_t head_width);

    // -- attention.cpp
    // Row r of scores sees its first min(visible + r * visible_step, columns) columns; the rest, up to `columns`,
    // becomes 0. In place; when `copy` is not NULL the result is also written there as BF16, with the same stride.
    void (*attention_softmax)(float* scores, uint16_t* copy, int64_t stride, int64_t rows, int64_t columns,
                              int64_t visible, int64_t visible_step, float scale);
    // One query of one head against `visible` keys, without a matrix library; weights holds `visible` floats.
    void (*attention_row)(int32_t dtype, const void* query, const void* key, const void* value,
                          AttentionStrides strides, int64_t visible, int64_t head_width, float scale, float* weights,
                          void* out);

    // -- product.cpp
    // rows [valid_rows, depth] of floats (stride in floats) to one packed block [depth_padded, 64]; the missing
    // entries become 0. A column stride other than 1 reads the transpose.
    void (*pack_f32)(const float* rows, int64_t row_stride, int64_t column_stride, int64_t valid_rows, int64_t depth,
                     int64_t depth_padded, float* out);
    void (*pack_bf16)(const float* rows, int64_t row_stride, int64_t valid_rows, int64_t depth, int64_t depth_padded,
                      uint16_t* out);
    // One packed BF16 block to the packed F32 block of the same depth.
    void (*unpack_bf16)(const uint16_t* in, float* out, int64_t depth);
    // out[rows, columns] = left[rows, depth] * block[depth, 64], columns <= 64. The BF16 form is for few rows: it
    // widens the block once per six of them.
    void (*product_f32)(const float* left, int64_t left_stride, const float* block, float* out, int64_t out_stride,
                        int64_t rows, int64_t columns, int64_t depth);
    void (*product_bf16)(const float* left, int64_t left_stride, const uint16_t* block, float* out, int64_t out_stride,
                         int64_t rows, int64_t columns, int64_t depth);

    // -- stored.cpp: out[rows, columns] = left[rows, depth] * weight[columns, depth] transposed, for few rows. The rows
    // of the weight are of F16, BF16 or a block type, weight_stride bytes apart, at any address.
    void (*product_stored)(int32_t dtype, const float* left, int64_t left_stride, const void* weight,
                           int64_t weight_stride, float* out, int64_t out_stride, int64_t rows, int64_t columns,
                           int64_t depth);
    // -- gradients.cpp, F32. softmax_gradient works in place of the upstream, whose rows have the stride of the softmax's.
    void (*softmax_gradient)(const float* softmax, float* upstream, int64_t stride, int64_t rows, int64_t width,
                             float scale);
    void (*rms_norm_gradient)(const float* in, const float* gain, const float* upstream, float epsilon, float* out,
                              int64_t rows, int64_t width);
    void (*gated_gradient)(int32_t kind, const float* gate, const float* up, const float* upstream, float* of_gate,
                           float* of_up, int64_t count);
    void (*scale_row)(float* row, float factor, int64_t width);
    // -- sparse.cpp: the elements of a row that are not <= their limit (NaN is not). Limits advance by 0 or 1. Writes
    // the first `room` of them, numbered from `first`, and returns how many there are.
    int64_t (*select_above)(const float* row, const float* limits, int64_t limit_step, int64_t count, int64_t room,
                            int32_t first, int32_t* places, float* values);

    // -- statistics.cpp
    // Turns `count` values u into g(u) and returns the sum of g'(u); see mt_ica_step.
    float (*contrast)(int32_t kind, float alpha, float* values, int64_t count);
    // sums += terms.
    void (*add_to_doubles)(const float* terms, double* sums, int64_t count);
    // out[j, r] = rows[r, j] - shift[j]; strides of rows and columns in floats.
    void (*centre_transposed)(const float* rows, int64_t row_stride, const float* shift, float* out, int64_t out_stride,
                              int64_t count, int64_t columns);
    double (*sum_of_squares)(const float* values, int64_t count);
    // values[j] *= factor * factors[j], from left to right.
    void (*scale)(float* values, float factor, const float* factors, int64_t count);
    // sums[j] += terms[j] + a x[j] - b y[j].
    void (*add_centred)(const float* terms, double a, const double* x, double b, const double* y, double* sums,
                        int64_t count);

    // -- copy.cpp: rows x columns elements of 1, 2, 4 or 8 bytes or any other size; strides in bytes.
    void (*copy_plane)(const void* in, int64_t in_row, int64_t in_column, void* out, int64_t out_row,
                       int64_t out_column, int64_t rows, int64_t columns, int64_t element);

    // -- peak.cpp: rounds of arithmetic on registers; how many operations those were, and a result that keeps them.
    float (*multiply_add)(int64_t rounds, int64_t* operations);

    const char* name;
};

// The table of the lane in use.
const KernelTable& kernels();

}  // namespace microtome

#endif
