#include <string.h>

#include "attention_call.h"
#include "kernel_table.h"
#include "parallel.h"

namespace microtome {

namespace {

constexpr int64_t kRows = 64;  // queries of one task
constexpr int64_t kTile = 6;   // rows that the product works on at a time

int64_t blocks_of(int64_t count) { return (count + kBlockColumns - 1) / kBlockColumns; }

// Keys and values of one key/value head as blocks of 64 columns: keys transposed, [blocks][head width, 64], so that a
// product with queries gives scores; values [blocks of the head][keys, 64].
struct Packed {
    const AttentionCall& call;
    Scratch memory;
    int64_t key_floats, value_floats;

    Packed(mt_engine& engine, const AttentionCall& attention)
        : call(attention),
          memory(engine.pool,
                 attention.sequences * attention.key_value_heads * floats(attention) * int64_t(sizeof(float))),
          key_floats(key_size(attention)),
          value_floats(value_size(attention)) {}

    static int64_t key_size(const AttentionCall& call) {
        return blocks_of(call.keys) * call.head_width * kBlockColumns;
    }
    static int64_t value_size(const AttentionCall& call) {
        return blocks_of(call.head_width) * call.keys * kBlockColumns;
    }
    static int64_t floats(const AttentionCall& call) { return key_size(call) + value_size(call); }

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

void weigh_values(const AttentionCall& call, const Task& task, const Workspace& space, const float* weights,
                  int64_t weights_stride, int64_t columns, const float* values) {
    const int64_t width = call.head_width;
    const bool narrow = call.out.dtype != MT_F32;
    char* target = const_cast<char*>(at(call.out, task.sequence, task.first, task.head * width));
    float* out = narrow ? space.results : reinterpret_cast<float*>(target);
    const int64_t out_stride = narrow ? width : call.out.stride[1];
    for (int64_t r = 0; r < task.rows; r += kTile) {
        const int64_t rows = std::min(kTile, task.rows - r);
        const int64_t depth = std::min(columns, call.visible(task.first + r + rows - 1));  // beyond it weights are 0
        for (int64_t first = 0; first < width; first += kBlockColumns) {
            kernels().product_f32(weights + r * weights_stride, weights_stride, values + first * call.keys,
                                  out + r * out_stride + first, out_stride, rows,
                                  std::min<int64_t>(kBlockColumns, width - first), depth);
        }
    }
    for (int64_t r = 0; narrow && r < task.rows; ++r) {
        kernels().from_float(call.out.dtype, space.results + r * width,
                             target + r * call.out.stride[1] * unit_of(call.out.dtype).bytes, width);
    }
}

void attend_task(const AttentionCall& call, const Packed& packed, const Task& task, const Workspace& space) {
    const int64_t width = call.head_width, shared = task.head / call.group();
    const int64_t columns = std::min(call.keys, call.visible(task.first + task.rows - 1));
    float* scores = space.scores;
    int64_t stride = blocks_of(call.keys) * kBlockColumns, query_stride = 0;
    if (call.has_pattern) {
        const int64_t row = (task.sequence * call.heads + task.head) * call.queries + task.first;
        scores = reinterpret_cast<float*>(call.pattern.data) + row * call.keys;
        stride = call.keys;
    }
    const float* queries = queries_of(call, task, space, query_stride);
    const float* keys = packed.keys(task.sequence, shared);
    for (int64_t first = 0; first < columns; first += kBlockColumns) {
        kernels().product_f32(queries, query_stride, keys + first * width, scores + first, stride, task.rows,
                              std::min<int64_t>(kBlockColumns, columns - first), width);
    }
    kernels().attention_softmax(scores, nullptr, stride, task.rows, call.has_pattern ? call.keys : columns,
                                call.visible(task.first), call.causal ? 1 : 0, call.scale);
    weigh_values(call, task, space, scores, stride, columns, packed.values(task.sequence, shared));
}

}  // namespace

void attend_tiles(mt_engine& engine, const AttentionCall& call) {
    const Packed packed(engine, call);
    const int64_t each = Workspace::floats(call);
    const Scratch spaces(engine.pool, omp_get_max_threads() * each * int64_t(sizeof(float)));
    const auto space_of = [&](int thread) { return Workspace(call, spaces.as<float>() + thread * each); };
    parallel_tasks(call.sequences * call.key_value_heads, [&](int64_t task, int thread) {
        const int64_t sequence = task / call.key_value_heads, shared = task % call.key_value_heads;
        float* wide = space_of(thread).queries;  // 64 rows of one head
        pack_keys(call, sequence, shared, wide, packed.keys(sequence, shared));
        pack_values(call, sequence, shared, wide, packed.values(sequence, shared));
    });
    const int64_t blocks = (call.queries + kRows - 1) / kRows, lanes = call.sequences * call.heads;
    parallel_tasks(blocks * lanes, [&](int64_t index, int thread) {
        // The last queries see the most keys: long tasks first leave no thread waiting at the end.
        const int64_t first = (blocks - 1 - index / lanes) * kRows;
        const Task task = {index % lanes / call.heads, index % call.heads, first,
                           std::min(kRows, call.queries - first)};
        attend_task(call, packed, task, space_of(thread));
    });
}

}  // namespace microtome
