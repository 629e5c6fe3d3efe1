package microtome.model.edit;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import microtome.display.Explanation;
import microtome.model.LanguageModel;
import microtome.model.Site;
import microtome.model.StepTap;
import microtome.model.Tap;
import microtome.model.token.TokenSequence;

/**
 * Edits of one run, in the order of application at one site; across sites the order is that of computation. A plain value:
 * it can be kept, combined, saved as JSON, and attached to any number of runs.
 *
 * @param list first to last
 */
public record Edits(List<Edit> list) {
    private static final Edits NONE = new Edits(List.of());

    /** Copies the list. */
    public Edits {
        list = List.copyOf(list);
    }

    /** No edit: the run as it is, on the fused lane. */
    public static Edits none() {
        return NONE;
    }

    /** These edits, one after another. */
    public static Edits of(Edit... edits) {
        return new Edits(Arrays.asList(edits));
    }

    /** These edits, and then one more. */
    public Edits then(Edit next) {
        return then(of(next));
    }

    /** These edits, and then others. */
    public Edits then(Edits next) {
        return new Edits(Stream.concat(list.stream(), next.list.stream()).toList());
    }

    /** Whether there is none. */
    public boolean isEmpty() {
        return list.isEmpty();
    }

    /**
     * These edits for one pass over prompts of one length.
     *
     * @throws IllegalArgumentException if an edit cannot be made in this run; the message says what can
     */
    public Tap tap(LanguageModel model, List<TokenSequence> prompts) {
        return AttachedEdits.of(this, model, prompts, false).whole();
    }

    /**
     * These edits for a run that grows behind its prompt. Negative positions count from the end of the prompt; values that are
     * held or given per position act on the positions they have.
     *
     * @throws IllegalArgumentException if an edit cannot be made in this run; the message says what can
     */
    public StepTap growing(LanguageModel model, TokenSequence prompt) {
        return growing(model, List.of(prompt));
    }

    /** As {@link #growing(LanguageModel, TokenSequence)}, for prompts of one length that grow side by side. */
    public StepTap growing(LanguageModel model, List<TokenSequence> prompts) {
        return isEmpty() ? StepTap.NONE : AttachedEdits.of(this, model, prompts, true);
    }

    /**
     * Says before anything runs what could not be done.
     *
     * @throws IllegalArgumentException if the model has no such site, head or width, or the run no such position
     */
    public void check(LanguageModel model, TokenSequence prompt) {
        fitted(model, List.of(prompt), false);
    }

    List<Edit> fitted(LanguageModel model, List<TokenSequence> prompts, boolean grows) {
        return list.stream()
                .map(edit -> EditCheck.fitted(edit, model, prompts, grows))
                .toList();
    }

    /**
     * As JSON, vectors and values included.
     *
     * @throws IllegalArgumentException if there is a custom function among them
     */
    public String toJson() {
        return EditsJson.write(this);
    }

    /**
     * The edits that {@link #toJson} wrote.
     *
     * @throws IllegalArgumentException if the text is something else; the message says where
     */
    public static Edits parse(String json) {
        return EditsJson.read(json);
    }

    /** Every edit in words, and what to be wary of. */
    public Explanation explain() {
        Explanation explanation = Explanation.of(
                "edits",
                list.isEmpty() ? "none" : "applied in this order at one site, across sites as they are computed");
        for (int i = 0; i < list.size(); i++) {
            explanation = explanation.fact(Integer.toString(i + 1), list.get(i).toString());
        }
        for (String note : notes()) {
            explanation = explanation.note(note);
        }
        return explanation;
    }

    private List<String> notes() {
        var notes = new ArrayList<String>();
        if (list.stream().anyMatch(Edits::breaksPatternRows)) {
            notes.add("rows of an edited pattern need not sum to 1; heads then mix more or less than one value");
        }
        if (list.stream().anyMatch(edit -> edit.change() instanceof Change.Freeze(var run) && run.isEmpty())) {
            notes.add("values are held at those of one more run without edits; tokens that are generated are not held");
        }
        return notes;
    }

    private static boolean breaksPatternRows(Edit edit) {
        boolean keepsRows = switch (edit.change()) {
            case Change.Freeze _ -> true;
            case Change.Zero _,
                    Change.Add _,
                    Change.Scale _,
                    Change.Replace _,
                    Change.Mean _,
                    Change.ProjectOut _,
                    Change.KeepOnly _,
                    Change.Custom _ -> false;
        };
        return edit.place().kind() == Site.Kind.PATTERN && !keepsRows;
    }

    /** The edits in words, one per line. */
    @Override
    public String toString() {
        return list.isEmpty()
                ? "no edits"
                : String.join("\n", list.stream().map(Edit::toString).toList());
    }
}
