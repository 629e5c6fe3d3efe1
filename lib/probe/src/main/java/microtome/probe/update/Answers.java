package microtome.probe.update;

import java.util.stream.IntStream;
import microtome.model.LanguageModel;
import microtome.tensor.Engine;
import microtome.tensor.Tensor;

/**
 * The model's distribution of the next token at some positions, from logits in F32, in double precision.
 *
 * @param logarithms {@code [rows][vocabulary]}
 * @param probabilities {@code [rows][vocabulary]}
 */
record Answers(double[][] logarithms, double[][] probabilities) {
    /** The most rows that should be read at once: a vocabulary is large. */
    static final int MOST = 32;

    /**
     * How far a distribution is from another.
     *
     * @param divergence {@code KL(p || q) = sum p (ln p - ln q)}, in nats
     * @param distance {@code |p - q|}
     */
    record Change(double divergence, double distance) {}

    /** Reads the answers of rows of a stream behind the last block, {@code [all rows, width]}. */
    static Answers read(LanguageModel model, Tensor stream, int[] rows) {
        Engine engine = model.engine();
        float[] logits;
        try (var _ = engine.openScope()) {
            logits = model.unembed(stream.gather(engine.indices(rows, rows.length)))
                    .toFloats();
        }
        return of(logits, rows.length);
    }

    /** The softmax of logits, {@code [rows, vocabulary]}. */
    static Answers of(float[] logits, int rows) {
        int vocabulary = logits.length / rows;
        var logarithms = new double[rows][vocabulary];
        var probabilities = new double[rows][vocabulary];
        IntStream.range(0, rows)
                .parallel()
                .forEach(row -> softmax(logits, row * vocabulary, logarithms[row], probabilities[row]));
        return new Answers(logarithms, probabilities);
    }

    private static void softmax(float[] logits, int from, double[] logarithms, double[] probabilities) {
        double largest = Double.NEGATIVE_INFINITY;
        for (int token = 0; token < logarithms.length; token++) {
            largest = Math.max(largest, logits[from + token]);
        }
        double sum = 0;
        for (int token = 0; token < logarithms.length; token++) {
            probabilities[token] = Math.exp(logits[from + token] - largest);
            sum += probabilities[token];
        }
        double normaliser = largest + Math.log(sum);
        for (int token = 0; token < logarithms.length; token++) {
            probabilities[token] /= sum;
            logarithms[token] = logits[from + token] - normaliser;
        }
    }

    /** From an answer of these to one of others. */
    Change change(int row, Answers others, int otherRow) {
        double divergence = 0;
        double squares = 0;
        for (int token = 0; token < logarithms[row].length; token++) {
            double probability = probabilities[row][token];
            double difference = probability - others.probabilities[otherRow][token];
            squares += difference * difference;
            if (probability > 0) {
                divergence += probability * (logarithms[row][token] - others.logarithms[otherRow][token]);
            }
        }
        return new Change(Math.max(0, divergence), Math.sqrt(squares));
    }
}
