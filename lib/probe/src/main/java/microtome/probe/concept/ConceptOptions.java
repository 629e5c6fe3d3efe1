package microtome.probe.concept;

import java.util.Arrays;
import java.util.List;
import microtome.probe.concept.evaluation.Split;
import microtome.probe.concept.linear.LogisticOptions;
import microtome.probe.data.PositionRule;

/**
 * What is probed, how, and how it is judged.
 *
 * @param site which value of every layer
 * @param rule which positions of a prompt make its vector
 * @param probe what logistic regression minimises
 * @param split how prompts are parted
 * @param trainingShare of the prompts
 * @param seeds one split and one control task for each
 * @param control whether a control task is fitted too
 * @param code whether the online code is computed too
 */
public record ConceptOptions(
        ConceptSite site,
        PositionRule rule,
        LogisticOptions probe,
        Split split,
        double trainingShare,
        List<Long> seeds,
        boolean control,
        boolean code) {
    /** Residual stream at the last token, standardised, C = 1; 60 % for training, whole groups, five seeds, control and code. */
    public static final ConceptOptions DEFAULT = new ConceptOptions(
            ConceptSite.RESIDUAL,
            PositionRule.LAST,
            LogisticOptions.DEFAULT,
            Split.WHOLE_GROUPS,
            0.6,
            List.of(1L, 2L, 3L, 4L, 5L),
            true,
            true);

    /**
     * The paper's published code: the MLP's input at the last token, not scaled, C = 1; 60 % for training by chance alone, seed 42.
     * Its solver stopped after 100 steps wherever it was, ours at the optimum. With a control task, which theirs has not.
     */
    public static final ConceptOptions CONCEPT_DEPTH = new ConceptOptions(
            ConceptSite.MLP_INPUT,
            PositionRule.LAST,
            LogisticOptions.RAW,
            Split.RANDOM,
            0.6,
            List.of(42L),
            true,
            false);

    /** Checks seeds and share. */
    public ConceptOptions {
        seeds = List.copyOf(seeds);
        if (seeds.isEmpty() || !(trainingShare > 0 && trainingShare < 1)) {
            throw new IllegalArgumentException(
                    "%d seeds, training share %s: need at least one seed, a share above 0 and below 1"
                            .formatted(seeds.size(), trainingShare));
        }
    }

    /** These options for another value of every layer. */
    public ConceptOptions site(ConceptSite other) {
        return new ConceptOptions(other, rule, probe, split, trainingShare, seeds, control, code);
    }

    /** These options with other positions. */
    public ConceptOptions rule(PositionRule other) {
        return new ConceptOptions(site, other, probe, split, trainingShare, seeds, control, code);
    }

    /** These options with another objective. */
    public ConceptOptions probe(LogisticOptions other) {
        return new ConceptOptions(site, rule, other, split, trainingShare, seeds, control, code);
    }

    /** These options with another split. */
    public ConceptOptions split(Split other, double otherShare) {
        return new ConceptOptions(site, rule, probe, other, otherShare, seeds, control, code);
    }

    /** These options with other seeds. */
    public ConceptOptions seeds(long... others) {
        List<Long> all = Arrays.stream(others).boxed().toList();
        return new ConceptOptions(site, rule, probe, split, trainingShare, all, control, code);
    }

    /** These options without what takes most of the time: control task and online code. */
    public ConceptOptions quick() {
        return new ConceptOptions(site, rule, probe, split, trainingShare, seeds, false, false);
    }

    @Override
    public String toString() {
        return "%s, %s; %s; %.0f %% for training, %s; seeds %s"
                .formatted(site.label(), rule.label(), probe, 100 * trainingShare, split.label(), seeds);
    }
}
