package microtome.probe.concept.linear;

import java.util.stream.IntStream;
import microtome.probe.data.Vectors;

/**
 * The objective of logistic regression over centred rows, with one vector of parameters for two classes, or one for each class:
 * {@code [weights, bias]} one after the other. Everything is summed in double precision, in an order that does not depend on
 * the number of threads.
 */
final class LogisticLoss {
    private static final int ROWS_AT_ONCE = 256;
    private static final long WORTH_THREADS = 1 << 19;

    private final CentredRows rows;
    private final int[] classes;
    private final double strength;
    private final int vectors;

    LogisticLoss(CentredRows rows, int[] classes, int names, double strength) {
        this.rows = rows;
        this.classes = classes;
        this.strength = strength;
        this.vectors = LinearProbe.rowsFor(names);
    }

    /**
     * The objective at some parameters.
     *
     * @param curvature for each sample the second derivative of its loss by its score, without the strength; for several
     *     classes the mean of that over all directions that change a probability
     */
    record Point(double[] parameters, double value, double[] gradient, double[] curvature) {}

    int vectors() {
        return vectors;
    }

    int parameters() {
        return vectors * (rows.width() + 1);
    }

    /** Sums over some of the rows. */
    private final class Part {
        final double[][] towards = new double[vectors][rows.width()];
        final double[] residuals = new double[vectors];
        double loss;

        void add(int row, double[] scores, double[] curvature) {
            loss += vectors == 1 ? binary(row, scores, curvature) : several(row, scores, curvature);
            for (int each = 0; each < vectors; each++) {
                residuals[each] += scores[each];
                Additions.add(scores[each], rows.rows()[row], towards[each]);
            }
        }

        /** Turns the score into the derivative of the loss by it; gives the loss. */
        private double binary(int row, double[] scores, double[] curvature) {
            double sign = classes[row] == 1 ? 1 : -1;
            double margin = sign * scores[0];
            double wrong = 1 / (1 + Math.exp(margin));
            scores[0] = -sign * wrong;
            curvature[row] = wrong * (1 - wrong);
            return LinearProbe.softplus(-margin);
        }

        private double several(int row, double[] scores, double[] curvature) {
            double most = Additions.max(scores);
            double own = scores[classes[row]] - most;
            double sum = 0;
            for (int each = 0; each < vectors; each++) {
                scores[each] = Math.exp(scores[each] - most);
                sum += scores[each];
            }
            double squares = 0;
            for (int each = 0; each < vectors; each++) {
                scores[each] /= sum;
                squares += scores[each] * scores[each];
            }
            scores[classes[row]] -= 1;
            curvature[row] = (1 - squares) / (vectors - 1);
            return Math.log(sum) - own;
        }
    }

    Point at(double[] parameters) {
        var curvature = new double[rows.size()];
        int parts = (rows.size() + ROWS_AT_ONCE - 1) / ROWS_AT_ONCE;
        var raw = new double[vectors][];
        var offsets = new double[vectors];
        for (int each = 0; each < vectors; each++) {
            int from = each * (rows.width() + 1);
            raw[each] = rows.raw(parameters, from);
            offsets[each] = rows.rawBias(raw[each], parameters[from + rows.width()]);
        }
        var stream = IntStream.range(0, parts);
        boolean isLarge = (long) rows.size() * rows.width() * vectors > WORTH_THREADS;
        Part[] done = (isLarge ? stream.parallel() : stream)
                .mapToObj(part -> part(part * ROWS_AT_ONCE, raw, offsets, curvature))
                .toArray(Part[]::new);
        return joined(parameters, done, curvature);
    }

    private Part part(int from, double[][] raw, double[] offsets, double[] curvature) {
        var part = new Part();
        var scores = new double[vectors];
        for (int row = from; row < Math.min(rows.size(), from + ROWS_AT_ONCE); row++) {
            for (int each = 0; each < vectors; each++) {
                scores[each] = Vectors.dot(raw[each], rows.rows()[row]) + offsets[each];
            }
            part.add(row, scores, curvature);
        }
        return part;
    }

    private Point joined(double[] parameters, Part[] parts, double[] curvature) {
        var gradient = new double[parameters.length];
        double loss = 0;
        double penalty = 0;
        for (Part part : parts) {
            loss += part.loss;
        }
        for (int each = 0; each < vectors; each++) {
            int from = each * (rows.width() + 1);
            var towards = new double[rows.width()];
            double residual = 0;
            for (Part part : parts) {
                Additions.add(1, part.towards[each], towards);
                residual += part.residuals[each];
            }
            for (int i = 0; i < towards.length; i++) {
                double weight = parameters[from + i];
                penalty += weight * weight;
                gradient[from + i] = weight + strength * rows.inverse()[i] * (towards[i] - rows.mean()[i] * residual);
            }
            gradient[from + towards.length] = strength * residual;
        }
        return new Point(parameters, 0.5 * penalty + strength * loss, gradient, curvature);
    }
}
