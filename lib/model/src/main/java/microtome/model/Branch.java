package microtome.model;

import microtome.model.Site.Kind;
import microtome.model.config.BlockOrder;
import microtome.tensor.DType;
import microtome.tensor.Tensor;

/**
 * What stands around attention or the MLP of one block: how it reads the stream, and how what it computed comes back.
 *
 * @param sites whether it is attention or the MLP
 * @param norm before it; null where the order of the block has none
 * @param projection back to the width of the stream
 * @param postNorm after it, or after the sum; null where the order of the block has none
 */
record Branch(Sites sites, BlockOrder order, int block, Norm norm, Linear projection, Norm postNorm) {

    /** The names of its values. */
    enum Sites {
        ATTENTION(
                Kind.ATTENTION_NORM_SCALE,
                Kind.ATTENTION_INPUT,
                Kind.ATTENTION_RAW_OUTPUT,
                Kind.ATTENTION_POST_NORM_SCALE,
                Kind.ATTENTION_OUTPUT),
        MLP(Kind.MLP_NORM_SCALE, Kind.MLP_INPUT, Kind.MLP_RAW_OUTPUT, Kind.MLP_POST_NORM_SCALE, Kind.MLP_OUTPUT);

        private final Kind normScale;
        private final Kind input;
        private final Kind rawOutput;
        private final Kind postNormScale;
        private final Kind output;

        Sites(Kind normScale, Kind input, Kind rawOutput, Kind postNormScale, Kind output) {
            this.normScale = normScale;
            this.input = input;
            this.rawOutput = rawOutput;
            this.postNormScale = postNormScale;
            this.output = output;
        }
    }

    /** What it reads of the stream, in the type that meets weights. */
    Tensor read(Tensor stream, DType type, Step step) {
        Tensor read = norm == null ? stream.cast(type) : norm.apply(stream, type, step, at(sites.normScale));
        return step.at(at(sites.input), read);
    }

    /** The stream with what it gives. */
    Tensor add(Tensor stream, Tensor values, Step step) {
        return switch (order) {
            case NORM_FIRST, PARALLEL -> sum(stream, values, step);
            case NORM_OF_SUM -> postNorm.apply(sum(stream, values, step), DType.F32, step, at(sites.postNormScale));
            case NORM_AROUND, NORM_OF_BRANCH -> {
                Tensor raw = step.at(at(sites.rawOutput), projection.apply(values, DType.F32));
                Tensor normed = postNorm.apply(raw, DType.F32, step, at(sites.postNormScale));
                yield stream.plus(step.at(at(sites.output), normed));
            }
        };
    }

    /** One product where nobody wants to see what is added. */
    private Tensor sum(Tensor stream, Tensor values, Step step) {
        return step.wants(at(sites.output))
                ? stream.plus(step.at(at(sites.output), projection.apply(values, DType.F32)))
                : projection.addTo(stream, values);
    }

    private Site at(Kind kind) {
        return new Site(kind, block);
    }
}
