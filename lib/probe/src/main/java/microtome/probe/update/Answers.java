package microtome.probe.update;

import microtome.model.LanguageModel;
import microtome.tensor.Engine;
import microtome.tensor.Tensor;

/**
 * The model's distribution of the next token at some positions, from logits in F32, in double precision.
 *
 * @param logits {@code [rows, vocabulary]}
 */
record Answers(float[] logits, int rows) {
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
        return new Answers(
                model.unembed(stream.gather(engine.indices(rows, rows.length))).toFloats(), rows.length);
    }

    private int vocabulary() {
        return logits.length / rows;
    }

    /** From an answer of these to one of others. */
    Change change(int row, Answers others, int otherRow) {
        double normaliser = logSum(row);
        double otherNormaliser = others.logSum(otherRow);
        int from = row * vocabulary();
        int otherFrom = otherRow * vocabulary();
        double divergence = 0;
        double squares = 0;
        for (int token = 0; token < vocabulary(); token++) {
            double log = logits[from + token] - normaliser;
            double otherLog = others.logits[otherFrom + token] - otherNormaliser;
            double probability = Math.exp(log);
            double difference = probability - Math.exp(otherLog);
            divergence += probability * (log - otherLog);
            squares += difference * difference;
        }
        return new Change(Math.max(0, divergence), Math.sqrt(squares));
    }

    private double logSum(int row) {
        int from = row * vocabulary();
        double largest = Double.NEGATIVE_INFINITY;
        for (int token = 0; token < vocabulary(); token++) {
            largest = Math.max(largest, logits[from + token]);
        }
        double sum = 0;
        for (int token = 0; token < vocabulary(); token++) {
            sum += Math.exp(logits[from + token] - largest);
        }
        return largest + Math.log(sum);
    }
}
