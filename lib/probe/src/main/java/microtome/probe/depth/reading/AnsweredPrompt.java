package microtome.probe.depth.reading;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import microtome.model.LanguageModel;
import microtome.model.Site;
import microtome.model.edit.Planned;
import microtome.model.edit.RunPlan;
import microtome.model.token.Token;
import microtome.model.token.TokenSequence;
import microtome.probe.data.TokenLabels;
import microtome.tensor.Tensor;

/**
 * A plan to ask, layer by layer and token by token, what an answer depends on. Prompt and answer run together, all but the
 * last token of the answer, which nothing that is measured comes after; the answer is read where its tokens are predicted.
 * The terminals compute: {@link #erasure()} and {@link #integratedGradients()}.
 *
 * <pre>{@code
 * run.answering(" Yoko Ono").erasure();
 * run.answering(" Yoko Ono").integratedGradients(GradientOptions.PAPER);
 * }</pre>
 */
public final class AnsweredPrompt {
    private final LanguageModel model;
    private final TokenSequence tokens;
    private final List<Token> answer;

    private AnsweredPrompt(LanguageModel model, TokenSequence tokens, List<Token> answer) {
        this.model = model;
        this.tokens = tokens;
        this.answer = answer;
    }

    /**
     * A plan for an answer in words; nothing is computed yet. Prompt and answer are tokenised each for itself, so that words
     * inside a sentence start with a space, such as {@code " Paris"}.
     *
     * @throws IllegalArgumentException for a run with edits, an empty prompt or answer, or a model without logits
     */
    public static AnsweredPrompt of(Planned run, String answer) {
        RunPlan plan = run.plan();
        if (!plan.edits().isEmpty()) {
            throw new IllegalArgumentException(
                    "what an answer depends on is read off the model as it is, and this run has edits (%s); ask a run without edits"
                            .formatted(plan.edits()));
        }
        if (answer.isEmpty()) {
            throw new IllegalArgumentException(
                    "the answer has no tokens; give the words that follow the prompt, such as \" Paris\"");
        }
        return of(plan.model(), plan.tokens(), plan.model().tokenizer().encode(answer));
    }

    /**
     * A plan for an answer in tokens, without those that a rule added to it; nothing is computed yet.
     *
     * @throws IllegalArgumentException for an empty prompt or answer, an id out of range, or a model without logits
     */
    public static AnsweredPrompt of(LanguageModel model, TokenSequence prompt, TokenSequence answer) {
        Site.logits().checkedFor(model.config());
        prompt.requireAtLeast(1, "the prompt");
        List<Token> own =
                answer.tokens().stream().filter(token -> !token.isAdded()).toList();
        if (own.isEmpty()) {
            throw new IllegalArgumentException(
                    "the answer has no tokens; give the words that follow the prompt, such as \" Paris\"");
        }
        own.forEach(token -> TokenLabels.require(model, token.id()));
        List<Token> run = new ArrayList<>(prompt.tokens());
        run.addAll(own.subList(0, own.size() - 1));
        String text = run.stream().map(Token::text).collect(Collectors.joining());
        return new AnsweredPrompt(model, new TokenSequence(run, text), own);
    }

    /**
     * How much the answer changes when one token's stream is replaced by the mean of ten bundled texts.
     *
     * @see ResidualErasure
     */
    public ResidualErasure erasure() {
        return erasure(StreamMeans.of(model, StreamMeans.TEXTS));
    }

    /** As {@link #erasure()}, with the mean of texts of your own: such as other prompts of the same kind. */
    public ResidualErasure erasure(List<String> texts) {
        return erasure(StreamMeans.of(model, texts));
    }

    /** As {@link #erasure()}, with means that were taken before. */
    public ResidualErasure erasure(StreamMeans means) {
        return ErasureWork.run(this, means);
    }

    /** How much every token's stream at every depth contributes to the probability of the answer. */
    public DepthGradients integratedGradients() {
        return integratedGradients(GradientOptions.DEFAULT);
    }

    /** As {@link #integratedGradients()}, such as with the settings of the paper. */
    public DepthGradients integratedGradients(GradientOptions options) {
        return GradientWork.run(this, options);
    }

    LanguageModel model() {
        return model;
    }

    int blocks() {
        return model.config().blocks();
    }

    /** What is run: the prompt and the answer without its last token. */
    TokenSequence tokens() {
        return tokens;
    }

    int positions() {
        return tokens.size();
    }

    /** The position after which the first token of the answer is expected. */
    int first() {
        return positions() - answer.size();
    }

    /** The tokens of the answer with every character visible. */
    List<String> labels() {
        return answer.stream().map(TokenLabels::of).toList();
    }

    /**
     * The next-token distributions where the answer is predicted.
     *
     * @param last the stream after all blocks, {@code [sequences, positions, width]}
     * @return {@code [sequences, answer tokens, vocabulary]}
     */
    Tensor distributions(Tensor last) {
        return model.unembed(last.slice(1, first(), positions())).softmax(-1);
    }

    /** The sum of the probabilities of the answer's tokens: {@code [sequences]} from {@link #distributions}. */
    Tensor probability(Tensor distributions) {
        Stream<Tensor> each = IntStream.range(0, answer.size()).mapToObj(index -> {
            int id = answer.get(index).id();
            return distributions.slice(1, index, index + 1L).slice(2, id, id + 1L);
        });
        return each.reduce(Tensor::plus).orElseThrow().reshape(distributions.extent(0));
    }

    @Override
    public String toString() {
        return "%d tokens answered by %s; ask for erasure() or integratedGradients()"
                .formatted(positions(), String.join(" ", labels()));
    }
}
