/*
 * Microtome native runtime: the whole contract between a tensor backend written in C++ or CUDA and its callers.
 *
 * Errors     Every function returns an mt_status; a function that fails changes nothing that the caller can see, and
 *            mt_last_error(engine) holds one sentence with what was given and what is allowed. Without an engine
 *            (mt_engine_create itself failed) mt_last_error(NULL) answers for the calling thread. Nothing throws.
 * Threads    An engine is used by one thread at a time. Which thread, is the caller's choice; the CPU engine sets its
 *            thread count on the calling thread in every entry and refuses to be called from inside an OpenMP region.
 *            Each calling thread owns a team of its own, so a program keeps to one. Set GOMP_SPINCOUNT=1000 in the
 *            environment before the library is loaded: the default wait stalls for milliseconds on a busy machine.
 *            On Linux the calling thread may be held on the processor where it is, from an operation to the next
 *            mt_download or mt_synchronize on it, and its team kept off that processor.
 * Stopping   mt_interrupt may be called from any thread while another is inside a call: the operation that runs returns
 *            MT_INTERRUPTED soon. Its output is then undefined, and still the caller's: it may be written again or
 *            destroyed. Everything else is as if the call had not been made.
 * Asynchrony Work may still be running when a function returns. mt_synchronize waits for all of it; mt_download waits
 *            for what it reads. Callers never assume that an operation is finished, nor that it is not. What depends on
 *            values (an index outside a table) may fail only then: the waiting call returns the status, and the text
 *            begins with the name of the function whose work failed. Host memory that is given to a function is read
 *            before it returns, except by mt_buffer_wrap.
 * Memory     A buffer is an opaque piece of device memory and has no address. Tensors are descriptors of buffers: they
 *            own nothing and are read during the call only. Inputs and output may share a buffer only where the
 *            function says "in place".
 * Sameness   Results do not depend on the number of threads, to the last bit; they may differ between lanes of kernels. The
 *            one exception is mt_matmul of one row by a plain right operand in lane x86-64-v2, where two thread counts
 *            differ by the rounding of the sum at most.
 * Numbers    Extents, offsets and strides count elements of the tensor's type; block types count decoded elements.
 *            Row-major order: the last axis is contiguous. A zero extent is allowed everywhere and does nothing.
 * Shapes     Written [rows, columns]; the leading axes "..." of an operation are any number of axes, flattened.
 */
#ifndef MICROTOME_MICROTOME_H
#define MICROTOME_MICROTOME_H

#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

#if defined(_WIN32)
#define MT_API __declspec(dllexport)
#else
#define MT_API __attribute__((visibility("default")))
#endif

#define MT_ABI_VERSION 3
#define MT_MAX_RANK 8

typedef int32_t mt_status;
enum {
    MT_OK = 0,
    MT_INVALID_ARGUMENT = 1, /* a shape, type, handle or value that the function does not allow */
    MT_UNSUPPORTED = 2,      /* allowed by the contract, but not by this device or processor */
    MT_OUT_OF_MEMORY = 3,
    MT_INTERNAL = 4,   /* a fault of the library below; the text says which */
    MT_INTERRUPTED = 5 /* stopped by mt_interrupt; what it was to write is undefined */
};

typedef int32_t mt_dtype;
enum {
    MT_F32 = 0,
    MT_F16 = 1,
    MT_BF16 = 2,
    MT_F64 = 3,
    MT_I32 = 4,
    /* Block types, laid out as in a GGUF file (blocks of 32 or 256 along the last axis). */
    MT_Q4_0 = 16,
    MT_Q4_1 = 17,
    MT_Q5_0 = 18,
    MT_Q5_1 = 19,
    MT_Q8_0 = 20,
    MT_Q4_K = 21,
    MT_Q5_K = 22,
    MT_Q6_K = 23
};

typedef int32_t mt_layout;
enum {
    MT_ROW_MAJOR = 0,
    MT_PACKED = 1 /* made by mt_pack, private to the engine, accepted where a function says "packed" */
};

typedef struct mt_engine mt_engine;
typedef struct mt_buffer mt_buffer;

/* One tensor: a view of a buffer. For MT_PACKED the strides are ignored, the rank is 2 and the offset 0. */
typedef struct mt_tensor {
    mt_buffer* buffer;
    int64_t offset; /* first element */
    mt_dtype dtype;
    mt_layout layout;
    int32_t rank;
    int32_t reserved; /* 0 */
    int64_t extent[MT_MAX_RANK];
    int64_t stride[MT_MAX_RANK];
} mt_tensor;

/* ---- Engine ------------------------------------------------------------------------------------------------- */

/* Makes an engine with this many threads; 0 means one per available processor. */
MT_API mt_status mt_engine_create(int32_t threads, mt_engine** engine);
/* Waits for running work, then frees the engine and every buffer that was not destroyed. */
MT_API mt_status mt_engine_destroy(mt_engine* engine);
/* The text of the engine's last failed call; valid until its next call. Never NULL. */
MT_API const char* mt_last_error(const mt_engine* engine);
MT_API mt_status mt_synchronize(mt_engine* engine);
/* Asks the operation that is running to stop; does nothing when none is. It may also finish as if nothing had been asked.
 * What can be stopped are the functions from "Data movement" on; those about buffers always finish. Callable from any
 * thread as long as the engine lives, also while another thread is inside a call. A caller whom a request hit that was
 * meant for the operation before just calls again. */
MT_API mt_status mt_interrupt(mt_engine* engine);
MT_API int32_t mt_abi_version(void);
/* "x86-64-v4", "x86-64-v3" or "x86-64-v2": the lane of kernels in use. The environment variable MT_ISA_CAP lowers it.
 */
MT_API const char* mt_active_isa(void);
/* Processor, lane, threads, version of the matrix library, as "key=value" lines. Never NULL. */
MT_API const char* mt_describe(const mt_engine* engine);

/* Multiplies and adds on registers alone, on every thread of the engine, `rounds` times; *operations becomes how many
 * floating point operations that are (a multiplication with an addition is two). Its speed is the one that no product can
 * pass. dtype F32, or BF16 where the processor multiplies that (else MT_UNSUPPORTED; tile units are not counted). */
MT_API mt_status mt_arithmetic_peak(mt_engine* engine, mt_dtype dtype, int64_t rounds, int64_t* operations);

/* ---- Buffers ------------------------------------------------------------------------------------------------ */

/* Uninitialised memory for this many bytes, 64-byte aligned, from the engine's pool. */
MT_API mt_status mt_buffer_create(mt_engine* engine, int64_t bytes, mt_buffer** buffer);
/* A buffer over memory of the caller, who keeps it alive until the buffer is destroyed. Read only. Any alignment. */
MT_API mt_status mt_buffer_wrap(mt_engine* engine, const void* memory, int64_t bytes, mt_buffer** buffer);
/* Gives the memory back to the pool once running work no longer needs it. NULL is allowed. */
MT_API mt_status mt_buffer_destroy(mt_engine* engine, mt_buffer* buffer);
MT_API mt_status mt_upload(mt_engine* engine, const void* source, mt_buffer* target, int64_t first_byte, int64_t bytes);
MT_API mt_status mt_download(mt_engine* engine, const mt_buffer* source, int64_t first_byte, int64_t bytes,
                             void* target);
/* Bytes in live buffers, and bytes the pool holds for reuse. */
MT_API mt_status mt_memory(const mt_engine* engine, int64_t* live, int64_t* pooled);
/* From now on the pool keeps memory for reuse only while that and all memory in use are no more than this many bytes
 * together; the rest goes back to the system. Never makes a request for memory fail. */
MT_API mt_status mt_limit_pool(mt_engine* engine, int64_t bytes);
/* Returns unused memory of the pool, and of the C library's heap, to the system. */
MT_API mt_status mt_trim(mt_engine* engine);
/* Tells the system that these bytes of a mapped file are not needed for now; reading them again is still right.
 * Memory that is not a read-only mapping of a file is left alone. */
MT_API mt_status mt_forget_pages(mt_engine* engine, const void* memory, int64_t bytes);

/* ---- Data movement ------------------------------------------------------------------------------------------ */

/* out[i] = in[i], same shape and type, any strides on both sides (0 in a stride of `in` broadcasts, a negative one
 * reverses); the elements of out must not overlap. Permute, slice, concat and broadcast are this function. Block types
 * are copied in whole blocks. */
MT_API mt_status mt_copy(mt_engine* engine, const mt_tensor* in, const mt_tensor* out);
/* out[i] = (type of out) in[i], same shape, both contiguous. From any type to F32, BF16, F16; from F32, F64 and I32 to
 * I32 (truncation, held at the ends of the range, NaN gives 0). Rounds once, to nearest even; NaN stays NaN. Block types
 * are decoded, never written. */
MT_API mt_status mt_cast(mt_engine* engine, const mt_tensor* in, const mt_tensor* out);
/* out[i, :] = table[indices[i], :]. table [rows, width] of any type; indices I32 [...]; out
 * [..., width] of the table's type, or F32 when the table holds blocks. An index outside 0..rows-1 fails. */
MT_API mt_status mt_gather(mt_engine* engine, const mt_tensor* table, const mt_tensor* indices, const mt_tensor* out);
/* out[...] = value, contiguous, F32, BF16, F16, F64 or I32 (then a whole number of 32 bits). */
MT_API mt_status mt_fill(mt_engine* engine, double value, const mt_tensor* out);
/* out = table, then out[indices[i], :] += updates[i, :] in the order of i. table and out [rows, width] F32 or I32 (sums
 * wrap around); indices I32 [...]; updates [..., width] of the table's type; contiguous. An index outside 0..rows-1
 * fails. */
MT_API mt_status mt_scatter_add(mt_engine* engine, const mt_tensor* table, const mt_tensor* indices,
                                const mt_tensor* updates, const mt_tensor* out);

/* ---- Elementwise -------------------------------------------------------------------------------------------- */

typedef int32_t mt_unary_kind;
enum {
    MT_NEGATE = 0,
    MT_ABS = 1,
    MT_SIGN = 2,
    MT_EXP = 3,
    MT_LOG = 4,
    MT_SQRT = 5,
    MT_RECIPROCAL = 6,
    MT_TANH = 7,
    MT_ERF = 8,
    MT_SIN = 9,
    MT_COS = 10,
    MT_SIGMOID = 11
};
/* out[i] = f(in[i]), contiguous, F32, BF16 (computed in F32) or I32 (NEGATE, ABS and SIGN only; the smallest number stays
 * itself), in place allowed. */
MT_API mt_status mt_unary(mt_engine* engine, mt_unary_kind kind, const mt_tensor* in, const mt_tensor* out);

typedef int32_t mt_binary_kind;
enum { MT_ADD = 0, MT_SUBTRACT = 1, MT_MULTIPLY = 2, MT_DIVIDE = 3, MT_MAXIMUM = 4, MT_MINIMUM = 5, MT_LESS = 6 };
/* out[i] = left[i] op right[i]. All three have the shape of out; a stride of 0 broadcasts; out is contiguous. F32, BF16
 * (computed in F32) or I32 (without DIVIDE), one type for all three. MT_LESS gives 1 or 0. A NaN makes MAXIMUM and
 * MINIMUM NaN; integers wrap around. In place allowed on a side that is contiguous. */
MT_API mt_status mt_binary(mt_engine* engine, mt_binary_kind kind, const mt_tensor* left, const mt_tensor* right,
                           const mt_tensor* out);

typedef int32_t mt_activation_kind;
enum { MT_SILU = 0, MT_GELU_TANH = 1, MT_GELU_ERF = 2 };
/* out[r, c] = act(gate[r, c]) * up[r, c]; contiguous; gate and up of one type, F32 or BF16; out F32 or BF16. */
MT_API mt_status mt_gated_activation(mt_engine* engine, mt_activation_kind kind, const mt_tensor* gate,
                                     const mt_tensor* up, const mt_tensor* out);

/* out[i] = condition[i] != 0 ? first[i] : second[i]; one shape, contiguous. condition F32, F16, BF16, F64 or I32 (NaN is
 * not 0); first, second and out of one such type. In place allowed on first or second. */
MT_API mt_status mt_where(mt_engine* engine, const mt_tensor* condition, const mt_tensor* first,
                          const mt_tensor* second, const mt_tensor* out);

/* ---- Along the last axis ------------------------------------------------------------------------------------ */

typedef int32_t mt_reduce_kind;
enum { MT_SUM = 0, MT_MAX = 1, MT_LOGSUMEXP = 2 };
/* out[..., 0] = reduction over the last axis of in [..., n]; contiguous; F32, BF16 or I32 (SUM, which wraps around,
 * and MAX) in, the same type out; sums are accumulated in F32 with several accumulators. n = 0: SUM 0, MAX and LOGSUMEXP
 * -infinity, MAX of I32 the smallest number. NaN stays NaN. */
MT_API mt_status mt_reduce(mt_engine* engine, mt_reduce_kind kind, const mt_tensor* in, const mt_tensor* out);
/* out = exp(in - max) / sum exp(in - max) over the last axis; contiguous; F32 or BF16; in place allowed. A row of only
 * -infinity gives NaN. */
MT_API mt_status mt_softmax(mt_engine* engine, const mt_tensor* in, const mt_tensor* out);
/* out = in * gain / sqrt(mean(in^2) + epsilon) over the last axis; in F32 or BF16 [..., width]; gain F32 [width];
 * out F32 or BF16 [..., width]; contiguous. */
MT_API mt_status mt_rms_norm(mt_engine* engine, float epsilon, const mt_tensor* in, const mt_tensor* gain,
                             const mt_tensor* out);

/* out = (in - mean) * gain / sqrt(variance + epsilon) + bias over the last axis; in F32 or BF16 [..., width]; gain and
 * bias F32 [width]; out F32 or BF16 [..., width]; contiguous. Mean and variance are summed in F64. */
MT_API mt_status mt_layer_norm(mt_engine* engine, float epsilon, const mt_tensor* in, const mt_tensor* gain,
                               const mt_tensor* bias, const mt_tensor* out);
/* out[..., :] = places of the k largest of in [..., n], largest first, the lowest place first among equals; NaN counts
 * as larger than everything. in F32; out I32 [..., k], 1 <= k <= n; contiguous. */
MT_API mt_status mt_top_k(mt_engine* engine, const mt_tensor* in, const mt_tensor* out);

/* ---- Rotary embedding and attention ------------------------------------------------------------------------- */

/* Rotates the halves of every head: for j < head_width / 2,
 *   out[s, t, h, j]                  = in[.., j] * cosine[t, j] - in[.., j + head_width/2] * sine[t, j]
 *   out[s, t, h, j + head_width / 2] = in[.., j + head_width/2] * cosine[t, j] + in[.., j] * sine[t, j]
 * in, out [sequences, positions, heads * head_width] F32 or BF16 (one type), contiguous, in place allowed; cosine, sine
 * F32 [positions, head_width / 2]. */
MT_API mt_status mt_rotary(mt_engine* engine, int32_t heads, const mt_tensor* in, const mt_tensor* cosine,
                           const mt_tensor* sine, const mt_tensor* out);

/* Causal grouped-query attention. query [sequences, queries, heads * head_width]; key, value [sequences, keys,
 * key_value_heads * head_width]; out like query. Query i stands at position keys - queries + i and sees keys
 * 0 .. that position (all keys when causal is 0). Query head h reads key head h / (heads / key_value_heads).
 * out = softmax(scale * query key^T) value. One type, F32 or BF16, softmax in F32. The last axis is contiguous, the
 * strides of the other two are 0 or more. pattern is NULL, or F32 [sequences, heads, queries, keys] contiguous, and
 * receives the softmax (0 where masked). queries <= keys. */
MT_API mt_status mt_attention(mt_engine* engine, int32_t heads, int32_t key_value_heads, float scale, int32_t causal,
                              const mt_tensor* query, const mt_tensor* key, const mt_tensor* value,
                              const mt_tensor* pattern, const mt_tensor* out);

/* The softmax of mt_attention by itself, for callers who look at it or change it. query [sequences, queries, heads *
 * head_width] and key [sequences, keys, key_value_heads * head_width] of one type, F32 or BF16 (computed in F32); pattern
 * F32 [sequences, heads, queries, keys], 0 where masked. All contiguous. queries <= keys. */
MT_API mt_status mt_attention_pattern(mt_engine* engine, int32_t heads, int32_t key_value_heads, float scale,
                                      int32_t causal, const mt_tensor* query, const mt_tensor* key,
                                      const mt_tensor* pattern);
/* The rest of it: out[s, i, h, :] = sum_j pattern[s, h, i, j] * value[s, j, h / (heads / key_value_heads), :]. pattern F32
 * [sequences, heads, queries, keys], any numbers; value [sequences, keys, key_value_heads * head_width] and out
 * [sequences, queries, heads * head_width] of one type, F32 or BF16. All contiguous. Sums in F32. Weights of 0 at the end
 * of a row need not be multiplied: whether infinite values there make the result NaN is left open. */
MT_API mt_status mt_attention_mix(mt_engine* engine, int32_t key_value_heads, const mt_tensor* pattern,
                                  const mt_tensor* value, const mt_tensor* out);

/* ---- Matrix products ---------------------------------------------------------------------------------------- */

/* Bytes of the packed form of a weight [n, k]. */
MT_API mt_status mt_packed_bytes(mt_engine* engine, mt_dtype dtype, int64_t n, int64_t k, int64_t* bytes);
/* Rearranges weight [n, k] (F32, BF16, F16 or a block type; contiguous) into packed [n, k] of F32 or BF16 (layout
 * MT_PACKED, a buffer of mt_packed_bytes). One packed copy serves every number of rows. Pages of a mapped file that a
 * wrapped weight lies in are forgotten as they have been read, as by mt_forget_pages: a large weight never lies in memory
 * twice. */
MT_API mt_status mt_pack(mt_engine* engine, const mt_tensor* weight, const mt_tensor* packed);
/* out[j, i] = weight[i, j], undoing mt_pack: packed is [n, k], out [k, n] of the same type, contiguous. */
MT_API mt_status mt_unpack_transposed(mt_engine* engine, const mt_tensor* packed, const mt_tensor* out);
/* out = left * right (+ addend). left [..., m, k]; right [..., k, n], or [..., n, k] when transpose_right is not 0, or
 * packed [n, k] with transpose_right not 0; out [..., m, n] contiguous. A right of rank 2 serves every leading index.
 * left and right: F32 x F32, F32 x BF16 (packed), BF16 x BF16; or F32 or BF16 x a weight as it is stored: [n, k] of rank
 * 2, contiguous, at any address, with transpose_right not 0, of F16, a block type, or BF16 (with F32 left). Stored
 * weights are decoded to F32 on the way, exactly as mt_cast does, never as a whole; left is not rounded. out F32 or
 * BF16. addend is NULL, or of the type of out and of shape [n] or of the shape of out, contiguous. The last axis of left
 * and right is contiguous, other strides are 0 or more. Sums in F32. k = 0 gives the addend or 0. */
MT_API mt_status mt_matmul(mt_engine* engine, int32_t transpose_right, const mt_tensor* left, const mt_tensor* right,
                           const mt_tensor* addend, const mt_tensor* out);

/* ---- Gradients ---------------------------------------------------------------------------------------------- */

/* Each gives the gradient of an operation's inputs from its stored values and an upstream, the gradient of its result.
 * All tensors are F32 (targets apart) and contiguous; no result shares memory with an input. An upstream may have more
 * axes in front than the result, written ... here: a batch of gradients over the same stored values. */

/* out = y * (u - sum(y * u)) over the last axis; softmax y [rows.., n], upstream u and out [..., rows.., n]. */
MT_API mt_status mt_softmax_gradient(mt_engine* engine, const mt_tensor* softmax, const mt_tensor* upstream,
                                     const mt_tensor* out);
/* Of `in` in mt_rms_norm: with f = 1 / sqrt(mean(in^2) + epsilon) and w = gain * upstream,
 * out = f * (w - in * f^2 * mean(w * in)). in [rows.., width]; gain [width]; upstream and out [..., rows.., width]. */
MT_API mt_status mt_rms_norm_gradient(mt_engine* engine, float epsilon, const mt_tensor* in, const mt_tensor* gain,
                                      const mt_tensor* upstream, const mt_tensor* out);
/* Of `in` in mt_layer_norm: with n the normed row, f = 1 / sqrt(variance + epsilon) and w = gain * upstream,
 * out = f * (w - mean(w) - n * mean(w * n)). Shapes as in mt_rms_norm_gradient; sums in F64. */
MT_API mt_status mt_layer_norm_gradient(mt_engine* engine, float epsilon, const mt_tensor* in, const mt_tensor* gain,
                                        const mt_tensor* upstream, const mt_tensor* out);
/* Of both inputs of mt_gated_activation: out [2, ...]: upstream * up * act'(gate), then upstream * act(gate). gate and
 * up of one shape; upstream of that shape with any axes in front. */
MT_API mt_status mt_gated_activation_gradient(mt_engine* engine, mt_activation_kind kind, const mt_tensor* gate,
                                              const mt_tensor* up, const mt_tensor* upstream, const mt_tensor* out);
/* Of the logits in the loss -log softmax(logits)[target]: out = upstream * (softmax(logits) - 1 at the target). logits
 * [rows.., classes]; targets I32 [rows..]; upstream [..., rows..]; out [..., rows.., classes]. A target outside
 * 0..classes-1 fails. */
MT_API mt_status mt_cross_entropy_gradient(mt_engine* engine, const mt_tensor* logits, const mt_tensor* targets,
                                           const mt_tensor* upstream, const mt_tensor* out);
/* Of query, key and value in mt_attention, whose shapes they have; the pattern is computed once more. upstream and
 * of_query [gradients, sequences, queries, heads * head_width]; of_key and of_value [gradients, sequences, keys,
 * key_value_heads * head_width]. The same numbers for any number of threads. */
MT_API mt_status mt_attention_gradient(mt_engine* engine, int32_t heads, int32_t key_value_heads, float scale,
                                       int32_t causal, const mt_tensor* query, const mt_tensor* key,
                                       const mt_tensor* value, const mt_tensor* upstream, const mt_tensor* of_query,
                                       const mt_tensor* of_key, const mt_tensor* of_value);
/* ---- Domain kernels ----------------------------------------------------------------------------------------- */

typedef int32_t mt_choice_kind;
enum { MT_LARGEST = 0, MT_ACTIVE = 1 };
/* The few features of every token that a sparse autoencoder's encoder switches on, without a tensor of all of them.
 * z = x weight^T + bias; x [tokens, width] F32 or BF16; weight [features, width] F32 or BF16, row-major or packed; bias
 * F32 [features]; features <= 2^24. out F32 [2, tokens, slots]: out[0] holds places, out[1] values.
 * MT_LARGEST: the slots largest of z, as mt_top_k orders them, then max(z, 0); threshold is NULL; slots <= features.
 * MT_ACTIVE: the features with z > max(threshold, 0), lowest first, and z; then place 0 with value 0. threshold is NULL
 * (all 0) or F32 [features]. A z of NaN is active. Fails when a token has more than `slots` of them, and says how many;
 * out is then undefined. Sums in F32. */
MT_API mt_status mt_sparse_encode(mt_engine* engine, mt_choice_kind kind, const mt_tensor* x, const mt_tensor* weight,
                                  const mt_tensor* bias, const mt_tensor* threshold, const mt_tensor* out);

typedef int32_t mt_contrast_kind;
enum { MT_LOGCOSH = 0, MT_GAUSSIAN = 1, MT_CUBE = 2 };
/* The sums of one fixed-point step of independent component analysis, in one pass over the samples. z [samples, inputs]
 * F32 or BF16, w [components, inputs] F32, y = z w^T; out F32 [components, inputs + 1]:
 *   out[i, j]      = mean over samples of g(y_i) z_j
 *   out[i, inputs] = mean over samples of g'(y_i)
 * with g(u) = tanh(alpha u), u exp(-u^2 / 2) or u^3. Computed in F32, summed in F32 over 1,024 samples and in F64 beyond.
 * No samples give NaN. Contiguous. */
MT_API mt_status mt_ica_step(mt_engine* engine, mt_contrast_kind kind, float alpha, const mt_tensor* z,
                             const mt_tensor* w, const mt_tensor* out);

/* Takes more rows into running moments. state and out F64 [width + 1, width + 1]: [0, 0] counts the rows so far, [0, 1 + j]
 * is the mean of column j, [1 + i, 1 + j] the sum of (x_i - mean_i)(x_j - mean_j), the rest is 0; all 0 before the first
 * row. rows [n, width] F32 or BF16. Products of centred rows are summed in F32 over 1,024 rows and in F64 beyond, so that a
 * mean far from 0 costs nothing. Contiguous; in place allowed. */
MT_API mt_status mt_moments(mt_engine* engine, const mt_tensor* state, const mt_tensor* rows, const mt_tensor* out);

/* out[i, j] = x_i y_j / (|x_i| |y_j|), 0 where a row is 0. x [rows, width], y [columns, width] F32 or BF16; out F32 [rows,
 * columns]. Products are summed in F32, norms in F64. Contiguous. */
MT_API mt_status mt_cosine(mt_engine* engine, const mt_tensor* x, const mt_tensor* y, const mt_tensor* out);

/* Takes more rows into the examples that excite every feature most. state and out F64 [2, features, slots]: [0] the largest
 * activations so far, largest first, the earlier example first among equals, NaN above all; [1] the numbers of their
 * examples; unused slots are -infinity and -1. activations [rows, features] F32 or BF16; row r is example first + r, which
 * stays below 2^53. Contiguous; in place allowed. */
MT_API mt_status mt_top_examples(mt_engine* engine, int64_t first, const mt_tensor* state, const mt_tensor* activations,
                                 const mt_tensor* out);

#ifdef __cplusplus
}
#endif
#endif
