// One call of mt_attention after its checks, as the ways to compute it see it.
#ifndef MICROTOME_ATTENTION_CALL_H
#define MICROTOME_ATTENTION_CALL_H

#include "view.h"

namespace microtome {

struct AttentionCall {
    View query, key, value, out, pattern;
    bool has_pattern = false, causal = false;
    int64_t heads = 0, key_value_heads = 0, head_width = 0;
    int64_t sequences = 0, queries = 0, keys = 0;
    float scale = 0.0f;

    int64_t group() const { return heads / key_value_heads; }
    // Keys that query i sees.
    int64_t visible(int64_t i) const { return causal ? keys - queries + i + 1 : keys; }
};

inline const char* at(const View& view, int64_t sequence, int64_t position, int64_t element) {
    const int64_t offset = sequence * view.stride[0] + position * view.stride[1] + element;
    return view.data + offset * unit_of(view.dtype).bytes;
}

// Sets the numbers of a call from its heads and from query, key and value, which must fit each other.
void check_heard(AttentionCall& call, int32_t heads, int32_t key_value_heads);

// In F32 by our own tiles: every block of queries of every head is one task, from scores to result on one thread, so
// that threads meet twice per call instead of three times per block. BF16 is widened on the way in.
void attend_tiles(mt_engine& engine, const AttentionCall& call);
// The two halves of it: scores and softmax into call.pattern, and call.out from what stands there.
void pattern_tiles(mt_engine& engine, const AttentionCall& call);
void mix_tiles(mt_engine& engine, const AttentionCall& call);

}  // namespace microtome

#endif
