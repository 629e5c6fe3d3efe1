package microtome.tensor;

/**
 * Causal grouped-query attention in the pieces that one looks at and edits: scores, pattern, head outputs. {@link
 * Layers#attention} computes the same in one go.
 */
public final class AttentionParts {
    private AttentionParts() {}

    /**
     * Scaled products of queries and keys, -infinity where a query may not look.
     *
     * @param query {@code [sequences, queries, heads * headWidth]}; query i stands at position keys - queries + i
     * @param key {@code [sequences, keys, keyValueHeads * headWidth]}
     * @return F32 {@code [sequences, heads, queries, keys]} (F64 for F64)
     */
    public static Tensor scores(Tensor query, Tensor key, int heads, int keyValueHeads, float scale) {
        var engine = query.engine();
        requireCausal(query, key);
        try (var scope = engine.openScope()) {
            var all = plainScores(query, key, heads, keyValueHeads, scale);
            return scope.keep(all.plus(causalMask(all)));
        }
    }

    /**
     * The softmax of {@link #scores}, computed without them: 0 where a query may not look.
     *
     * @param query {@code [sequences, queries, heads * headWidth]}; query i stands at position keys - queries + i
     * @param key {@code [sequences, keys, keyValueHeads * headWidth]}
     * @return F32 {@code [sequences, heads, queries, keys]} (F64 for F64)
     */
    public static Tensor pattern(Tensor query, Tensor key, int heads, int keyValueHeads, float scale) {
        return query.engine().apply(new Op.AttentionPattern(heads, keyValueHeads, scale, true), query, key);
    }

    /**
     * Scores of any form: scaled, then capped, then -infinity where a query may not look.
     *
     * @return F32 {@code [sequences, heads, queries, keys]} (F64 for F64)
     */
    public static Tensor scores(Tensor query, Tensor key, AttentionForm form) {
        if (form.causal()) {
            requireCausal(query, key);
        }
        try (var scope = query.engine().openScope()) {
            Tensor scores = plainScores(query, key, form.heads(), form.keyValueHeads(), form.scale());
            if (form.softCap() > 0) {
                scores = scores.times(1 / (double) form.softCap()).tanh().times(form.softCap());
            }
            return scope.keep(form.causal() ? scores.plus(mask(scores, form.window())) : scores);
        }
    }

    /** The softmax of scores of any form, {@code [sequences, heads, queries, keys]}. */
    public static Tensor pattern(Tensor query, Tensor key, AttentionForm form) {
        if (form.isPlain(key.extent(1))) {
            var fused = new Op.AttentionPattern(form.heads(), form.keyValueHeads(), form.scale(), form.causal());
            return query.engine().apply(fused, query, key);
        }
        try (var scope = query.engine().openScope()) {
            return scope.keep(scores(query, key, form).softmax(-1));
        }
    }

    /**
     * The values, weighted by a pattern: one of {@link #pattern}, or any other.
     *
     * @param pattern {@code [sequences, heads, queries, keys]}
     * @param value {@code [sequences, keys, keyValueHeads * headWidth]}
     * @return {@code [sequences, queries, heads * headWidth]} in the type of the values
     */
    public static Tensor mix(Tensor pattern, Tensor value, int keyValueHeads) {
        return pattern.engine().apply(new Op.AttentionMix(keyValueHeads), pattern, value);
    }

    /**
     * What each head contributes before the output projection.
     *
     * @param pattern {@code [sequences, heads, queries, keys]}
     * @param value {@code [sequences, keys, keyValueHeads * headWidth]}
     * @return {@code [sequences, heads, queries, headWidth]} in the type of the values
     */
    public static Tensor headOutputs(Tensor pattern, Tensor value, int keyValueHeads) {
        ProductRule.requirePattern(pattern.shape(), value.shape(), keyValueHeads);
        long heads = pattern.extent(1);
        try (var scope = pattern.engine().openScope()) {
            var values = byKeyHead(value, keyValueHeads); // [sequences * keyValueHeads, keys, headWidth]
            var groups =
                    pattern.reshape(values.extent(0), heads / keyValueHeads * pattern.extent(2), pattern.extent(3));
            var product = new Op.MatMul(false, value.dtype());
            var mixed = pattern.engine().apply(product, groups, values);
            return scope.keep(mixed.reshape(pattern.extent(0), heads, pattern.extent(2), values.extent(2)));
        }
    }

    /** Scaled products without a mask: {@code [sequences, heads, queries, keys]}. */
    static Tensor plainScores(Tensor query, Tensor key, int heads, int keyValueHeads, float scale) {
        ProductRule.requireHeads("scores", heads, keyValueHeads);
        long headWidth = ProductRule.headWidth("scores", "query", query.shape(), heads);
        if (ProductRule.headWidth("scores", "key", key.shape(), keyValueHeads) != headWidth) {
            throw new IllegalArgumentException("scores: query %s has %d heads of %d, but key %s has %d heads of %d"
                    .formatted(
                            query.shape(),
                            heads,
                            headWidth,
                            key.shape(),
                            keyValueHeads,
                            key.extent(2) / keyValueHeads));
        }
        try (var scope = query.engine().openScope()) {
            var keys = byKeyHead(key, keyValueHeads);
            var queries = byKeyHead(query, heads) // [sequences * heads, queries, headWidth]
                    .reshape(keys.extent(0), heads / keyValueHeads * query.extent(1), headWidth);
            var product = new Op.MatMul(true, query.dtype() == DType.F64 ? DType.F64 : DType.F32);
            var scores = query.engine().apply(product, queries, keys).times(scale);
            return scope.keep(scores.reshape(query.extent(0), heads, query.extent(1), key.extent(1)));
        }
    }

    /** {@code [queries, keys]}: 0 where a query may look, -infinity after its own position. */
    static Tensor causalMask(Tensor scores) {
        return mask(scores, 0);
    }

    /** The same, with -infinity also at the keys that lie before a window; 0 for no window. */
    private static Tensor mask(Tensor scores, int window) {
        int queries = Math.toIntExact(scores.extent(2));
        int keys = Math.toIntExact(scores.extent(3));
        var engine = scores.engine();
        try (var scope = engine.openScope()) {
            var keyPositions = engine.indices(positions(0, keys), 1, keys);
            var firstHidden = engine.indices(positions(keys - queries + 1, queries), queries, 1);
            Tensor seen = keyPositions.less(firstHidden).cast(DType.F32);
            if (window > 0) {
                var lastForgotten = engine.indices(positions(keys - queries - window, queries), queries, 1);
                seen = seen.times(lastForgotten.less(keyPositions).cast(DType.F32));
            }
            return scope.keep(seen.log().cast(scores.dtype()));
        }
    }

    private static int[] positions(int first, int count) {
        var positions = new int[count];
        for (int i = 0; i < count; i++) {
            positions[i] = first + i;
        }
        return positions;
    }

    /** {@code [sequences, positions, heads * width]} as {@code [sequences * heads, positions, width]}. */
    static Tensor byKeyHead(Tensor tensor, int heads) {
        long width = tensor.extent(2) / heads;
        return tensor.reshape(tensor.extent(0), tensor.extent(1), heads, width)
                .permute(0, 2, 1, 3)
                .reshape(tensor.extent(0) * heads, tensor.extent(1), width);
    }

    private static void requireCausal(Tensor query, Tensor key) {
        if (query.shape().rank() == 3 && key.shape().rank() == 3 && query.extent(1) > key.extent(1)) {
            throw new IllegalArgumentException("scores: %d queries but %d keys; causal attention needs queries <= keys"
                    .formatted(query.extent(1), key.extent(1)));
        }
    }
}
