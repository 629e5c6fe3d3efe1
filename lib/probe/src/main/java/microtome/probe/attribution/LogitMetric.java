package microtome.probe.attribution;

import microtome.model.LanguageModel;
import microtome.probe.data.TokenLabels;
import microtome.tensor.Tensor;

/** What is attributed: a number that is linear in the logits of one position. Logits count as they are before a final cap. */
public sealed interface LogitMetric {

    /** The logit of one token, which has an offset in common with all others. */
    record Logit(int token) implements LogitMetric {}

    /** The logit of a token less that of another. */
    record Difference(int token, int other) implements LogitMetric {
        /** Checks that there is a difference to speak of. */
        public Difference {
            if (token == other) {
                throw new IllegalArgumentException(
                        "the logit difference of token %d and itself is always 0; give two answers, such as \" Paris\" and \" Rome\""
                                .formatted(token));
            }
        }
    }

    /** The logit of a token less the mean over the vocabulary. */
    record AboveMean(int token) implements LogitMetric {}

    /**
     * The logit difference of two answers, each the text of one token; words inside a sentence start with a space, such as
     * {@code " Paris"}.
     *
     * @throws IllegalArgumentException if a text is not exactly one token (the message shows its tokens), or both are the
     *     same
     */
    static LogitMetric difference(LanguageModel model, String answer, String other) {
        if (answer.equals(other)) {
            throw new IllegalArgumentException(
                    "attribution(\"%1$s\", \"%1$s\"): the difference of an answer and itself is always 0; give another second answer, or attribution(\"%1$s\") for the logit above the mean of the vocabulary"
                            .formatted(answer));
        }
        return new Difference(model.tokenizer().idOf(answer), model.tokenizer().idOf(other));
    }

    /**
     * The logit of an answer above the mean of the vocabulary.
     *
     * @throws IllegalArgumentException if the text is not exactly one token; the message shows its tokens
     */
    static LogitMetric aboveMean(LanguageModel model, String answer) {
        return new AboveMean(model.tokenizer().idOf(answer));
    }

    /** The number in logits {@code [..., vocabulary]}: {@code [..., 1]}. */
    default Tensor of(Tensor logits) {
        return switch (this) {
            case Logit(int token) -> at(logits, token);
            case Difference(int token, int other) -> at(logits, token).minus(at(logits, other));
            case AboveMean(int token) -> at(logits, token).minus(logits.mean(-1));
        };
    }

    /** This metric in words, with every character of its tokens visible. */
    default String label(LanguageModel model) {
        return switch (this) {
            case Logit(int token) -> "logit of " + TokenLabels.of(model, token);
            case Difference(int token, int other) ->
                "logit of %s − %s".formatted(TokenLabels.of(model, token), TokenLabels.of(model, other));
            case AboveMean(int token) -> "logit of %s − mean of the vocabulary".formatted(TokenLabels.of(model, token));
        };
    }

    /** This metric, if the model has its tokens. */
    default LogitMetric checkedFor(LanguageModel model) {
        switch (this) {
            case Logit(int token) -> TokenLabels.require(model, token);
            case AboveMean(int token) -> TokenLabels.require(model, token);
            case Difference(int token, int other) -> {
                TokenLabels.require(model, token);
                TokenLabels.require(model, other);
            }
        }
        return this;
    }

    private static Tensor at(Tensor logits, int token) {
        return logits.slice(-1, token, token + 1);
    }
}
