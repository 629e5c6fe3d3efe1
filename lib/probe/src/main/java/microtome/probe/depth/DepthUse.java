package microtome.probe.depth;

import java.util.List;
import java.util.Map;
import java.util.function.IntFunction;
import microtome.display.Displayable;
import microtome.display.Explanation;
import microtome.model.LanguageModel;
import microtome.model.corpus.CorpusHarvest;
import microtome.model.edit.RunPlan;
import microtome.model.token.TokenSequence;
import microtome.probe.data.prompt.PromptSet;

/**
 * A plan to ask how a model uses its depth on some prompts. Options give a changed plan; a result's name runs the model.
 *
 * @see <a href="https://arxiv.org/abs/2505.13898">Csordás et al. 2025: Do language models use their depth efficiently?</a>
 */
public final class DepthUse implements Displayable {
    /** Texts of a corpus that are read unless another number is asked for, as many as the paper's. */
    static final int TEXTS = 20;

    private final String prompts;
    private final IntFunction<DepthInputs> source;
    private final int most;
    private final boolean withFirst;

    private DepthUse(String prompts, IntFunction<DepthInputs> source, int most, boolean withFirst) {
        this.prompts = prompts;
        this.source = source;
        this.most = most;
        this.withFirst = withFirst;
    }

    /** A plan for one run; nothing is computed yet. */
    public static DepthUse of(RunPlan run) {
        return fixed("a prompt of %d tokens".formatted(run.tokens().size()), DepthInputs.of(run));
    }

    /** A plan for these prompts, which may differ in length; nothing is computed yet. */
    public static DepthUse of(LanguageModel model, List<TokenSequence> prompts) {
        return fixed("%d prompts".formatted(prompts.size()), DepthInputs.of(model, prompts));
    }

    /** A plan for a prompt set, compared by its labels, or by its groups where it has no labels; nothing is computed yet. */
    public static DepthUse of(LanguageModel model, PromptSet prompts) {
        return new DepthUse(
                "%d prompts of '%s'".formatted(prompts.size(), prompts.name()),
                _ -> DepthInputs.of(model, prompts),
                prompts.size(),
                false);
    }

    /** A plan for the first 20 texts of a corpus; nothing is read yet. */
    public static DepthUse of(CorpusHarvest corpus) {
        return new DepthUse("texts of " + corpus.documents(), most -> DepthInputs.of(corpus, most), TEXTS, false);
    }

    private static DepthUse fixed(String prompts, DepthInputs inputs) {
        return new DepthUse(prompts, _ -> inputs, inputs.sequences().size(), false);
    }

    /** This plan with the first so many texts of its corpus. */
    public DepthUse texts(int count) {
        if (count < 1) {
            throw new IllegalArgumentException("%d texts: need at least 1".formatted(count));
        }
        return new DepthUse(prompts, source, count, withFirst);
    }

    /** This plan with position 0 among the positions of contributions; it usually holds a massive activation. */
    public DepthUse withFirstPosition() {
        return new DepthUse(prompts, source, most, true);
    }

    /**
     * How much every block adds to the stream, and in which direction; of a run with edits, as they make it. An interrupt
     * keeps the prompts that are done.
     *
     * @throws ArithmeticException if a value is not finite
     */
    public Contributions contributions() {
        return ContributionWork.run(inputs(), withFirst);
    }

    /** Skipping one block after another. */
    public SkipPlan skip() {
        return new SkipPlan(this::inputs, SkipOptions.DEFAULT);
    }

    /** Where in the depth the effects of skipping lie, for each group of prompts; runs the model without its logits. */
    public DepthScore score() {
        return skip().withoutOutput().current().score();
    }

    /** The tokens that would be run. */
    public List<TokenSequence> sequences() {
        return inputs().sequences();
    }

    private DepthInputs inputs() {
        return source.apply(most);
    }

    /** What can be asked. */
    public Explanation explain() {
        return Explanation.of("depth use", toString()).paper("https://arxiv.org/abs/2505.13898");
    }

    @Override
    public Map<String, Object> mimeBundle() {
        return explain().mimeBundle();
    }

    @Override
    public String toString() {
        return "depth use of %s".formatted(prompts);
    }
}
