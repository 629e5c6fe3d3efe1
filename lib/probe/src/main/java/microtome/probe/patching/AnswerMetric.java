package microtome.probe.patching;

import microtome.tensor.Tensor;

/** One number about the token that comes next. */
public sealed interface AnswerMetric {

    /**
     * {@code logit(right) - logit(wrong)}: how much the right answer is preferred to the wrong one.
     *
     * @see <a href="https://arxiv.org/abs/2309.16042">Zhang and Nanda 2023, section 2.2</a>
     */
    record LogitDifference(Answer right, Answer wrong) implements AnswerMetric {
        /** Checks that there is something to tell apart. */
        public LogitDifference {
            if (right.id() == wrong.id()) {
                throw new IllegalArgumentException(
                        "logit difference: both answers are token %d (%s), so it is always 0; give two answers"
                                .formatted(right.id(), right));
            }
        }
    }

    /** {@code log p(answer)} in nats, with p the softmax of the logits. */
    record LogProbability(Answer answer) implements AnswerMetric {}

    /** The number for every row of logits {@code [rows, vocabulary]}. */
    default double[] of(Tensor logits) {
        return switch (this) {
            case LogitDifference(Answer right, Answer wrong) ->
                difference(column(logits, right.id()), column(logits, wrong.id()));
            case LogProbability(Answer answer) ->
                difference(column(logits, answer.id()), logits.logSumExp(-1).toFloats());
        };
    }

    /** The definition. */
    default String formula() {
        return switch (this) {
            case LogitDifference(Answer right, Answer wrong) -> "logit(%s) - logit(%s)".formatted(right, wrong);
            case LogProbability(Answer answer) -> "log p(%s)".formatted(answer);
        };
    }

    private static float[] column(Tensor logits, int id) {
        return logits.slice(1, id, id + 1L).toFloats();
    }

    private static double[] difference(float[] left, float[] right) {
        var difference = new double[left.length];
        for (int row = 0; row < left.length; row++) {
            difference[row] = (double) left[row] - right[row];
        }
        return difference;
    }
}
