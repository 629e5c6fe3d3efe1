package microtome.probe.concept.linear;

import java.util.List;
import microtome.probe.data.Copies;
import microtome.probe.data.Vectors;

/**
 * A linear reading of vectors: a score for each class, or one for the second of two.
 *
 * @param names of the classes
 * @param weights {@code [1][width]} for two classes, whose score speaks for the second; else {@code [classes][width]}
 * @param biases one for each row of the weights
 */
public record LinearProbe(List<String> names, double[][] weights, double[] biases) {
    /** Keeps copies; checks that the rows are as many as the classes need. */
    public LinearProbe {
        names = List.copyOf(names);
        weights = Copies.of(weights);
        biases = biases.clone();
        int needed = rowsFor(names.size());
        if (weights.length != needed || biases.length != needed) {
            throw new IllegalArgumentException("a probe of %d classes has %d rows of weights and %d biases; need %d"
                    .formatted(names.size(), weights.length, biases.length, needed));
        }
    }

    static int rowsFor(int classes) {
        return classes == 2 ? 1 : classes;
    }

    /** One score per class becomes, with two classes, that of the second less that of the first. */
    static LinearProbe ofEachClass(List<String> names, double[][] weights, double[] biases) {
        if (names.size() != 2) {
            return new LinearProbe(names, weights, biases);
        }
        return new LinearProbe(
                names, new double[][] {Vectors.minus(weights[1], weights[0])}, new double[] {biases[1] - biases[0]});
    }

    /** Features that it reads. */
    public int width() {
        return weights[0].length;
    }

    /** Whether there are two classes and therefore one score. */
    public boolean isBinary() {
        return weights.length == 1;
    }

    /** {@code weights · sample + bias}, for every row of the weights. */
    public double[] scores(float[] sample) {
        if (sample.length != width()) {
            throw new IllegalArgumentException(
                    "a sample of %d features; this probe reads %d".formatted(sample.length, width()));
        }
        var scores = new double[weights.length];
        for (int row = 0; row < scores.length; row++) {
            scores[row] = Vectors.dot(weights[row], sample) + biases[row];
        }
        return scores;
    }

    /** The class with the highest score; the second of two if its score is above 0. */
    public int predict(float[] sample) {
        double[] scores = scores(sample);
        if (isBinary()) {
            return scores[0] > 0 ? 1 : 0;
        }
        int best = 0;
        for (int each = 1; each < scores.length; each++) {
            best = scores[each] > scores[best] ? each : best;
        }
        return best;
    }

    /** The natural logarithms of the probabilities of all classes: logistic of the score, or softmax of the scores. */
    public double[] logProbabilities(float[] sample) {
        double[] scores = scores(sample);
        if (isBinary()) {
            return new double[] {-softplus(scores[0]), -softplus(-scores[0])};
        }
        double most = Additions.max(scores);
        double sum = 0;
        for (double score : scores) {
            sum += Math.exp(score - most);
        }
        for (int each = 0; each < scores.length; each++) {
            scores[each] -= most + Math.log(sum);
        }
        return scores;
    }

    /** {@code log(1 + exp(x))} without overflow. */
    static double softplus(double x) {
        return Math.max(x, 0) + Math.log1p(Math.exp(-Math.abs(x)));
    }

    /**
     * The direction along which a class lies: its weights, as they multiply raw activations.
     *
     * @throws IllegalArgumentException if there is no such class; with two classes only the second has weights, and the first
     *     the same with the opposite sign
     */
    public float[] direction(String name) {
        int place = names.indexOf(name);
        if (place < 0) {
            throw new IllegalArgumentException("no class '%s'; there are %s".formatted(name, names));
        }
        double[] row = weights[isBinary() ? 0 : place];
        int sign = isBinary() && place == 0 ? -1 : 1;
        var direction = new float[row.length];
        for (int i = 0; i < row.length; i++) {
            direction[i] = (float) (sign * row[i]);
        }
        return direction;
    }

    @Override
    public String toString() {
        return "linear probe of %d features for %s".formatted(width(), names);
    }
}
