package microtome.tensor;

/**
 * The encoder of a sparse autoencoder or transcoder. It finds the few active features of every token without ever holding
 * the activations of all features.
 *
 * @param weight {@code [features, width]}, packed or plain; in F32 or BF16 it is read as it is
 * @param bias F32 {@code [features]}
 * @param centre null, or what is subtracted from x first: {@code [width]}, often the decoder's bias
 * @param activation which features are on
 * @see <a href="https://arxiv.org/abs/2309.08600">Cunningham et al. 2023</a>
 */
public record SparseEncoder(Tensor weight, Tensor bias, Tensor centre, Activation activation) {

    /** Which features of a token are on, given the pre-activations {@code z = (x - centre) weight^T + bias}. */
    public sealed interface Activation {
        /**
         * {@code max(z, 0)}.
         *
         * @param most the most active features that one token may have; more is an error that says how many
         */
        record Relu(int most) implements Activation {}

        /**
         * {@code z} where it is above 0 and above its threshold, else 0.
         *
         * @param threshold {@code [features]}
         * @param most the most active features that one token may have; more is an error that says how many
         * @see <a href="https://arxiv.org/abs/2407.14435">Rajamanoharan et al. 2024</a>
         */
        record JumpRelu(Tensor threshold, int most) implements Activation {}

        /**
         * {@code max(z, 0)} of the largest features of every token, the lowest one first among equals.
         *
         * @see <a href="https://arxiv.org/abs/2406.04093">Gao et al. 2024</a>
         */
        record TopK(int count) implements Activation {}
    }

    /**
     * The active features of every token.
     *
     * @param x {@code [tokens, width]} of a floating type
     */
    public SparseRows encode(Tensor x) {
        try (var scope = weight.engine().openScope()) {
            var centred = centre == null ? x : x.minus(centre.cast(x.dtype()));
            var code = code(centred);
            long tokens = code.extent(1);
            int slots = Math.toIntExact(code.extent(2));
            var places = code.slice(0, 0, 1).reshape(tokens, slots);
            var values = code.slice(0, 1, 2).reshape(tokens, slots);
            var numbers = places.cast(DType.F32).cast(DType.I32);
            return new SparseRows(scope.keep(numbers), scope.keep(values), weight.extent(0));
        }
    }

    private Tensor code(Tensor x) {
        var engine = x.engine();
        return switch (activation) {
            case Activation.Relu(int most) ->
                engine.apply(new Op.SparseEncode(Op.SparseEncode.Choice.ACTIVE, most), x, weight, bias);
            case Activation.JumpRelu(var threshold, int most) ->
                engine.apply(new Op.SparseEncode(Op.SparseEncode.Choice.ACTIVE, most), x, weight, bias, threshold);
            case Activation.TopK(int count) ->
                engine.apply(new Op.SparseEncode(Op.SparseEncode.Choice.LARGEST, count), x, weight, bias);
        };
    }
}
