package microtome.probe.attribution;

import java.util.List;
import microtome.model.LanguageModel;
import microtome.model.Precision;
import microtome.model.Recording;
import microtome.model.Site;
import microtome.model.Tap;
import microtome.model.edit.RunPlan;
import microtome.model.token.TokenSequence;
import microtome.probe.data.Provenance;

/**
 * What is asked: which metric, at which position, of which run.
 *
 * @param position counted from 0
 */
record Question(RunPlan plan, LogitMetric metric, int position) {
    private static final Site END = new Site(Site.Kind.FINAL_NORM_SCALE, 0);

    /** Checks that the model has logits, the metric's tokens, and no edit behind the stream. */
    Question {
        plan.tokens().requireAtLeast(1, "attribution");
        Site.logits().checkedFor(plan.model().config());
        metric.checkedFor(plan.model());
        plan.edits().list().stream()
                .flatMap(edit -> edit.place().sites().stream())
                .filter(site -> site.compareTo(END) >= 0)
                .findFirst()
                .ifPresent(site -> {
                    throw new IllegalArgumentException(
                            "attribution reads the metric off the stream after the last block, so an edit at %s would be passed over; edit %s instead"
                                    .formatted(
                                            site,
                                            Site.residual(plan.model().config().blocks())));
                });
    }

    LanguageModel model() {
        return plan.model();
    }

    TokenSequence tokens() {
        return plan.tokens();
    }

    int blocks() {
        return model().config().blocks();
    }

    String label() {
        return metric.label(model());
    }

    /** Runs prompts as long as the one asked about side by side, each with the edits of the run; the tap sees edited values. */
    void run(List<TokenSequence> prompts, Tap tap, Recording recording) {
        Tap edited = plan.edits().isEmpty() ? tap : Tap.all(List.of(plan.edits().tap(model(), prompts), tap));
        model().run(prompts, edited, recording);
    }

    void run(List<TokenSequence> prompts, Tap tap) {
        run(prompts, tap, Recording.EVERY_VALUE);
    }

    /** What a result remembers of this. */
    Asked asked() {
        boolean rounded = model().card().precision() == Precision.BF16;
        return new Asked(
                Provenance.of(plan),
                label(),
                position,
                rounded,
                model().config().logitCap());
    }
}
