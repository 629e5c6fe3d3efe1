// mt_attention. Blocks of queries: one product gives the scores against only those keys that causality lets the block
// see, our softmax turns them into the pattern, a second product weighs the values. The scores of a block stay in the
// cache, and queries, keys, values and result are read and written where they lie. A caller that wants the pattern gets
// the scores' own memory. Few queries (decoding) go row by row: there a product would have a new shape at every step.
#include "attention_call.h"
#include "dense.h"
#include "kernel_table.h"
#include "parallel.h"
#include "products.h"
#include "view.h"

using namespace microtome;

void microtome::check_heard(AttentionCall& call, int32_t heads, int32_t key_value_heads) {
    const View &query = call.query, &key = call.key;
    for (const View* view : {&call.query, &call.key, &call.value}) require_rank(*view, 3);
    call.heads = heads;
    call.key_value_heads = key_value_heads;
    MT_REQUIRE(heads > 0 && key_value_heads > 0 && heads % key_value_heads == 0,
               "%d heads on %d key/value heads: need 1 or more, the first a multiple of the second", heads,
               key_value_heads);
    MT_REQUIRE(query.width() % heads == 0, "query %s: its width must be a multiple of %d heads", query.shape().c_str(),
               heads);
    call.head_width = query.width() / heads;
    call.sequences = query.extent[0];
    call.queries = query.extent[1];
    call.keys = key.extent[1];
    MT_REQUIRE(key.extent[0] == call.sequences && key.width() == call.head_width * key_value_heads,
               "key is %s; need [%lld, keys, %lld]", key.shape().c_str(), (long long)call.sequences,
               (long long)(call.head_width * key_value_heads));
    MT_REQUIRE(call.queries <= call.keys, "%lld queries on %lld keys; need as many keys at least",
               (long long)call.queries, (long long)call.keys);
    require_same_shape(call.value, key);
}

namespace {

constexpr int64_t kFewQueries = 4;
constexpr int64_t kShortPrompt = 256;      // up to here blocks of 64 queries waste less, beyond blocks of 128
constexpr int64_t kScoreFloats = 1 << 20;  // at a time, of several sequences if they are short: fewer waits of threads
constexpr int64_t kKeyStep = 32;           // the visible keys are rounded up, for fewer shapes

using Call = AttentionCall;

void check_strides(const View& view) {
    require_row_major(view);
    for (int i = 0; i < 3; ++i) {
        const bool fine = view.extent[i] < 2 || (i == 2 ? view.stride[i] == 1 : view.stride[i] >= 0);
        MT_REQUIRE(fine, "%s has stride %lld on axis %d; need 1 on the last axis, 0 or more elsewhere", view.name,
                   (long long)view.stride[i], i);
    }
}

void check(Call& call, int32_t heads, int32_t key_value_heads) {
    require_type(call.query, {MT_F32, MT_BF16});
    for (const View* view : {&call.key, &call.value, &call.out}) require_same_type(*view, call.query);
    require_rank(call.out, 3);
    check_heard(call, heads, key_value_heads);
    require_same_shape(call.out, call.query);
    for (const View* view : {&call.query, &call.key, &call.value, &call.out}) check_strides(*view);
    const View& out = call.out;
    const int64_t row = out.extent[1] > 1 ? out.stride[1] : out.width();
    const int64_t sequence = out.extent[0] > 1 ? out.stride[0] : INT64_MAX;
    MT_REQUIRE(out.elements == 0 || (row >= out.width() && sequence >= row * (out.extent[1] - 1) + out.width()),
               "out %s: its rows overlap each other", out.shape().c_str());
    for (const View* view : {&call.query, &call.key, &call.value}) require_disjoint(out, *view);
    if (!call.has_pattern) return;
    const View& pattern = call.pattern;
    require_type(pattern, {MT_F32});
    require_rank(pattern, 4);
    require_contiguous(pattern);
    const int64_t expected[] = {call.sequences, heads, call.queries, call.keys};
    MT_REQUIRE(std::equal(expected, expected + 4, pattern.extent),
               "pattern is %s; need [sequences, heads, queries, keys] = [%lld, %d, %lld, %lld]",
               pattern.shape().c_str(), (long long)call.sequences, heads, (long long)call.queries,
               (long long)call.keys);
    for (const View* view : {&call.query, &call.key, &call.value, &call.out}) require_disjoint(pattern, *view);
}

// Every query of every head by itself.
void attend_rows(mt_engine& engine, const Call& call) {
    const Scratch scratch(engine.pool,
                          call.has_pattern ? 0 : omp_get_max_threads() * call.keys * int64_t(sizeof(float)));
    const AttentionStrides strides = {call.key.stride[1], call.value.stride[1]};
    const auto row = [&](int64_t task, int thread) {
        const int64_t i = task % call.queries, h = task / call.queries % call.heads;
        const int64_t s = task / call.queries / call.heads, shared = h / call.group() * call.head_width;
        float* weights = call.has_pattern ? reinterpret_cast<float*>(call.pattern.data) + task * call.keys
                                          : scratch.as<float>() + thread * call.keys;
        const int64_t visible = call.visible(i);
        kernels().attention_row(call.query.dtype, at(call.query, s, i, h * call.head_width), at(call.key, s, 0, shared),
                                at(call.value, s, 0, shared), strides, visible, call.head_width, call.scale, weights,
                                const_cast<char*>(at(call.out, s, i, h * call.head_width)));
        if (call.has_pattern) std::fill(weights + visible, weights + call.keys, 0.0f);
    };
    // A key costs two vector products of one head and an exponential, as much as so many elements of cheap work. The one
    // query of a decode step is done sooner than a second thread has woken up.
    const int64_t tasks = call.sequences * call.heads * call.queries, each = call.keys * (2 + call.head_width / 8);
    if (tasks * each < 2 * kGrain) {
        parallel_ranges(tasks, tasks, [&](int64_t begin, int64_t end, int thread) {
            for (int64_t task = begin; task < end; ++task) row(task, thread);
        });
    } else {
        parallel_tasks(tasks, row);
    }
}

// The scores of one block of queries of some sequences: [sequences, heads, rows, columns], with steps between them.
struct Block {
    int64_t sequence = 0, sequences = 0, first = 0, rows = 0, columns = 0;
    float* scores = nullptr;
    uint16_t* narrow = nullptr;  // the same shape in BF16, or NULL
    int64_t head_step = 0, row_step = 0;
};

Product product_of(const Call& call, const Block& block) {
    Product p;
    p.left_type = p.right_type = call.query.dtype;
    p.m = block.rows;
    return p;
}

bool multiply_scores(mt_engine& engine, const Call& call, const Block& block) {
    Product p = product_of(call, block);
    p.n = block.columns;
    p.k = call.head_width;
    p.left_row = call.query.stride[1];
    p.right_row = 1;
    p.right_column = call.key.stride[1];
    p.out_row = block.row_step;
    const int64_t width = call.head_width, group = call.group();
    p.add_batch(block.sequences, call.query.stride[0], call.key.stride[0], call.heads * block.head_step);
    p.add_batch(call.key_value_heads, group * width, width, group * block.head_step);
    p.add_batch(group, width, 0, block.head_step);
    const ProductData data = {at(call.query, block.sequence, block.first, 0), at(call.key, block.sequence, 0, 0),
                              nullptr, block.scores};
    return engine.products->multiply(engine.pool, p, data);
}

bool multiply_values(mt_engine& engine, const Call& call, const Block& block) {
    Product p = product_of(call, block);
    p.out_type = call.out.dtype;
    p.n = call.head_width;
    p.k = block.columns;
    p.left_row = block.row_step;
    p.right_row = call.value.stride[1];
    p.right_column = 1;
    p.out_row = call.out.stride[1];
    const int64_t width = call.head_width, group = call.group();
    p.add_batch(block.sequences, call.heads * block.head_step, call.value.stride[0], call.out.stride[0]);
    p.add_batch(call.key_value_heads, group * block.head_step, width, group * width);
    p.add_batch(group, block.head_step, 0, width);
    const void* weights = block.narrow == nullptr ? static_cast<const void*>(block.scores) : block.narrow;
    const ProductData data = {weights, at(call.value, block.sequence, 0, 0), nullptr,
                              const_cast<char*>(at(call.out, block.sequence, block.first, 0))};
    return engine.products->multiply(engine.pool, p, data);
}

// In a pattern the row goes on to the last key; there are no scores there, only zeros to write.
void normalise(const Call& call, const Block& block) {
    const int64_t columns = call.has_pattern ? call.keys : block.columns;
    parallel_ranges(
        block.sequences * call.heads * block.rows, rows_per_grain(2 * columns), [&](int64_t begin, int64_t end, int) {
            for (int64_t task = begin; task < end;) {
                const int64_t h = task / block.rows, r = task % block.rows, rows = std::min(block.rows - r, end - task);
                const int64_t offset = h * block.head_step + r * block.row_step;
                kernels().attention_softmax(
                    block.scores + offset, block.narrow == nullptr ? nullptr : block.narrow + offset, block.row_step,
                    rows, columns, call.visible(block.first + r), call.causal ? 1 : 0, call.scale);
                task += rows;
            }
        });
}

// Where the scores of a block lie: in the pattern, or one after the other in scratch memory.
void place(const Call& call, Block& block) {
    block.row_step = call.has_pattern ? call.keys : block.columns;
    block.head_step = block.row_step * (call.has_pattern ? call.queries : block.rows);
    if (!call.has_pattern) return;
    float* pattern = reinterpret_cast<float*>(call.pattern.data);
    block.scores = pattern + block.sequence * call.heads * block.head_step + block.first * call.keys;
}

// False when the library has no kernel for one of the products; then nothing of use was written.
bool attend_blocks(mt_engine& engine, const Call& call) {
    const int64_t most_rows = std::min<int64_t>(call.queries, call.queries <= kShortPrompt ? 64 : 128);
    const int64_t floats = call.heads * most_rows * call.keys;  // of one sequence
    const int64_t together = std::clamp<int64_t>(kScoreFloats / floats, 1, call.sequences);
    const int64_t narrow = call.query.dtype == MT_BF16 ? call.heads * (call.has_pattern ? call.queries : most_rows) : 0;
    const Scratch scores(engine.pool, call.has_pattern ? 0 : together * floats * int64_t(sizeof(float)));
    const Scratch halves(engine.pool, together * narrow * call.keys * int64_t(sizeof(uint16_t)));
    Block block;
    for (block.sequence = 0; block.sequence < call.sequences; block.sequence += together) {
        block.sequences = std::min(together, call.sequences - block.sequence);
        for (block.first = 0; block.first < call.queries; block.first += most_rows) {
            block.rows = std::min(most_rows, call.queries - block.first);
            const int64_t visible = call.visible(block.first + block.rows - 1);
            block.columns = std::min(call.keys, (visible + kKeyStep - 1) / kKeyStep * kKeyStep);
            block.scores = scores.as<float>();
            block.narrow = halves.as<uint16_t>();
            place(call, block);
            if (!multiply_scores(engine, call, block)) return false;
            normalise(call, block);
            if (!multiply_values(engine, call, block)) return false;
        }
    }
    return true;
}

// Rows one after the other, as the library wants them.
bool plain_rows(const Call& call) {
    for (const View* view : {&call.query, &call.key, &call.value}) {
        if (view->extent[1] > 1 && view->stride[1] < view->width()) return false;
    }
    return true;
}

// An axis of one position may come with any stride; the products below need one that is as long as a row.
void mend_strides(View& view) {
    if (view.extent[1] == 1) view.stride[1] = view.width();
    if (view.extent[0] == 1) view.stride[0] = view.extent[1] * view.width();
}

void attend(mt_engine& engine, Call call) {
    for (View* view : {&call.query, &call.key, &call.value, &call.out}) mend_strides(*view);
    if (call.queries <= kFewQueries) return attend_rows(engine, call);
    // The library's BF16 products are worth its barriers; in F32 our tiles have the same speed and none.
    const bool library = call.query.dtype == MT_BF16 && engine.products->multiplies_bf16() && plain_rows(call);
    if (library && attend_blocks(engine, call)) return;
    attend_tiles(engine, call);
}

// BF16 where the processor cannot multiply it, or an address that does not suit the type: through copies.
void attend_dense(mt_engine& engine, Call call) {
    const bool widen = call.query.dtype == MT_BF16 && !engine.products->multiplies_bf16();
    const mt_dtype dtype = widen ? MT_F32 : call.query.dtype;
    const Dense query(engine, call.query, dtype), key(engine, call.key, dtype), value(engine, call.value, dtype);
    call.query = query.view();
    call.key = key.view();
    call.value = value.view();
    if (!widen) return attend(engine, call);
    const View out = call.out;
    const Scratch wide(engine.pool, out.elements * int64_t(sizeof(float)));
    call.out = call.query;
    call.out.data = wide.as<char>();
    attend(engine, call);
    const int64_t width = out.width(), positions = out.extent[1];
    parallel_ranges(out.rows(), rows_per_grain(width), [&](int64_t begin, int64_t end, int) {
        for (int64_t r = begin; r < end; ++r) {
            char* target = const_cast<char*>(at(out, r / positions, r % positions, 0));
            kernels().from_float(MT_BF16, wide.as<float>() + r * width, target, width);
        }
    });
}

bool is_aligned(const View& view) {
    return reinterpret_cast<uintptr_t>(view.data) % static_cast<uintptr_t>(unit_of(view.dtype).bytes) == 0;
}

}  // namespace

extern "C" mt_status mt_attention(mt_engine* engine, int32_t heads, int32_t key_value_heads, float scale,
                                  int32_t causal, const mt_tensor* query, const mt_tensor* key, const mt_tensor* value,
                                  const mt_tensor* pattern, const mt_tensor* out) {
    return entry(engine, "mt_attention", [&](mt_engine& own) {
        Call call;
        call.query = read(own, query, "query");
        call.key = read(own, key, "key");
        call.value = read(own, value, "value");
        call.out = written(own, out, "out");
        call.has_pattern = pattern != nullptr;
        if (call.has_pattern) call.pattern = written(own, pattern, "pattern");
        call.causal = causal != 0;
        call.scale = scale;
        check(call, heads, key_value_heads);
        if (call.sequences == 0 || call.queries == 0 || call.head_width == 0) {
            if (call.has_pattern && call.pattern.elements > 0) {
                fail(MT_INVALID_ARGUMENT, "heads of width 0 have no pattern");
            }
            return;
        }
        const bool direct =
            call.query.dtype == MT_F32 || own.products->multiplies_bf16() || call.queries <= kFewQueries;
        if (direct && is_aligned(call.query) && is_aligned(call.key) && is_aligned(call.value)) {
            attend(own, call);
        } else {
            attend_dense(own, call);
        }
    });
}
