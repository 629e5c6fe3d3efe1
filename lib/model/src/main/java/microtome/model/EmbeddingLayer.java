package microtome.model;

import microtome.model.Site.Kind;
import microtome.model.config.EmbeddingRule;
import microtome.tensor.DType;
import microtome.tensor.Tensor;

/**
 * From token ids to the first stream.
 *
 * @param tokens {@code [vocabulary, width]}, as the file stores it, decoded row by row
 * @param positions F32 {@code [context, width]}; null where positions are not learned
 * @param tokenType F32 {@code [width]}, the vector of the first token type; null for none
 * @param norm of the sum; null for none
 */
record EmbeddingLayer(EmbeddingRule rule, Tensor tokens, Tensor positions, Tensor tokenType, Norm norm) {

    /**
     * The first stream.
     *
     * @param ids I32 {@code [sequences, positions]}
     * @param first the position of the first of them
     */
    Tensor apply(Tensor ids, int first, Step step) {
        Tensor stream = tokens.gather(ids).cast(DType.F32);
        if (rule.scale() != 1) {
            stream = stream.times(rule.scale());
        }
        if (positions != null) {
            Tensor rows = positions.slice(0, first, first + ids.extent(1)).reshape(1, ids.extent(1), stream.extent(2));
            Tensor each = rows.broadcast(stream.shape().extents());
            stream = step.at(new Site(Kind.TOKEN_EMBEDDING, 0), stream)
                    .plus(step.at(new Site(Kind.POSITION_EMBEDDING, 0), each));
        }
        if (tokenType != null) {
            stream = stream.plus(tokenType);
        }
        return norm == null ? stream : norm.apply(stream, DType.F32);
    }
}
