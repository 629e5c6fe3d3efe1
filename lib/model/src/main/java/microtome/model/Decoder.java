package microtome.model;

import java.util.List;
import microtome.model.Site.Kind;
import microtome.model.config.BlockOrder;
import microtome.model.config.ModelConfig;
import microtome.tensor.DType;
import microtome.tensor.Tensor;

/**
 * The computation of the blocks of a model, over weights that are on the engine. Everything is
 * {@code [sequences, positions, ...]}. Sites are offered to the step as they come up; where nobody listens the fused lane
 * is taken.
 */
final class Decoder {

    /** One block. */
    record Block(AttentionLayer attention, Branch aroundAttention, MlpLayer mlp, Branch aroundMlp) {}

    private final BlockOrder order;
    private final DType type;
    private final List<Block> blocks;
    private final Norm finalNorm;

    /** The final norm is null for a model without logits. */
    Decoder(ModelConfig config, Precision precision, List<Block> blocks, Norm finalNorm) {
        this.order = config.order();
        this.type = precision.type();
        this.blocks = List.copyOf(blocks);
        this.finalNorm = finalNorm;
    }

    /** The stream after one more block. */
    Tensor block(int index, Tensor stream, Step step) {
        Block weights = blocks.get(index);
        Tensor middle = attend(weights, stream, step);
        if (order == BlockOrder.PARALLEL) {
            return step.endsInAttention(index) ? middle : think(weights, stream, middle, step);
        }
        middle = step.at(new Site(Kind.RESIDUAL_MIDDLE, index), middle);
        return step.endsInAttention(index) ? middle : think(weights, middle, middle, step);
    }

    private Tensor attend(Block weights, Tensor stream, Step step) {
        Tensor input = weights.aroundAttention().read(stream, type, step);
        return weights.aroundAttention().add(stream, weights.attention().mix(input, step), step);
    }

    private Tensor think(Block weights, Tensor read, Tensor stream, Step step) {
        Tensor input = weights.aroundMlp().read(read, type, step);
        return weights.aroundMlp().add(stream, weights.mlp().neurons(input, step), step);
    }

    /** The final norm of any stream {@code [..., width]}, in the type that the unembedding reads. */
    Tensor finalNorm(Tensor stream, DType output) {
        return finalNorm.apply(stream, output);
    }

    Tensor finalNorm(Tensor stream, Step step) {
        return finalNorm.apply(stream, DType.F32, step, new Site(Kind.FINAL_NORM_SCALE, 0));
    }
}
