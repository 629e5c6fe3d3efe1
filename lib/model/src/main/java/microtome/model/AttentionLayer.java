package microtome.model;

import microtome.model.Site.Kind;
import microtome.model.config.AttentionRule;
import microtome.model.config.ModelConfig;
import microtome.tensor.AttentionForm;
import microtome.tensor.AttentionParts;
import microtome.tensor.DType;
import microtome.tensor.Layers;
import microtome.tensor.Tensor;

/**
 * Attention of one block, from what it reads to what its heads mixed.
 *
 * @param queryNorm of queries before they are rotated; null for none
 * @param keyNorm of keys before they are rotated; null for none
 */
record AttentionLayer(
        ModelConfig config, int block, Linear query, Linear key, Linear value, Norm queryNorm, Norm keyNorm) {

    /** What each head mixed, {@code [sequences, positions, heads * headWidth]}, before the projection. */
    Tensor mix(Tensor input, Step step) {
        DType type = input.dtype();
        Tensor queries = perHead(at(Kind.QUERY), query.apply(input, type), step);
        Tensor keys = perHead(at(Kind.KEY), key.apply(input, type), step);
        Tensor values = perHead(at(Kind.VALUE), value.apply(input, type), step);
        queries = turn(normed(queries, queryNorm, at(Kind.QUERY_NORM_SCALE), step), config.heads(), step);
        keys = turn(normed(keys, keyNorm, at(Kind.KEY_NORM_SCALE), step), config.keyValueHeads(), step);
        queries = perHead(at(Kind.ROTATED_QUERY), queries, step);
        keys = perHead(at(Kind.ROTATED_KEY), keys, step);
        Past.Heard heard = step.heard(block, keys, values);
        return perHead(at(Kind.HEAD_OUTPUT), heard.part(look(heard.join(queries), heard, step)), step);
    }

    private Tensor turn(Tensor flat, int heads, Step step) {
        return config.isRotary() ? step.rotate(block, flat, heads) : flat;
    }

    /** Attention of queries to what is heard, both joined in the same way. */
    private Tensor look(Tensor queries, Past.Heard heard, Step step) {
        AttentionForm form = form().joined(heard.joined());
        Site scores = at(Kind.SCORES);
        Site pattern = at(Kind.PATTERN);
        if (!step.wants(scores) && !step.wants(pattern)) {
            return Layers.attention(queries, heard.key(), heard.value(), form);
        }
        Tensor weights = step.wants(scores)
                ? step.at(scores, byHead(AttentionParts.scores(queries, heard.key(), form)))
                        .softmax(-1)
                : byHead(AttentionParts.pattern(queries, heard.key(), form));
        Tensor joined = step.at(pattern, weights).reshape(-1, form.heads(), weights.extent(2), weights.extent(3));
        return AttentionParts.mix(joined, heard.value(), form.keyValueHeads());
    }

    private AttentionForm form() {
        AttentionRule rule = config.attention();
        return new AttentionForm(
                config.heads(),
                config.keyValueHeads(),
                rule.scoreScales().get(block),
                rule.softCap(),
                rule.windows().get(block),
                rule.causal());
    }

    private Tensor normed(Tensor flat, Norm norm, Site scale, Step step) {
        if (norm == null) {
            return flat;
        }
        return switch (config.attention().queryKeyNorm()) {
            case NONE -> flat;
            case ACROSS_HEADS -> norm.apply(flat, flat.dtype(), step, scale);
            case PER_HEAD ->
                norm.apply(split(flat), flat.dtype(), step, scale)
                        .reshape(flat.extent(0), flat.extent(1), flat.extent(2));
        };
    }

    /** {@code [sequences, heads, queries, keys]}, however the sequences were joined. */
    private Tensor byHead(Tensor scores) {
        return scores.reshape(-1, config.heads(), scores.extent(2), scores.extent(3));
    }

    /** {@code [sequences, positions, heads * headWidth]} as {@code [..., heads, headWidth]}. */
    private Tensor split(Tensor flat) {
        return flat.reshape(flat.extent(0), flat.extent(1), flat.extent(2) / config.headWidth(), config.headWidth());
    }

    /** Offers {@code [sequences, positions, heads * headWidth]} to a tap as {@code [..., heads, headWidth]}. */
    private Tensor perHead(Site site, Tensor flat, Step step) {
        if (!step.wants(site)) {
            return flat;
        }
        return step.at(site, split(flat)).reshape(flat.extent(0), flat.extent(1), flat.extent(2));
    }

    private Site at(Kind kind) {
        return new Site(kind, block);
    }
}
