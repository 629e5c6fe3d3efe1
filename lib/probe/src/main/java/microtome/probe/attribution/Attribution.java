package microtome.probe.attribution;

import java.util.Map;
import microtome.display.Displayable;
import microtome.model.LanguageModel;
import microtome.model.edit.Planned;
import microtome.model.edit.RunPlan;
import microtome.model.token.TokenSequence;
import microtome.probe.data.Integration;
import microtome.probe.data.Provenance;
import microtome.probe.data.TokenLabels;

/**
 * A plan to find what makes a model prefer one answer to another. The terminals compute: {@link #direct} runs the model
 * once, {@link #patching} two prompts forwards and backwards, {@link #integratedGradients()} many points between a baseline
 * and the prompt. As the value of a cell it shows the direct attribution.
 *
 * <pre>{@code
 * run.attribution(" Paris", " Rome").direct().top(10);
 * run.attribution(" Paris", " Rome").patching("The capital of Italy is").heads();
 * run.attribution(" Paris", " Rome").integratedGradients().strip();
 * }</pre>
 */
public final class Attribution implements Displayable {
    private static final int MOST_STEPS = 200;

    private final Question question;

    private Attribution(Question question) {
        this.question = question;
    }

    /**
     * A plan for a metric at the last position; nothing is computed yet.
     *
     * @throws IllegalArgumentException for a prompt without tokens, an encoder, a metric of tokens that the model does not
     *     have, or edits behind the last block
     */
    public static Attribution of(Planned run, LogitMetric metric) {
        RunPlan plan = run.plan();
        return new Attribution(
                new Question(plan, metric, Math.max(0, plan.tokens().size() - 1)));
    }

    /** As {@link #of(Planned, LogitMetric)}, for a run without edits. */
    public static Attribution of(LanguageModel model, TokenSequence tokens, LogitMetric metric) {
        return of(RunPlan.of(model, tokens), metric);
    }

    /**
     * This plan with the metric read after another token.
     *
     * @param position counted from 0, or from the end if negative
     * @throws IllegalArgumentException if the prompt has no such position
     */
    public Attribution position(int position) {
        TokenSequence tokens = question.tokens();
        tokens.token(position);
        int counted = position < 0 ? position + tokens.size() : position;
        return new Attribution(new Question(question.plan(), question.metric(), counted));
    }

    /** What the embedding, every head, every attention output and every MLP write towards the answer. */
    public DirectAttribution direct() {
        return new DirectAttribution(question.asked(), DirectReading.read(question));
    }

    /**
     * How much the metric would change if values were exchanged with another prompt, from one pass over both.
     *
     * @throws IllegalArgumentException unless both have the same number of tokens; the message shows them
     */
    public AttributionPatching patching(TokenSequence corrupt) {
        EqualLength.require("attribution patching", question.tokens(), corrupt);
        return patching(corrupt, null, new PatchReading(question, corrupt).firstOrder());
    }

    /**
     * As {@link #patching(TokenSequence)}, for another run of the same model.
     *
     * @throws IllegalArgumentException if that run has edits of its own: both prompts run with the edits of this one
     */
    public AttributionPatching patching(Planned corrupt) {
        return patching(tokensOf(corrupt));
    }

    /** As {@link #patching(TokenSequence, Integration)}, for another run of the same model. */
    public AttributionPatching patching(Planned corrupt, Integration integration) {
        return patching(tokensOf(corrupt), integration);
    }

    /** As {@link #patching(TokenSequence)}, for a text. */
    public AttributionPatching patching(String corrupt) {
        return patching(question.model().tokenizer().encode(corrupt));
    }

    /**
     * As {@link #patching(TokenSequence)} with gradients averaged between the embeddings of the corrupt prompt and of this
     * one; 5 steps are usual.
     *
     * @see <a href="https://arxiv.org/abs/2403.17806">Hanna, Pezzelle and Belinkov 2024</a>
     */
    public AttributionPatching patching(TokenSequence corrupt, Integration integration) {
        EqualLength.require("attribution patching", question.tokens(), corrupt);
        return patching(corrupt, integration, new PatchReading(question, corrupt).integrated(integration));
    }

    /** As {@link #patching(TokenSequence, Integration)}, for a text. */
    public AttributionPatching patching(String corrupt, Integration integration) {
        return patching(question.model().tokenizer().encode(corrupt), integration);
    }

    /**
     * Attributions of the tokens on the way from the mean embedding of the vocabulary; the first token, which models park
     * attention on, stays as it is unless it is alone.
     */
    public IntegratedGradients integratedGradients() {
        boolean alone = question.tokens().size() == 1;
        return integratedGradients(alone ? Baseline.mean() : Baseline.mean().exceptFirst());
    }

    /**
     * Attributions of the tokens on the way from a baseline: 50 midpoints, and twice as many up to 200 while the sum misses
     * the difference by more than 5 %.
     */
    public IntegratedGradients integratedGradients(Baseline baseline) {
        IntegratedGradients found = integratedGradients(baseline, Integration.DEFAULT);
        for (int steps = 2 * Integration.DEFAULT.steps(); !found.isTrusted() && steps <= MOST_STEPS; steps *= 2) {
            found = integratedGradients(baseline, Integration.midpoint(steps));
        }
        return found;
    }

    /** Attributions of the tokens on the way from a baseline, integrated as given. */
    public IntegratedGradients integratedGradients(Baseline baseline, Integration integration) {
        var values = new InputReading(question).integrated(baseline, integration);
        var way = new IntegratedGradients.Way(question.asked(), question.tokens(), words(baseline), integration);
        return new IntegratedGradients(way, values);
    }

    /** Gradient times input and length of the gradient of every token. */
    public InputGradients gradientTimesInput() {
        return new InputGradients(question.asked(), question.tokens(), new InputReading(question).atPrompt());
    }

    @Override
    public Map<String, Object> mimeBundle() {
        return direct().mimeBundle();
    }

    @Override
    public String toString() {
        return "attribution of the %s at position %d of %d tokens; ask for direct(), patching(\"another prompt\") or integratedGradients()"
                .formatted(
                        question.label(), question.position(), question.tokens().size());
    }

    private AttributionPatching patching(TokenSequence corrupt, Integration integration, PatchReading.Found found) {
        var pair =
                new AttributionPatching.Pair(question.asked(), Provenance.of(question.model(), corrupt), integration);
        var values = new AttributionPatching.Values(found.clean(), found.corrupt(), found.noising(), found.denoising());
        return new AttributionPatching(pair, values, PatchDirection.NOISING);
    }

    private TokenSequence tokensOf(Planned corrupt) {
        RunPlan other = corrupt.plan();
        if (other.model() != question.model()) {
            throw new IllegalArgumentException(
                    "attribution patching compares two prompts of one model, got runs of %s and %s"
                            .formatted(
                                    question.model().card().name(),
                                    other.model().card().name()));
        }
        if (!other.edits().isEmpty() && !other.edits().equals(question.plan().edits())) {
            throw new IllegalArgumentException(
                    "attribution patching runs both prompts with the edits of the first (%s), the other has its own (%s); give the other run without edits"
                            .formatted(question.plan().edits(), other.edits()));
        }
        return other.tokens();
    }

    private String words(Baseline baseline) {
        return switch (baseline) {
            case Baseline.Prompt(var tokens) -> "'%s'".formatted(tokens.text());
            case Baseline.Token(int id) ->
                "%s at every position"
                        .formatted(
                                question.model().hasTokenizer()
                                        ? TokenLabels.of(
                                                question.model().tokenizer().token(id))
                                        : "#" + id);
            case Baseline.ExceptFirst(var rest) -> words(rest) + " except at position 0";
            case Baseline.MeanEmbedding() -> "the mean embedding";
            case Baseline.ZeroEmbedding() -> "zeros";
        };
    }
}
