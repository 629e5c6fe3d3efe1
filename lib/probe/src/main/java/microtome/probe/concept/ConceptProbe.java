package microtome.probe.concept;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import microtome.display.Displayable;
import microtome.model.LanguageModel;
import microtome.probe.concept.evaluation.Split;
import microtome.probe.concept.linear.LogisticOptions;
import microtome.probe.concept.linear.Products;
import microtome.probe.data.PositionRule;
import microtome.probe.data.prompt.PromptSet;
import microtome.probe.data.prompt.PromptStates;

/**
 * A plan to find at which layer the labels of prompts can be read. Options give a changed plan; nothing runs before
 * {@link #depth()} or {@link #perturbed}. As the value of a cell it shows the depth.
 *
 * <pre>{@code
 * ConceptProbe.of(model, prompts).depth().plot();
 * ConceptProbe.of(model, prompts).preset(ConceptOptions.CONCEPT_DEPTH).perturbed(Perturbation.NOISE, Perturbation.Q4_1);
 * }</pre>
 */
public final class ConceptProbe implements Displayable {
    private static final String MASSIVE =
            "position 0 is part of the vectors of some prompts; it usually carries a massive activation";

    private final LanguageModel model;
    private final PromptSet prompts;
    private final ConceptOptions options;

    private ConceptProbe(LanguageModel model, PromptSet prompts, ConceptOptions options) {
        this.model = model;
        this.prompts = prompts;
        this.options = options;
    }

    /** A plan with {@link ConceptOptions#DEFAULT}; nothing is computed yet. */
    public static ConceptProbe of(LanguageModel model, PromptSet prompts) {
        return new ConceptProbe(model, prompts, ConceptOptions.DEFAULT);
    }

    /** This plan with all options at once, such as {@link ConceptOptions#CONCEPT_DEPTH}. */
    public ConceptProbe preset(ConceptOptions preset) {
        return new ConceptProbe(model, prompts, preset);
    }

    /** This plan for another value of every layer. */
    public ConceptProbe site(ConceptSite site) {
        return preset(options.site(site));
    }

    /** This plan with other positions. */
    public ConceptProbe position(PositionRule rule) {
        return preset(options.rule(rule));
    }

    /** This plan with another objective. */
    public ConceptProbe probe(LogisticOptions probe) {
        return preset(options.probe(probe));
    }

    /** This plan with another split, and another share for training. */
    public ConceptProbe split(Split split, double trainingShare) {
        return preset(options.split(split, trainingShare));
    }

    /** This plan with other seeds: one split and one control task for each. */
    public ConceptProbe seeds(long... seeds) {
        return preset(options.seeds(seeds));
    }

    /** This plan without control task and online code, which take most of the time. */
    public ConceptProbe quick() {
        return preset(options.quick());
    }

    /** The options of this plan. */
    public ConceptOptions options() {
        return options;
    }

    /** The vectors that the probes read. */
    public PromptStates states() {
        return states(model, prompts);
    }

    private PromptStates states(LanguageModel of, PromptSet set) {
        PromptStates read =
                PromptStates.read(of, set, options.rule(), options.site().sites(of));
        List<String> labels = options.site().labels(of).subList(0, read.layers().size());
        boolean first = set.prompts().stream()
                .anyMatch(prompt -> options.rule()
                        .readsFirst(of.tokenizer().encode(prompt.text()).size()));
        return new PromptStates(
                read.prompts(), labels, read.states(), first ? read.origin().remark(MASSIVE) : read.origin());
    }

    /**
     * Runs the prompts and fits the probes.
     *
     * @throws IllegalArgumentException for prompts without two labels, of which each has two prompts, or for a class that a split
     *     would leave out
     */
    public ConceptDepth depth() {
        return depth(model, prompts);
    }

    private ConceptDepth depth(LanguageModel of, PromptSet set) {
        ConceptTask.of(set, options); // says what is wrong before anything runs
        return ConceptDepth.of(states(of, set), options, Products.on(of.engine()));
    }

    /**
     * The depth as it is and under each of some changes. For changes of its numbers the model is loaded once more, and let go of
     * when that is done.
     *
     * @throws IllegalArgumentException as {@link #depth}, or if the model's files are no longer where they were
     */
    public ConceptComparison perturbed(Perturbation... perturbations) {
        var names = new ArrayList<>(List.of("as it is"));
        ConceptProbe quick = quick();
        var depths = new ArrayList<>(List.of(quick.depth()));
        for (Perturbation perturbation : perturbations) {
            names.add(perturbation.label());
            depths.add(quick.under(perturbation));
        }
        return ConceptComparison.of(names, depths);
    }

    private ConceptDepth under(Perturbation perturbation) {
        if (!perturbation.isOfTheModel()) {
            return depth(model, Perturbation.noisy(prompts, options.seeds().getFirst()));
        }
        try (var other = model.loadAgain(perturbation.loading())) {
            return depth(other, prompts);
        }
    }

    @Override
    public Map<String, Object> mimeBundle() {
        return depth().mimeBundle();
    }

    @Override
    public String toString() {
        return "concept depth of %d prompts of '%s': %s; ask for depth() or perturbed(...)"
                .formatted(prompts.size(), prompts.name(), options);
    }
}
