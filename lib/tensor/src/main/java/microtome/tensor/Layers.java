package microtome.tensor;

/** The parts of a transformer block, each computed by one fused operation where the backend has it. */
public final class Layers {
    private Layers() {}

    /**
     * {@code x weightᵀ + addend}, summed in F32.
     *
     * @param x {@code [..., inputs]}
     * @param weight {@code [outputs, inputs]}, packed, plain, or as a file stores it: F16, BF16 or a block type, which stays
     *     as it is and is decoded on the way
     * @param addend null, a bias {@code [outputs]}, or a tensor of the result's shape; in the output's type
     * @return {@code [..., outputs]}
     */
    public static Tensor linear(Tensor x, Tensor weight, Tensor addend, DType output) {
        var product = new Op.MatMul(true, output);
        return addend == null
                ? x.engine().apply(product, x, weight)
                : x.engine().apply(product, x, weight, addend);
    }

    /**
     * {@code x * gain / sqrt(mean(x²) + epsilon)} over the last axis.
     *
     * @param gain {@code [width]}
     * @see <a href="https://arxiv.org/abs/1910.07467">Zhang and Sennrich 2019</a>
     */
    public static Tensor rmsNorm(Tensor x, Tensor gain, float epsilon, DType output) {
        return x.engine().apply(new Op.RmsNorm(epsilon, output), x, gain);
    }

    /**
     * {@code (x - mean) * gain / sqrt(variance + epsilon) + bias} over the last axis.
     *
     * @param gain {@code [width]}
     * @param bias {@code [width]}
     * @see <a href="https://arxiv.org/abs/1607.06450">Ba, Kiros and Hinton 2016</a>
     */
    public static Tensor layerNorm(Tensor x, Tensor gain, Tensor bias, float epsilon, DType output) {
        return x.engine().apply(new Op.LayerNorm(epsilon, output), x, gain, bias);
    }

    /**
     * {@code -log softmax(logits)[target]}, one loss in nats per row; a loss to minimise is their mean.
     *
     * @param logits {@code [..., classes]}
     * @param targets I32 {@code [...]}
     * @return F32 {@code [...]} (F64 for F64)
     */
    public static Tensor crossEntropy(Tensor logits, Tensor targets) {
        return logits.engine().apply(new Op.CrossEntropy(), logits, targets);
    }

    /**
     * Turns the two halves of every head by the angles of its position.
     *
     * @param x {@code [sequences, positions, heads * headWidth]}
     * @param cosine {@code [positions, headWidth / 2]}
     * @param sine {@code [positions, headWidth / 2]}
     * @see <a href="https://arxiv.org/abs/2104.09864">Su et al. 2021</a>
     */
    public static Tensor rotary(Tensor x, int heads, Tensor cosine, Tensor sine) {
        return x.engine().apply(new Op.Rotary(heads), x, cosine, sine);
    }

    /**
     * Causal grouped-query attention: {@code softmax(scale · query keyᵀ) value} per head; query i stands at position
     * {@code keys - queries + i} and sees the keys up to there.
     *
     * @param query {@code [sequences, queries, heads * headWidth]}
     * @param key {@code [sequences, keys, keyValueHeads * headWidth]}
     * @param value {@code [sequences, keys, keyValueHeads * headWidth]}
     * @return {@code [sequences, queries, heads * headWidth]}
     * @see <a href="https://arxiv.org/abs/2305.13245">Ainslie et al. 2023</a>
     */
    public static Tensor attention(Tensor query, Tensor key, Tensor value, int heads, int keyValueHeads, float scale) {
        return query.engine().apply(new Op.Attention(heads, keyValueHeads, scale, true), query, key, value);
    }

    /**
     * Attention of any form; the usual one is {@link #attention(Tensor, Tensor, Tensor, int, int, float)}.
     *
     * @param query {@code [sequences, queries, heads * headWidth]}; query i stands at position keys - queries + i
     * @param key {@code [sequences, keys, keyValueHeads * headWidth]}
     * @param value of the shape of the keys
     * @return {@code [sequences, queries, heads * headWidth]}
     */
    public static Tensor attention(Tensor query, Tensor key, Tensor value, AttentionForm form) {
        if (form.isPlain(key.extent(1))) {
            var fused = new Op.Attention(form.heads(), form.keyValueHeads(), form.scale(), form.causal());
            return query.engine().apply(fused, query, key, value);
        }
        try (var scope = query.engine().openScope()) {
            return scope.keep(
                    AttentionParts.mix(AttentionParts.pattern(query, key, form), value, form.keyValueHeads()));
        }
    }

    /** {@code activation(x)}. */
    public static Tensor activation(Op.Activation activation, Tensor x, DType output) {
        try (var scope = x.engine().openScope()) {
            Tensor ones = x.engine().filled(1, x.dtype(), x.shape().extents());
            return scope.keep(gatedActivation(activation, x, ones, output));
        }
    }

    /**
     * {@code activation(gate) * up}.
     *
     * @see <a href="https://arxiv.org/abs/2002.05202">Shazeer 2020</a>
     */
    public static Tensor gatedActivation(Op.Activation activation, Tensor gate, Tensor up, DType output) {
        return gate.engine().apply(new Op.GatedActivation(activation, output), gate, up);
    }
}
