package microtome.model;

import microtome.model.config.NormRule;
import microtome.tensor.DType;
import microtome.tensor.Layers;
import microtome.tensor.Tensor;

/**
 * A norm over the last axis.
 *
 * @param gain {@code [width]}, whole: what a file stores less has been added
 * @param bias {@code [width]}; null where the kind has none
 */
record Norm(NormRule rule, Tensor gain, Tensor bias) {

    Tensor apply(Tensor values, DType output) {
        return switch (rule.kind()) {
            case ROOT_MEAN_SQUARE -> Layers.rmsNorm(values, gain, rule.epsilon(), output);
            case LAYER -> Layers.layerNorm(values, gain, bias, rule.epsilon(), output);
        };
    }

    /** The same norm through its denominator {@code [..., 1]}, so that a tap may look at it or replace it. */
    Tensor apply(Tensor values, DType output, Step step, Site scale) {
        if (!step.wants(scale)) {
            return apply(values, output);
        }
        Tensor centred = switch (rule.kind()) {
            case ROOT_MEAN_SQUARE -> values;
            case LAYER -> values.minus(values.mean(-1));
        };
        Tensor denominator =
                centred.times(centred).mean(-1).plus(rule.epsilon()).sqrt();
        Tensor scaled = centred.dividedBy(step.at(scale, denominator)).times(gain);
        return (bias == null ? scaled : scaled.plus(bias)).cast(output);
    }
}
