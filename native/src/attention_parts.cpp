// mt_attention_pattern and mt_attention_mix: attention in two steps, with the pattern in between where it can be seen.
#include "attention_call.h"

using namespace microtome;

namespace {

void check_heads(const AttentionCall& call) {
    MT_REQUIRE(call.heads > 0 && call.key_value_heads > 0 && call.heads % call.key_value_heads == 0,
               "%lld heads on %lld key/value heads: need 1 or more, the first a multiple of the second",
               (long long)call.heads, (long long)call.key_value_heads);
}

// The head width of a [sequences, positions, heads * width].
int64_t head_width(const View& view, int64_t heads) {
    MT_REQUIRE(view.width() % heads == 0, "%s is %s: its width must be a multiple of %lld heads", view.name,
               view.shape().c_str(), (long long)heads);
    return view.width() / heads;
}

void check_extents(const View& view, std::initializer_list<int64_t> extents, const char* form) {
    require_rank(view, int(extents.size()));
    MT_REQUIRE(std::equal(extents.begin(), extents.end(), view.extent), "%s is %s; need %s", view.name,
               view.shape().c_str(), form);
}

void check_pattern(AttentionCall& call) {
    const View &query = call.query, &key = call.key, &pattern = call.pattern;
    require_type(query, {MT_F32, MT_BF16});
    require_same_type(key, query);
    require_type(pattern, {MT_F32});
    for (const View* view : {&query, &key}) require_rank(*view, 3);
    for (const View* view : {&query, &key, &pattern}) require_contiguous(*view);
    check_heads(call);
    call.head_width = head_width(query, call.heads);
    call.sequences = query.extent[0];
    call.queries = query.extent[1];
    call.keys = key.extent[1];
    check_extents(key, {call.sequences, call.keys, call.head_width * call.key_value_heads},
                  "[sequences, keys, key_value_heads * head_width] of the query's sequences and head width");
    check_extents(pattern, {call.sequences, call.heads, call.queries, call.keys}, "[sequences, heads, queries, keys]");
    MT_REQUIRE(call.queries <= call.keys, "%lld queries on %lld keys; need as many keys at least",
               (long long)call.queries, (long long)call.keys);
    for (const View* view : {&query, &key}) require_disjoint(pattern, *view);
}

void check_mix(AttentionCall& call) {
    const View &pattern = call.pattern, &value = call.value, &out = call.out;
    require_type(pattern, {MT_F32});
    require_type(value, {MT_F32, MT_BF16});
    require_same_type(out, value);
    require_rank(pattern, 4);
    require_rank(value, 3);
    for (const View* view : {&pattern, &value, &out}) require_contiguous(*view);
    call.sequences = pattern.extent[0];
    call.heads = pattern.extent[1];
    call.queries = pattern.extent[2];
    call.keys = pattern.extent[3];
    check_heads(call);
    call.head_width = head_width(value, call.key_value_heads);
    check_extents(value, {call.sequences, call.keys, call.head_width * call.key_value_heads},
                  "[sequences, keys, key_value_heads * head_width] of the pattern's sequences and keys");
    require_rank(out, 3);
    const bool fits = out.extent[0] == call.sequences && out.extent[1] == call.queries &&
                      out.width() % call.heads == 0 && out.width() / call.heads == call.head_width;
    MT_REQUIRE(fits, "out is %s; need [sequences, queries, heads * head_width] = [%lld, %lld, %lld * %lld]",
               out.shape().c_str(), (long long)call.sequences, (long long)call.queries, (long long)call.heads,
               (long long)call.head_width);
    for (const View* view : {&pattern, &value}) require_disjoint(out, *view);
}

}  // namespace

extern "C" {

mt_status mt_attention_pattern(mt_engine* engine, int32_t heads, int32_t key_value_heads, float scale, int32_t causal,
                               const mt_tensor* query, const mt_tensor* key, const mt_tensor* pattern) {
    return entry(engine, "mt_attention_pattern", [&](mt_engine& own) {
        AttentionCall call;
        call.query = read(own, query, "query");
        call.key = read(own, key, "key");
        call.pattern = written(own, pattern, "pattern");
        call.has_pattern = true;
        call.heads = heads;
        call.key_value_heads = key_value_heads;
        call.causal = causal != 0;
        call.scale = scale;
        check_pattern(call);
        if (call.pattern.elements == 0) return;
        MT_REQUIRE(call.head_width > 0, "heads of width 0 have no pattern");
        const Aligned queries(own, call.query), keys(own, call.key);
        call.query.data = const_cast<char*>(queries.data());
        call.key.data = const_cast<char*>(keys.data());
        pattern_tiles(own, call);
    });
}

mt_status mt_attention_mix(mt_engine* engine, int32_t key_value_heads, const mt_tensor* pattern, const mt_tensor* value,
                           const mt_tensor* out) {
    return entry(engine, "mt_attention_mix", [&](mt_engine& own) {
        AttentionCall call;
        call.pattern = read(own, pattern, "pattern");
        call.value = read(own, value, "value");
        call.out = written(own, out, "out");
        call.has_pattern = true;
        call.key_value_heads = key_value_heads;
        check_mix(call);
        if (call.out.elements == 0) return;
        const Aligned weights(own, call.pattern), values(own, call.value);
        call.pattern.data = const_cast<char*>(weights.data());
        call.value.data = const_cast<char*>(values.data());
        mix_tiles(own, call);
    });
}

}  // extern "C"
