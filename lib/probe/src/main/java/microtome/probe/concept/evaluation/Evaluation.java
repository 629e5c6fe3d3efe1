package microtome.probe.concept.evaluation;

import java.util.Arrays;
import java.util.stream.IntStream;
import microtome.probe.concept.linear.LinearProbe;
import microtome.probe.concept.linear.Samples;
import microtome.probe.data.Copies;

/**
 * How a probe does on samples that it has not seen.
 *
 * @param n samples
 * @param accuracy share of right classes
 * @param f1 harmonic mean of precision and recall of the second of two classes; the mean over all of more classes
 * @param auc probability that a sample of a class scores higher than one of another, ties half; of the second of two classes, the
 *     mean over all of more; NaN if a class is missing
 * @param logLoss mean of -log p of the right class, in nats
 * @param confusion {@code [class][predicted class]}
 */
public record Evaluation(int n, double accuracy, double f1, double auc, double logLoss, int[][] confusion) {
    /** Keeps a copy. */
    public Evaluation {
        confusion = Copies.of(confusion);
    }

    /** A probe on samples. */
    public static Evaluation of(LinearProbe probe, Samples samples) {
        int classes = samples.names().size();
        var confusion = new int[classes][classes];
        double loss = 0;
        for (int row = 0; row < samples.size(); row++) {
            int actual = samples.classes()[row];
            confusion[actual][probe.predict(samples.rows()[row])]++;
            loss -= probe.logProbabilities(samples.rows()[row])[actual];
        }
        double right =
                IntStream.range(0, classes).map(each -> confusion[each][each]).sum();
        return new Evaluation(
                samples.size(),
                right / samples.size(),
                f1(confusion),
                auc(probe, samples),
                loss / samples.size(),
                confusion);
    }

    private static double f1(int[][] confusion) {
        if (confusion.length == 2) {
            return f1(confusion, 1);
        }
        return IntStream.range(0, confusion.length)
                .mapToDouble(each -> f1(confusion, each))
                .average()
                .orElse(Double.NaN);
    }

    private static double f1(int[][] confusion, int each) {
        int hit = confusion[each][each];
        int actual = Arrays.stream(confusion[each]).sum();
        int predicted = Arrays.stream(confusion).mapToInt(row -> row[each]).sum();
        return actual + predicted == 0 ? Double.NaN : 2.0 * hit / (actual + predicted);
    }

    private static double auc(LinearProbe probe, Samples samples) {
        var scores = new double[samples.size()][];
        Arrays.setAll(scores, row -> probe.scores(samples.rows()[row]));
        if (probe.isBinary()) {
            return auc(scores, 0, samples.classes(), 1);
        }
        return IntStream.range(0, samples.names().size())
                .mapToDouble(each -> auc(scores, each, samples.classes(), each))
                .average()
                .orElse(Double.NaN);
    }

    private static double auc(double[][] scores, int column, int[] classes, int positive) {
        double[] values = Arrays.stream(scores).mapToDouble(row -> row[column]).toArray();
        boolean[] isPositive = new boolean[classes.length];
        for (int row = 0; row < classes.length; row++) {
            isPositive[row] = classes[row] == positive;
        }
        return auc(values, isPositive);
    }

    /** Area under the curve of hits against false alarms; ties count half; NaN if there is one kind only. */
    public static double auc(double[] scores, boolean[] isPositive) {
        Integer[] order = new Integer[scores.length];
        Arrays.setAll(order, i -> i);
        Arrays.sort(order, (i, j) -> Double.compare(scores[i], scores[j]));
        double wins = 0;
        long below = 0;
        long positives = 0;
        for (int from = 0; from < order.length; ) {
            int to = from;
            int hits = 0;
            while (to < order.length && scores[order[to]] == scores[order[from]]) {
                hits += isPositive[order[to++]] ? 1 : 0;
            }
            int others = to - from - hits;
            wins += hits * (below + others / 2.0);
            below += others;
            positives += hits;
            from = to;
        }
        return positives == 0 || below == 0 ? Double.NaN : wins / ((double) positives * below);
    }
}
