// mt_attention_gradient. Every head of every sequence is one task: a block of 64 queries has its pattern computed once
// more, then for each gradient of the batch
//   across = upstream value^T    turned = scale * pattern * (across - sum(pattern across))
//   of_query = turned key        of_key += turned^T query        of_value += pattern^T upstream
// by the kernels of our own products. Heads that share keys and values are added up afterwards in one order, whatever
// the number of threads.
#include <string.h>

#include "attention_call.h"
#include "kernel_table.h"
#include "parallel.h"

using namespace microtome;

namespace {

constexpr int64_t kRows = 64;  // queries of one block: a transposed block has the depth of a packed one
constexpr int64_t kTile = 6;   // rows that the product works on at a time

int64_t blocks_of(int64_t count) { return (count + kBlockColumns - 1) / kBlockColumns; }

struct Call : AttentionCall {
    View upstream, of_query, of_key, of_value;
    int64_t count = 0;  // gradients of the batch

    const float* row(const View& view, int64_t sequence, int64_t position, int64_t element) const {
        return reinterpret_cast<const float*>(at(view, sequence, position, element));
    }
    // The first query of a block that sees this key.
    int64_t first_query(int64_t place) const { return causal ? std::max<int64_t>(0, place - (keys - queries)) : 0; }
};

void check_gradient(const Call& call, const View& gradient, const View& of) {
    const bool fits = gradient.rank == 4 && gradient.extent[0] == call.count &&
                      std::equal(of.extent, of.extent + 3, gradient.extent + 1);
    MT_REQUIRE(fits, "%s is %s; need %lld and the extents of %s %s", gradient.name, gradient.shape().c_str(),
               (long long)call.count, of.name, of.shape().c_str());
}

void check(Call& call, int32_t heads, int32_t key_value_heads) {
    require_rank(call.upstream, 4);
    check_heard(call, heads, key_value_heads);
    call.count = call.upstream.extent[0];
    const View &query = call.query, &key = call.key;
    check_gradient(call, call.upstream, query);
    check_gradient(call, call.of_query, query);
    check_gradient(call, call.of_key, key);
    check_gradient(call, call.of_value, key);
    const View* stored[] = {&call.query, &call.key, &call.value, &call.upstream};
    const View* results[] = {&call.of_query, &call.of_key, &call.of_value};
    for (const View* view : stored) {
        require_type(*view, {MT_F32});
        require_contiguous(*view);
        for (const View* result : results) require_disjoint(*result, *view);
    }
    for (const View* result : results) {
        require_type(*result, {MT_F32});
        require_contiguous(*result);
    }
    require_disjoint(call.of_query, call.of_key);
    require_disjoint(call.of_query, call.of_value);
    require_disjoint(call.of_key, call.of_value);
}

// Rows of one head as blocks of 64 columns, [blocks of the head][rows, 64]: the right side of a product over rows.
void pack_rows(const float* rows, int64_t stride, int64_t count, int64_t width, float* out) {
    for (int64_t first = 0; first < width; first += kBlockColumns) {
        const int64_t columns = std::min<int64_t>(kBlockColumns, width - first);
        for (int64_t r = 0; r < count; ++r) {
            float* target = out + first * count + r * kBlockColumns;
            memcpy(target, rows + r * stride + first, static_cast<size_t>(columns) * sizeof(float));
            std::fill(target + columns, target + kBlockColumns, 0.0f);
        }
    }
}

// The transpose of rows, [blocks of rows][width, 64]: the right side of a product over the head's width.
void pack_columns(const float* rows, int64_t stride, int64_t count, int64_t width, float* out) {
    for (int64_t first = 0; first < count; first += kBlockColumns) {
        kernels().pack_f32(rows + first * stride, stride, 1, std::min<int64_t>(kBlockColumns, count - first), width,
                           width, out + first * width);
    }
}

// What all heads on one key/value head read.
struct Shared {
    const float *keys_across, *keys_along, *values_across;
};

class SharedBlocks {
public:
    SharedBlocks(mt_engine& engine, const Call& call)
        : call_(call),
          across_(blocks_of(call.keys) * kBlockColumns * call.head_width),
          along_(blocks_of(call.head_width) * kBlockColumns * call.keys),
          memory_(engine.pool,
                  call.sequences * call.key_value_heads * (2 * across_ + along_) * int64_t(sizeof(float))) {
        parallel_tasks(call.sequences * call.key_value_heads, [&](int64_t index, int) {
            const int64_t sequence = index / call.key_value_heads;
            const int64_t element = index % call.key_value_heads * call.head_width, stride = call.key.width();
            const float *keys = call.row(call.key, sequence, 0, element),
                        *values = call.row(call.value, sequence, 0, element);
            float* to = memory_.as<float>() + index * (2 * across_ + along_);
            pack_columns(keys, stride, call.keys, call.head_width, to);
            pack_columns(values, stride, call.keys, call.head_width, to + across_);
            pack_rows(keys, stride, call.keys, call.head_width, to + 2 * across_);
        });
    }

    Shared of(int64_t sequence, int64_t shared) const {
        const float* at = memory_.as<float>() + (sequence * call_.key_value_heads + shared) * (2 * across_ + along_);
        return {at, at + 2 * across_, at + across_};
    }

private:
    const Call& call_;
    int64_t across_, along_;
    Scratch memory_;
};

// What one thread needs.
struct Workspace {
    int64_t stride;  // of the rows of the pattern
    float *pattern, *turned, *transposed, *queries, *upstreams;

    static int64_t floats(const Call& call) {
        const int64_t keys = blocks_of(call.keys) * kBlockColumns, width = blocks_of(call.head_width) * kBlockColumns;
        return kRows * (3 * keys + 2 * width);
    }
    Workspace(const Call& call, float* memory) : stride(blocks_of(call.keys) * kBlockColumns), pattern(memory) {
        turned = pattern + kRows * stride;
        transposed = turned + kRows * stride;
        queries = transposed + kRows * stride;
        upstreams = queries + kRows * blocks_of(call.head_width) * kBlockColumns;
    }
};

// Some queries of one head.
struct Block {
    int64_t sequence, head, first, rows, columns;
};

// rows [rows, width] times a transposed operand: [rows, columns].
void product_across(const float* rows, int64_t stride, const Block& block, int64_t width, const float* across,
                    float* out, int64_t out_stride) {
    for (int64_t first = 0; first < block.columns; first += kBlockColumns) {
        kernels().product_f32(rows, stride, across + first * width, out + first, out_stride, block.rows,
                              std::min<int64_t>(kBlockColumns, block.columns - first), width);
    }
}

void query_gradient(const Call& call, const Block& block, const Workspace& space, const float* keys, float* out) {
    const int64_t width = call.head_width;
    for (int64_t r = 0; r < block.rows; r += kTile) {
        const int64_t rows = std::min(kTile, block.rows - r);
        const int64_t depth = std::min(block.columns, call.visible(block.first + r + rows - 1));  // beyond it are zeros
        for (int64_t first = 0; first < width; first += kBlockColumns) {
            kernels().product_f32(space.turned + r * space.stride, space.stride, keys + first * call.keys,
                                  out + r * call.query.width() + first, call.query.width(), rows,
                                  std::min<int64_t>(kBlockColumns, width - first), depth);
        }
    }
}

// out [columns, width] gets or adds the transpose of weights [rows, columns] times packed rows [rows, width].
void key_gradient(const Call& call, const Block& block, const Workspace& space, const float* weights,
                  const float* packed, bool adds, float* out) {
    const int64_t width = call.head_width;
    for (int64_t first = 0; first < block.columns; first += kBlockColumns) {
        const int64_t count = std::min<int64_t>(kBlockColumns, block.columns - first);
        kernels().pack_f32(weights + first, space.stride, 1, block.rows, count, count,
                           space.transposed + first * kRows);
    }
    for (int64_t c = 0; c < block.columns; c += kTile) {
        const int64_t keys = std::min(kTile, block.columns - c);
        // Queries before this one do not see these keys.
        const int64_t start = std::clamp<int64_t>(call.first_query(c) - block.first, 0, block.rows);
        for (int64_t first = 0; first < width; first += kBlockColumns) {
            const int64_t columns = std::min<int64_t>(kBlockColumns, width - first);
            float sums[kTile * kBlockColumns];
            float* target = adds ? sums : out + c * width + first;
            kernels().product_f32(space.transposed + c * kRows + start, kRows,
                                  packed + first * block.rows + start * kBlockColumns, target,
                                  adds ? kBlockColumns : width, keys, columns, block.rows - start);
            for (int64_t k = 0; adds && k < keys; ++k) {
                float* row = out + (c + k) * width + first;
                kernels().binary(MT_ADD, MT_F32, row, 1, sums + k * kBlockColumns, 1, row, columns);
            }
        }
    }
}

// Gradients of keys and values of every head by itself: [gradients, sequences, heads, keys, width], those of keys first.
struct Parts {
    const Call& call;
    Scratch memory;

    Parts(mt_engine& engine, const Call& given)
        : call(given),
          memory(engine.pool, 2 * given.count * given.sequences * given.heads * each() * int64_t(sizeof(float))) {}

    int64_t each() const { return call.keys * call.head_width; }
    float* of_key(int64_t gradient, int64_t sequence, int64_t head) const {
        return memory.as<float>() + ((gradient * call.sequences + sequence) * call.heads + head) * each();
    }
    float* of_value(int64_t gradient, int64_t sequence, int64_t head) const {
        return of_key(gradient, sequence, head) + call.count * call.sequences * call.heads * each();
    }
};

void go_back(const Call& call, const Block& block, const Shared& shared, const Workspace& space, const Parts& parts,
             const Stop& stop) {
    const int64_t width = call.head_width, element = block.head * width, stride = call.query.width();
    const float* queries = call.row(call.query, block.sequence, block.first, element);
    product_across(queries, stride, block, width, shared.keys_across, space.pattern, space.stride);
    kernels().attention_softmax(space.pattern, nullptr, space.stride, block.rows, block.columns,
                                call.visible(block.first), call.causal ? 1 : 0, call.scale);
    pack_rows(queries, stride, block.rows, width, space.queries);
    const bool adds = block.first + block.rows < call.queries;  // the last block comes first and sees every key
    for (int64_t g = 0; g < call.count && !stop.asked(); ++g) {
        const int64_t place = ((g * call.sequences + block.sequence) * call.queries + block.first) * stride + element;
        const float* upstream = reinterpret_cast<const float*>(call.upstream.data) + place;
        product_across(upstream, stride, block, width, shared.values_across, space.turned, space.stride);
        kernels().softmax_gradient(space.pattern, space.turned, space.stride, block.rows, block.columns, call.scale);
        query_gradient(call, block, space, shared.keys_along, reinterpret_cast<float*>(call.of_query.data) + place);
        key_gradient(call, block, space, space.turned, space.queries, adds,
                     parts.of_key(g, block.sequence, block.head));
        pack_rows(upstream, stride, block.rows, width, space.upstreams);
        key_gradient(call, block, space, space.pattern, space.upstreams, adds,
                     parts.of_value(g, block.sequence, block.head));
    }
}

// The heads of each group added up, in their order.
void gather_parts(const Call& call, const Parts& parts) {
    const int64_t width = call.head_width, all = call.key.width();
    parallel_tasks(call.count * call.sequences * call.key_value_heads, [&](int64_t index, int) {
        const int64_t shared = index % call.key_value_heads, sequence = index / call.key_value_heads % call.sequences;
        const int64_t g = index / call.key_value_heads / call.sequences, head = shared * call.group();
        const int64_t place = (g * call.sequences + sequence) * call.keys * all + shared * width;
        float* results[] = {reinterpret_cast<float*>(call.of_key.data) + place,
                            reinterpret_cast<float*>(call.of_value.data) + place};
        const float* firsts[] = {parts.of_key(g, sequence, head), parts.of_value(g, sequence, head)};
        for (int which = 0; which < 2; ++which) {
            for (int64_t k = 0; k < call.keys; ++k) {
                float* row = results[which] + k * all;
                memcpy(row, firsts[which] + k * width, static_cast<size_t>(width) * sizeof(float));
                for (int64_t h = 1; h < call.group(); ++h) {
                    kernels().binary(MT_ADD, MT_F32, row, 1, firsts[which] + h * parts.each() + k * width, 1, row,
                                     width);
                }
            }
        }
    });
}

void attend_back(mt_engine& engine, const Call& call) {
    const SharedBlocks blocks(engine, call);
    const Parts parts(engine, call);
    const int64_t each = Workspace::floats(call);
    const Scratch spaces(engine.pool, omp_get_max_threads() * each * int64_t(sizeof(float)));
    const Stop stop;  // a head of a long text takes much longer than a caller wants to wait
    parallel_tasks(call.sequences * call.heads, [&](int64_t index, int thread) {
        const Workspace space(call, spaces.as<float>() + thread * each);
        const int64_t sequence = index / call.heads, head = index % call.heads;
        const Shared shared = blocks.of(sequence, head / call.group());
        for (int64_t first = (call.queries - 1) / kRows * kRows; first >= 0 && !stop.asked(); first -= kRows) {
            const int64_t rows = std::min(kRows, call.queries - first);
            const int64_t columns = std::min(call.keys, call.visible(first + rows - 1));
            go_back(call, {sequence, head, first, rows, columns}, shared, space, parts, stop);
        }
    });
    gather_parts(call, parts);
}

void clear(const View& view) {
    if (view.elements > 0) memset(view.data, 0, static_cast<size_t>(view.elements) * sizeof(float));
}

}  // namespace

extern "C" mt_status mt_attention_gradient(mt_engine* engine, int32_t heads, int32_t key_value_heads, float scale,
                                           int32_t causal, const mt_tensor* query, const mt_tensor* key,
                                           const mt_tensor* value, const mt_tensor* upstream, const mt_tensor* of_query,
                                           const mt_tensor* of_key, const mt_tensor* of_value) {
    return entry(engine, "mt_attention_gradient", [&](mt_engine& own) {
        Call call;
        call.query = read(own, query, "query");
        call.key = read(own, key, "key");
        call.value = read(own, value, "value");
        call.upstream = read(own, upstream, "upstream");
        call.of_query = written(own, of_query, "of_query");
        call.of_key = written(own, of_key, "of_key");
        call.of_value = written(own, of_value, "of_value");
        call.causal = causal != 0;
        call.scale = scale;
        check(call, heads, key_value_heads);
        if (call.upstream.elements == 0) {  // nothing flows back
            clear(call.of_key);
            clear(call.of_value);
            return;
        }
        const Aligned queries(own, call.query), keys(own, call.key), values(own, call.value), given(own, call.upstream);
        call.query.data = const_cast<char*>(queries.data());
        call.key.data = const_cast<char*>(keys.data());
        call.value.data = const_cast<char*>(values.data());
        call.upstream.data = const_cast<char*>(given.data());
        attend_back(own, call);
    });
}
