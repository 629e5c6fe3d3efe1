package microtome.model.edit;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Predicate;
import microtome.model.LanguageModel;
import microtome.model.Site;
import microtome.model.StepTap;
import microtome.model.Tap;
import microtome.model.Values;
import microtome.model.config.ModelConfig;
import microtome.model.token.TokenSequence;

/**
 * Edits that are attached to the prompts of one batch: checked against the model and the tokens, positions counted, values that
 * are to be held read from a run without edits.
 */
public final class AttachedEdits implements StepTap {
    private final List<Edit> edits;
    private final int prompt;
    private final ModelConfig config;

    private AttachedEdits(List<Edit> edits, int prompt, ModelConfig config) {
        this.config = config;
        this.edits = edits;
        this.prompt = prompt;
    }

    /**
     * Checks the edits and, if values have to be held that no run was given for, runs the prompts once without edits.
     *
     * @throws IllegalArgumentException if an edit cannot be made in this run; the message says what can
     */
    static AttachedEdits of(Edits edits, LanguageModel model, List<TokenSequence> prompts, boolean grows) {
        List<Edit> fitted = edits.fitted(model, prompts, grows);
        Map<Site, Values> own = own(fitted, model, prompts);
        var resolved = fitted.stream()
                .map(edit -> isOwnFreeze(edit) ? new Edit(edit.place(), frozen(edit, own)) : edit)
                .toList();
        return new AttachedEdits(resolved, prompts.getFirst().size(), model.config());
    }

    private static boolean isOwnFreeze(Edit edit) {
        return edit.change() instanceof Change.Freeze(var run) && run.isEmpty();
    }

    private static Change frozen(Edit edit, Map<Site, Values> own) {
        var values = new LinkedHashMap<Site, Values>();
        edit.place().sites().forEach(site -> values.put(site, own.get(site)));
        return new Change.Freeze(Optional.of(new Given(null, values)));
    }

    /** The values of a run without edits, of all sequences: {@code [sequences, ...]}. */
    private static Map<Site, Values> own(List<Edit> edits, LanguageModel model, List<TokenSequence> prompts) {
        var wanted = edits.stream()
                .filter(AttachedEdits::isOwnFreeze)
                .flatMap(edit -> edit.place().sites().stream())
                .distinct()
                .toList();
        var own = new TreeMap<Site, Values>();
        if (!wanted.isEmpty()) {
            model.run(prompts, new Recorder(wanted::contains, own));
        }
        return own;
    }

    /** The edits of one pass over the whole prompts. */
    public Tap whole() {
        return pass(0, prompt, _ -> true);
    }

    /** The edits of one pass over the whole prompts that nobody reads behind this site. */
    Tap upTo(Site deepest) {
        return pass(0, prompt, site -> site.compareTo(deepest) <= 0);
    }

    /** The edits of a pass of a run that grows: all positions of the prompt from 0 on, or one behind it. */
    @Override
    public Tap from(int firstPosition) {
        return pass(firstPosition, firstPosition == 0 ? prompt : 1, _ -> true);
    }

    private Tap pass(int first, int count, Predicate<Site> read) {
        var reached = new LinkedHashMap<Site, List<Edit>>();
        for (Edit edit : edits) {
            if (edit.place().positions().reach(first, first + count)) {
                for (Site site : edit.place().sites()) {
                    if (read.test(site) && hasRows(edit, site, first)) {
                        reached.computeIfAbsent(site, _ -> new ArrayList<>()).add(edit);
                    }
                }
            }
        }
        return reached.isEmpty() ? Tap.NONE : new PassEdits(reached, first, count);
    }

    /** Whether there is anything to put there from this position on. */
    private boolean hasRows(Edit edit, Site site, int first) {
        return PassEdits.given(edit.change(), site)
                .map(values -> new GivenRows(SiteAxes.of(site.kind(), config), values))
                .map(rows -> rows.positions() < 0 || rows.positions() > first)
                .orElse(true);
    }
}
