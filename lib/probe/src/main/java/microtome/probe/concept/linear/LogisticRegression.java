package microtome.probe.concept.linear;

import microtome.probe.concept.linear.LogisticLoss.Point;

/**
 * Logistic regression with an L2 penalty, for two classes or, as softmax, for more: {@code ½ |w|² + C Σ log loss}, biases free;
 * the objective of scikit-learn's {@code LogisticRegression}. It has one optimum, which is found to a stated size of the gradient,
 * in double precision. With several classes their biases sum to 0, as only their differences matter.
 */
public final class LogisticRegression {
    private LogisticRegression() {}

    /**
     * The optimum for these samples, computed in Java.
     *
     * @throws IllegalArgumentException if a class has no sample, or there is one class only
     */
    public static LogisticFit fit(Samples samples, LogisticOptions options) {
        return fit(samples, options, Products.HERE);
    }

    /**
     * The optimum for these samples.
     *
     * @param products where large products are computed
     * @throws IllegalArgumentException if a class has no sample, or there is one class only
     */
    public static LogisticFit fit(Samples samples, LogisticOptions options, Products products) {
        samples.requireEveryClass("logistic regression");
        CentredRows rows = CentredRows.of(samples.rows(), options.standardise());
        var loss = new LogisticLoss(rows, samples.classes(), samples.names().size(), options.strength());
        double scale = options.strength() * samples.size();
        try (var curvature = Curvature.of(rows, products)) {
            var search = new QuasiNewton(loss, curvature, options.strength());
            Point end = search.descend(options.tolerance() * scale, options.mostIterations());
            double gradient = Additions.largest(end.gradient()) / scale;
            return new LogisticFit(
                    probe(samples, rows, end.parameters()),
                    end.value(),
                    gradient,
                    search.iterations(),
                    gradient <= options.tolerance());
        }
    }

    private static LinearProbe probe(Samples samples, CentredRows rows, double[] parameters) {
        int vectors = LinearProbe.rowsFor(samples.names().size());
        var weights = new double[vectors][];
        var biases = new double[vectors];
        for (int each = 0; each < vectors; each++) {
            int from = each * (rows.width() + 1);
            weights[each] = rows.raw(parameters, from);
            biases[each] = rows.rawBias(weights[each], parameters[from + rows.width()]);
        }
        return new LinearProbe(samples.names(), weights, biases);
    }
}
