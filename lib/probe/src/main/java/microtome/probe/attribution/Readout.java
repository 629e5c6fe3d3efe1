package microtome.probe.attribution;

import microtome.model.LanguageModel;
import microtome.tensor.DType;
import microtome.tensor.Engine;
import microtome.tensor.Tensor;

/**
 * A metric as a function of the stream that the final norm reads: {@code constant + direction . stream / scale}, where scale
 * is the denominator of the norm. For a root-mean-square norm the direction is gain ∘ u with u the metric's combination of
 * rows of the unembedding; for a layer norm that less its mean, since the norm subtracts the mean of the stream. A cap of
 * the logits does not enter.
 *
 * @param direction {@code [width]}
 * @param constant what the bias of the norm and of the unembedding give
 */
record Readout(float[] direction, double constant) {

    /**
     * Reads the function off the model at the stream 0: there every norm is linear with denominator {@code sqrt(epsilon)},
     * and a cap has slope 1.
     */
    static Readout of(LanguageModel model, LogitMetric metric) {
        Engine engine = model.engine();
        int width = model.config().width();
        double scale = Math.sqrt(model.config().norm().epsilon());
        try (var _ = engine.openScope();
                var tape = engine.record()) {
            Tensor nothing = engine.filled(0, DType.F32, 1, 1, width);
            Tensor value = metric.of(model.unembed(nothing));
            float[] direction = tape.gradient(value, nothing).toFloats();
            for (int i = 0; i < width; i++) {
                direction[i] = (float) (direction[i] * scale);
            }
            return new Readout(direction, value.toFloats()[0]);
        }
    }

    /** The direction's part of a row {@code [width]} that begins at an offset of an array. */
    double along(float[] rows, int offset) {
        double sum = 0;
        for (int i = 0; i < direction.length; i++) {
            sum += (double) direction[i] * rows[offset + i];
        }
        return sum;
    }

    /** The direction on an engine, {@code [1, 1, width]}. */
    Tensor on(Engine engine) {
        return engine.tensor(direction, 1, 1, direction.length);
    }

    /** The metric of streams {@code [sequences, 1, width]} with denominators {@code [sequences, 1, 1]}: {@code [sequences]}. */
    Tensor of(Tensor stream, Tensor scale) {
        Tensor along = stream.times(on(stream.engine())).sum(-1);
        return along.dividedBy(scale).plus(constant).reshape(stream.extent(0));
    }
}
