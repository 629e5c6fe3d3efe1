package microtome;

import java.util.List;
import java.util.Map;
import microtome.display.Displayable;
import microtome.display.TokenStrip;
import microtome.model.Activations;
import microtome.model.LanguageModel;
import microtome.model.Site;
import microtome.model.Values;
import microtome.model.edit.Edit;
import microtome.model.edit.Edits;
import microtome.model.edit.Planned;
import microtome.model.edit.RunPlan;
import microtome.model.generate.Generation;
import microtome.model.token.TokenSequence;
import microtome.probe.attention.AttentionPattern;
import microtome.probe.attribution.Attribution;
import microtome.probe.attribution.LogitMetric;
import microtome.probe.depth.DepthUse;
import microtome.probe.depth.reading.AnsweredPrompt;
import microtome.probe.geometry.TrajectoryGeometry;
import microtome.probe.lens.LensPositions;
import microtome.probe.lens.LogitLens;
import microtome.probe.lens.PredictionDepth;
import microtome.probe.patching.LogitDifference;

/**
 * A plan to run one sequence of tokens through a model. Nothing is computed until a probe's result is asked for; as the
 * value of a cell it shows its tokens.
 */
public final class Run implements Displayable, Planned {
    private final LanguageModel model;
    private final TokenSequence tokens;
    private final RunPlan plan;

    Run(LanguageModel model, TokenSequence tokens) {
        this(RunPlan.of(model, tokens));
    }

    private Run(RunPlan plan) {
        this.model = plan.model();
        this.tokens = plan.tokens();
        this.plan = plan;
    }

    /**
     * The same run with edits, after those it has; every probe of it sees them. This run stays as it is.
     *
     * @throws IllegalArgumentException if one cannot be made in this run; the message says what can
     */
    public Run with(Edit... edits) {
        return with(Edits.of(edits));
    }

    /** As {@link #with(Edit...)}, for edits that were put together before. */
    public Run with(Edits edits) {
        return new Run(plan.with(edits));
    }

    /** The edits of this run. */
    public Edits edits() {
        return plan.edits();
    }

    /** Model, tokens and edits, for probes and for code of one's own. */
    @Override
    public RunPlan plan() {
        return plan;
    }

    /** How much the first token is preferred to the second as the next; words start with a space, such as {@code " Paris"}. */
    public LogitDifference logitDifference(String first, String second) {
        return LogitDifference.of(plan, first, second);
    }

    /** As {@link #logitDifference(String, String)}, for tokens by their ids. */
    public LogitDifference logitDifference(int first, int second) {
        return LogitDifference.of(plan, first, second);
    }

    /** The values of these sites, for an edit of another run to put in place. */
    public Activations activations(Site... sites) {
        return plan.activations(List.of(sites));
    }

    /** The exact tokens, and which rule added which. */
    public TokenStrip tokens() {
        return Shown.tokens(tokens);
    }

    /** The token sequence itself. */
    public TokenSequence sequence() {
        return tokens;
    }

    /** A plan to write on from these tokens, with the edits of this run; nothing is computed yet. */
    public Writing write() {
        return new Writing(model, Generation.of(tokens), Writing.taps(edits(), _ -> plan.growing()));
    }

    /** The logit lens: every depth of the residual stream read as if the model stopped there. */
    public LogitLens lens() {
        return LogitLens.of(plan);
    }

    /** From which depth on the lens says what the model says in the end, at every position but the first. */
    public PredictionDepth predictionDepth() {
        return lens().positions(LensPositions.WITHOUT_FIRST).predictionDepth();
    }

    /** Length, velocity, curvature and cosine of the path of the residual stream. */
    public TrajectoryGeometry geometry() {
        return TrajectoryGeometry.of(plan);
    }

    /** How the model uses its depth on this prompt: what blocks add, what skipping them changes. */
    public DepthUse depth() {
        return DepthUse.of(plan);
    }

    /** The attention pattern of every head of a block. */
    public AttentionPattern pattern(int block) {
        return AttentionPattern.of(plan, block);
    }

    /** What makes the model prefer one answer to another; each is the text of one token, such as {@code " Paris"}. */
    public Attribution attribution(String answer, String other) {
        return Attribution.of(plan, LogitMetric.difference(model, answer, other));
    }

    /** What makes the model prefer an answer to the mean of the vocabulary. */
    public Attribution attribution(String answer) {
        return Attribution.of(plan, LogitMetric.aboveMean(model, answer));
    }

    /** What an answer depends on, layer by layer and token by token; words start with a space, such as {@code " Paris"}. */
    public AnsweredPrompt answering(String answer) {
        return AnsweredPrompt.of(plan, answer);
    }

    /** The numbers at one site. */
    public Values at(Site site) {
        return plan.activations(List.of(site)).at(site);
    }

    @Override
    public Map<String, Object> mimeBundle() {
        return tokens().mimeBundle();
    }

    @Override
    public String toString() {
        return edits().isEmpty() ? tokens().toString() : tokens() + "\n" + edits();
    }
}
