package microtome.model.edit;

import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import microtome.model.Activations;
import microtome.model.LanguageModel;
import microtome.model.Recording;
import microtome.model.Site;
import microtome.model.StepTap;
import microtome.model.Tap;
import microtome.model.Values;
import microtome.model.token.TokenSequence;

/**
 * A run that can be asked for: one prompt, and the edits that every pass over it makes. Nothing is computed until it is read.
 *
 * @param edits checked against the model and the tokens
 */
public record RunPlan(LanguageModel model, TokenSequence tokens, Edits edits) implements Planned {
    /** Checks that every edit can be made. */
    public RunPlan {
        Objects.requireNonNull(model, "model");
        edits.check(model, tokens);
    }

    /** A run without edits. */
    public static RunPlan of(LanguageModel model, TokenSequence tokens) {
        return new RunPlan(model, tokens, Edits.none());
    }

    /**
     * The same run with edits after those it has.
     *
     * @throws IllegalArgumentException if one cannot be made in this run; the message says what can
     */
    public RunPlan with(Edits more) {
        return new RunPlan(model, tokens, edits.then(more));
    }

    /** Runs until the deepest site that the tap wants; the tap sees edited values. */
    public void run(Tap tap) {
        run(tap, Recording.EVERY_VALUE);
    }

    /** As {@link #run(Tap)}, and says what an open tape keeps of it. */
    public void run(Tap tap, Recording recording) {
        List<TokenSequence> prompts = List.of(tokens);
        Optional<Site> deepest = edits.isEmpty() ? Optional.empty() : deepest(tap);
        if (deepest.isEmpty()) {
            model.run(prompts, tap, recording);
            return;
        }
        Tap edited = AttachedEdits.of(edits, model, prompts, false).upTo(deepest.get());
        model.run(prompts, Tap.all(List.of(edited, tap)), recording);
    }

    /** Runs once and copies the values of these sites out of the engine, each without the axis of sequences. */
    public Activations activations(Collection<Site> sites) {
        sites.forEach(site -> site.checkedFor(model.config()));
        var seen = new TreeMap<Site, Values>();
        run(new Recorder(Set.copyOf(sites)::contains, seen));
        Map<Site, Values> values = new LinkedHashMap<>();
        seen.forEach((site, value) -> values.put(site, value.withoutLeadingAxis()));
        return new Activations(tokens, values);
    }

    /** The edits for a run that grows behind these tokens. */
    public StepTap growing() {
        return edits.isEmpty() ? StepTap.NONE : edits.growing(model, tokens);
    }

    private Optional<Site> deepest(Tap tap) {
        return model.sites().stream().filter(tap::wants).reduce((first, second) -> second);
    }

    @Override
    public RunPlan plan() {
        return this;
    }
}
