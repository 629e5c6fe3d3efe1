package microtome.model;

import java.util.List;
import microtome.model.token.TokenSequence;

/**
 * One vector for a whole text: the mean of the last residual stream over all tokens, those that rules added included, divided
 * by its length. What sentence encoders such as all-MiniLM-L6-v2 were trained to give.
 *
 * @param tokens what was read
 * @param vector {@code [width]}, of length 1
 * @see <a href="https://arxiv.org/abs/1908.10084">Reimers and Gurevych 2019</a>
 */
public record SentenceEmbedding(TokenSequence tokens, float[] vector) {

    /** Of some tokens; {@link LanguageModel#tokenizer()} makes them from a text. */
    public static SentenceEmbedding of(LanguageModel model, TokenSequence tokens) {
        Site last = Site.residual(model.config().blocks());
        float[] states = model.activations(tokens, List.of(last)).at(last).array();
        int width = model.config().width();
        var sums = new double[width];
        for (int at = 0; at < states.length; at++) {
            sums[at % width] += states[at];
        }
        double squares = 0;
        for (double sum : sums) {
            squares += sum * sum;
        }
        var vector = new float[width];
        for (int at = 0; at < width; at++) {
            vector[at] = (float) (sums[at] / Math.sqrt(squares));
        }
        return new SentenceEmbedding(tokens, vector);
    }

    /** The cosine with another, from -1 to 1; NaN when all states of one were zero. */
    public double cosine(SentenceEmbedding other) {
        if (vector.length != other.vector.length) {
            throw new IllegalArgumentException("embeddings of %d and of %d numbers come from different models"
                    .formatted(vector.length, other.vector.length));
        }
        double sum = 0;
        for (int at = 0; at < vector.length; at++) {
            sum += (double) vector[at] * other.vector[at];
        }
        return sum;
    }

    @Override
    public String toString() {
        return "sentence embedding of %d tokens: %d numbers, length 1".formatted(tokens.size(), vector.length);
    }
}
