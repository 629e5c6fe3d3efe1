package microtome.tensor;

/** What probes ask of many samples, each computed in one pass over them where the backend can. */
public final class Statistics {
    private Statistics() {}

    /**
     * The sums of one fixed-point step of independent component analysis.
     *
     * @param products {@code [components, inputs]}: the mean of g(y) z
     * @param slopes {@code [components]}: the mean of g'(y)
     */
    public record FixedPointStep(Tensor products, Tensor slopes) {
        /** {@code products - slopes * unmixing}: the next unmixing matrix, before its rows are made orthonormal again. */
        public Tensor next(Tensor unmixing) {
            try (var scope = products.engine().openScope()) {
                var rows = slopes.reshape(slopes.extent(0), 1);
                return scope.keep(products.minus(unmixing.cast(products.dtype()).times(rows)));
            }
        }
    }

    /**
     * The products of all pairs of rows, {@code x_i y_j}: similarities that grow with the lengths of the rows.
     *
     * @param x {@code [rows, width]}
     * @param y {@code [columns, width]}, packed or plain
     * @return {@code [rows, columns]} in F32 (F64 for F64)
     */
    public static Tensor products(Tensor x, Tensor y) {
        return x.engine().apply(new Op.MatMul(true, x.dtype() == DType.F64 ? DType.F64 : DType.F32), x, y);
    }

    /**
     * The cosines of the angles between all pairs of rows; 0 where a row is 0.
     *
     * @param x {@code [rows, width]} of a floating type
     * @param y {@code [columns, width]} of the same type
     * @return {@code [rows, columns]} in F32 (F64 for F64)
     */
    public static Tensor cosines(Tensor x, Tensor y) {
        return x.engine().apply(new Op.Cosine(), x, y);
    }

    /**
     * One step of FastICA over whitened samples, all components at once, without a tensor of all their values. Steps over
     * batches of one size are averaged.
     *
     * @param samples {@code [samples, inputs]}, whitened, of a floating type
     * @param unmixing {@code [components, inputs]}
     * @param alpha 1 to 2, for LOGCOSH
     * @see <a href="https://doi.org/10.1109/72.761722">Hyvärinen 1999</a>
     */
    public static FixedPointStep icaStep(Op.IcaStep.Contrast contrast, float alpha, Tensor samples, Tensor unmixing) {
        var engine = samples.engine();
        try (var scope = engine.openScope()) {
            var sums = engine.apply(new Op.IcaStep(contrast, alpha), samples, unmixing);
            long inputs = unmixing.extent(1);
            var slopes = sums.slice(1, inputs, inputs + 1).reshape(unmixing.extent(0));
            return new FixedPointStep(scope.keep(sums.slice(1, 0, inputs)), scope.keep(slopes));
        }
    }
}
