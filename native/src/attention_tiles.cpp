#include <string.h>

#include "attention_call.h"
#include "kernel_table.h"
#include "parallel.h"

namespace microtome {

namespace {

constexpr int64_t kRows = 64;  // queries of one task
constexpr int64_t kTile = 6;   // rows that the product works on at a time

int64_t blocks_of(int64_t count) { return (count + kBlockColumns - 1) / kBlockColumns; }

// What of a key/value head a call needs.
enum Parts { kKeys = 1, kValues = 2, kBoth = kKeys | kValues };

// Keys and values of one key/value head as blocks of 64 columns: keys transposed, [blocks][head width, 64], so that a
// product with queries gives scores; values [blocks of the head][keys, 64].
struct Packed {
    const AttentionCall& call;
    int64_t key_floats, value_floats;
    Scratch memory;

    Packed(mt_engine& engine, const AttentionCall& attention, Parts parts)
        : call(attention),
          key_floats(parts & kKeys ? blocks_of(attention.keys) * attention.head_width * kBlockColumns : 0),
          value_floats(parts & kValues ? blocks_of(attention.head_width) * attention.keys * kBlockColumns : 0),
          memory(engine.pool, attention.sequences * attention.key_value_heads * (key_floats + value_floats) *
                                  int64_t(sizeof(float))) {}

    float* keys(int64_t sequence, int64_t shared) const {
        return memory.as<float>() + (sequence * call.key_value_heads + shared) * (key_floats + value_floats);
    }
    float* values(int64_t sequence, int64_t shared) const { return keys(sequence, shared) + key_floats; }
};

// Row `position` of one head as floats: in place where it is F32, otherwise widened into `wide`.
const float* floats_of(const View& view, const char* row, float* wide, int64_t width) {
    if (view.dtype == MT_F32) return reinterpret_cast<const float*>(row);
    kernels().to_float(view.dtype, row, wide, width);
    return wide;
}

void pack_keys(const AttentionCall& call, int64_t sequence, int64_t shared, float* wide, float* out) {
    const int64_t width = call.head_width;
    for (int64_t first = 0; first < call.keys; first += kBlockColumns) {
        const int64_t count = std::min<int64_t>(kBlockColumns, call.keys - first);
        const float* rows = reinterpret_cast<const float*>(at(call.key, sequence, first, shared * width));
        int64_t stride = call.key.stride[1];
        if (call.key.dtype != MT_F32) {
            for (int64_t j = 0; j < count; ++j) {
                kernels().to_float(call.key.dtype, at(call.key, sequence, first + j, shared * width), wide + j * width,
                                   width);
            }
            rows = wide;
            stride = width;
        }
        kernels().pack_f32(rows, stride, 1, count, width, width, out + first * width);
    }
}

void pack_values(const AttentionCall& call, int64_t sequence, int64_t shared, float* wide, float* out) {
    const int64_t width = call.head_width;
    for (int64_t k = 0; k < call.keys; ++k) {
        const float* row = floats_of(call.value, at(call.value, sequence, k, shared * width), wide, width);
        for (int64_t first = 0; first < width; first += kBlockColumns) {
            const int64_t count = std::min<int64_t>(kBlockColumns, width - first);
            float* target = out + first * call.keys + k * kBlockColumns;
            memcpy(target, row + first, static_cast<size_t>(count) * sizeof(float));
            std::fill(target + count, target + kBlockColumns, 0.0f);
        }
    }
}

// What one thread needs: scores of a task, its queries and its result where they have to change type.
struct Workspace {
    float* scores;
    float* queries;
    float* results;

    static int64_t floats(const AttentionCall& call) {
        return kRows * (blocks_of(call.keys) * kBlockColumns + 2 * call.head_width);
    }
    Workspace(const AttentionCall& call, float* memory)
        : scores(memory),
          queries(memory + kRows * blocks_of(call.keys) * kBlockColumns),
          results(queries + kRows * call.head_width) {}
};

struct Task {
    int64_t sequence, head, first, rows;
};

// Rows of the task's queries as floats with some stride.
const float* queries_of(const AttentionCall& call, const Task& task, const Workspace& space, int64_t& stride) {
    const int64_t width = call.head_width;
    stride = call.query.stride[1];
    if (call.query.dtype == MT_F32) {
        return reinterpret_cast<const float*>(at(call.query, task.sequence, task.first, task.head * width));
    }
    for (int64_t r = 0; r < task.rows; ++r) {
        kernels().to_float(call.query.dtype, at(call.query, task.sequence, task.first + r, task.head * width),
                           space.queries + r * width, width);
    }
    stride = width;
    return space.queries;
}

// Weights of a task: rows of scores or of a pattern.
struct Weights {
    float* data;
    int64_t stride;

    float* row(int64_t r) const { return data + r * stride; }
};

Weights in_pattern(const AttentionCall& call, const Task& task) {
    const int64_t row = (task.sequence * call.heads + task.head) * call.queries + task.first;
    return {reinterpret_cast<float*>(call.pattern.data) + row * call.keys, call.keys};
}

// depth(r, rows): so many keys have a weight in one of these rows of the task.
template <class Depth>
void weigh_values(const AttentionCall& call, const Task& task, const Workspace& space, Weights weights,
                  const float* values, Depth depth) {
    const int64_t width = call.head_width;
    const bool narrow = call.out.dtype != MT_F32;
    char* target = const_cast<char*>(at(call.out, task.sequence, task.first, task.head * width));
    float* out = narrow ? space.results : reinterpret_cast<float*>(target);
    const int64_t out_stride = narrow ? width : call.out.stride[1];
    for (int64_t r = 0; r < task.rows; r += kTile) {
        const int64_t rows = std::min(kTile, task.rows - r);
        const int64_t keys = depth(r, rows);
        for (int64_t first = 0; first < width; first += kBlockColumns) {
            kernels().product_f32(weights.row(r), weights.stride, values + first * call.keys,
                                  out + r * out_stride + first, out_stride, rows,
                                  std::min<int64_t>(kBlockColumns, width - first), keys);
        }
    }
    for (int64_t r = 0; narrow && r < task.rows; ++r) {
        kernels().from_float(call.out.dtype, space.results + r * width,
                             target + r * call.out.stride[1] * unit_of(call.out.dtype).bytes, width);
    }
}

// The pattern of a task, normalised; rows that stay in the workspace end with the last key that one of them sees.
void fill_weights(const AttentionCall& call, const Packed& packed, const Task& task, const Workspace& space,
                  Weights weights) {
    const int64_t width = call.head_width, columns = call.visible(task.first + task.rows - 1);
    int64_t query_stride = 0;
    const float* queries = queries_of(call, task, space, query_stride);
    const float* keys = packed.keys(task.sequence, task.head / call.group());
    for (int64_t first = 0; first < columns; first += kBlockColumns) {
        kernels().product_f32(queries, query_stride, keys + first * width, weights.data + first, weights.stride,
                              task.rows, std::min<int64_t>(kBlockColumns, columns - first), width);
    }
    kernels().attention_softmax(weights.data, nullptr, weights.stride, task.rows,
                                call.has_pattern ? call.keys : columns, call.visible(task.first), call.causal ? 1 : 0,
                                call.scale);
}

void attend_task(const AttentionCall& call, const Packed& packed, const Task& task, const Workspace& space) {
    const Weights own = {space.scores, blocks_of(call.keys) * kBlockColumns};
    const Weights weights = call.has_pattern ? in_pattern(call, task) : own;
    fill_weights(call, packed, task, space, weights);
    weigh_values(call, task, space, weights, packed.values(task.sequence, task.head / call.group()),
                 [&](int64_t r, int64_t rows) { return call.visible(task.first + r + rows - 1); });
}

bool is_zero(const float* x, int64_t count) {
    uint32_t any = 0;
    for (int64_t i = 0; i < count; ++i) {
        uint32_t bits;
        memcpy(&bits, x + i, sizeof bits);
        any |= bits << 1;  // without the sign
    }
    return any == 0;
}

// Where the zeros at the ends of some rows begin. A causal pattern has them in half of its places.
int64_t last_weight(Weights weights, int64_t r, int64_t rows, int64_t keys) {
    constexpr int64_t kStep = 32;
    int64_t depth = 0;
    for (int64_t i = r; i < r + rows; ++i) {
        const float* row = weights.row(i);
        int64_t end = keys;
        while (end - kStep >= depth && is_zero(row + end - kStep, kStep)) end -= kStep;
        while (end > depth && is_zero(row + end - 1, 1)) --end;
        depth = end;
    }
    return depth;
}

void mix_task(const AttentionCall& call, const Packed& packed, const Task& task, const Workspace& space) {
    const Weights weights = in_pattern(call, task);
    weigh_values(call, task, space, weights, packed.values(task.sequence, task.head / call.group()),
                 [&](int64_t r, int64_t rows) { return last_weight(weights, r, rows, call.keys); });
}

// Packs what is needed, then does every block of queries of every head.
template <class Work>
void run_tiles(mt_engine& engine, const AttentionCall& call, Parts parts, Work work) {
    const Packed packed(engine, call, parts);
    const int64_t each = Workspace::floats(call);
    const Scratch spaces(engine.pool, omp_get_max_threads() * each * int64_t(sizeof(float)));
    const auto space_of = [&](int thread) { return Workspace(call, spaces.as<float>() + thread * each); };
    parallel_tasks(call.sequences * call.key_value_heads, [&](int64_t task, int thread) {
        const int64_t sequence = task / call.key_value_heads, shared = task % call.key_value_heads;
        float* wide = space_of(thread).queries;  // 64 rows of one head
        if (parts & kKeys) pack_keys(call, sequence, shared, wide, packed.keys(sequence, shared));
        if (parts & kValues) pack_values(call, sequence, shared, wide, packed.values(sequence, shared));
    });
    const int64_t blocks = (call.queries + kRows - 1) / kRows, lanes = call.sequences * call.heads;
    parallel_tasks(blocks * lanes, [&](int64_t index, int thread) {
        // The last queries see the most keys: long tasks first leave no thread waiting at the end.
        const int64_t first = (blocks - 1 - index / lanes) * kRows;
        const Task task = {index % lanes / call.heads, index % call.heads, first,
                           std::min(kRows, call.queries - first)};
        work(call, packed, task, space_of(thread));
    });
}

}  // namespace

void attend_tiles(mt_engine& engine, const AttentionCall& call) { run_tiles(engine, call, kBoth, attend_task); }

void pattern_tiles(mt_engine& engine, const AttentionCall& call) {
    run_tiles(engine, call, kKeys,
              [](const AttentionCall& own, const Packed& packed, const Task& task, const Workspace& space) {
                  fill_weights(own, packed, task, space, in_pattern(own, task));
              });
}

void mix_tiles(mt_engine& engine, const AttentionCall& call) { run_tiles(engine, call, kValues, mix_task); }

}  // namespace microtome
