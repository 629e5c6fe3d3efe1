package microtome.probe.patching;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import microtome.display.Column;
import microtome.display.Displayable;
import microtome.display.Table;
import microtome.model.LanguageModel;
import microtome.model.Site;
import microtome.model.token.TokenSequence;
import microtome.probe.data.TokenLabels;

/**
 * Two prompts of one length that differ in what matters: values of the clean run are put into the corrupt one. As the value of
 * a cell it shows both, token by token.
 *
 * <pre>{@code
 * new PromptPair(model, clean, corrupt).answers(" Paris", " Rome").residual().plot();
 * }</pre>
 *
 * @param clean the run that values are taken from
 * @param corrupt the run that they are put into
 */
public record PromptPair(LanguageModel model, TokenSequence clean, TokenSequence corrupt) implements Displayable {
    /** Checks that the prompts have tokens, and equally many. */
    public PromptPair {
        clean.requireAtLeast(1, "patching, clean prompt");
        corrupt.requireAtLeast(1, "patching, corrupt prompt");
        if (clean.size() != corrupt.size()) {
            throw new IllegalArgumentException(
                    "patching needs prompts of one length, since values are put in position by position; change a word so that both have as many tokens:\n"
                            + aligned(clean, corrupt));
        }
    }

    /** A plan that reads {@code logit(right) - logit(wrong)} after the last token. */
    public ActivationPatching answers(String right, String wrong) {
        return metric(new AnswerMetric.LogitDifference(Answer.of(model, right), Answer.of(model, wrong)));
    }

    /** A plan that reads {@code logit(right) - logit(wrong)} after the last token, by token ids. */
    public ActivationPatching answers(int right, int wrong) {
        return metric(new AnswerMetric.LogitDifference(Answer.of(model, right), Answer.of(model, wrong)));
    }

    /** A plan that reads {@code log p(answer)} after the last token. */
    public ActivationPatching answer(String answer) {
        return metric(new AnswerMetric.LogProbability(Answer.of(model, answer)));
    }

    /** A plan that reads {@code log p(answer)} after the last token, by token id. */
    public ActivationPatching answer(int answer) {
        return metric(new AnswerMetric.LogProbability(Answer.of(model, answer)));
    }

    /** A plan that reads this number. */
    public ActivationPatching metric(AnswerMetric metric) {
        Site.logits().checkedFor(model.config());
        return new ActivationPatching(this, metric);
    }

    /** The other way round: noising instead of denoising. */
    public PromptPair swapped() {
        return new PromptPair(model, corrupt, clean);
    }

    /** The tokens of both, side by side. */
    public Table table() {
        Table table = Table.of(Column.number("position"), label("clean"), label("corrupt"), Column.text("differ"))
                .caption("Prompts of activation patching");
        for (int position = 0; position < clean.size(); position++) {
            boolean differ =
                    clean.token(position).id() != corrupt.token(position).id();
            table = table.row(
                    position,
                    TokenLabels.of(clean.token(position)),
                    TokenLabels.of(corrupt.token(position)),
                    differ ? "yes" : "");
        }
        return table;
    }

    /** A column of tokens whose characters are visible already. */
    private static Column label(String name) {
        return new Column(name, Column.Align.LEFT, Object::toString);
    }

    /** The label of every position: the token, or both where they differ. */
    List<String> labels() {
        return IntStream.range(0, clean.size())
                .mapToObj(position -> {
                    String left = TokenLabels.of(clean.token(position));
                    String right = TokenLabels.of(corrupt.token(position));
                    return left.equals(right) ? left : left + "/" + right;
                })
                .toList();
    }

    @Override
    public Map<String, Object> mimeBundle() {
        return table().mimeBundle();
    }

    @Override
    public String toString() {
        return aligned(clean, corrupt);
    }

    private static String aligned(TokenSequence clean, TokenSequence corrupt) {
        var rows = List.of(new StringBuilder("  clean  "), new StringBuilder("  corrupt"));
        int longest = Math.max(clean.size(), corrupt.size());
        for (int position = 0; position < longest; position++) {
            var labels = new ArrayList<String>();
            for (TokenSequence tokens : List.of(clean, corrupt)) {
                labels.add(position < tokens.size() ? TokenLabels.of(tokens.token(position)) : "");
            }
            int width = Math.max(labels.getFirst().length(), labels.getLast().length());
            for (int row = 0; row < 2; row++) {
                rows.get(row).append(" | ").append(("%-" + Math.max(1, width) + "s").formatted(labels.get(row)));
            }
        }
        return "%s | %d tokens\n%s | %d tokens"
                .formatted(rows.getFirst(), clean.size(), rows.getLast(), corrupt.size());
    }
}
