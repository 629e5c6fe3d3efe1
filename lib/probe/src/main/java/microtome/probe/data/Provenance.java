package microtome.probe.data;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import microtome.display.Explanation;
import microtome.display.Table;
import microtome.model.LanguageModel;
import microtome.model.ModelCard;
import microtome.model.edit.Edit;
import microtome.model.edit.RunPlan;
import microtome.model.token.Token;
import microtome.model.token.TokenSequence;

/**
 * Where the numbers of a result come from.
 *
 * @param model the name it was loaded by
 * @param sha256 of its weight file, or empty when it was not computed
 * @param precision how it computed
 * @param device backend and processor
 * @param library version of this library
 * @param ids the tokens that were run
 * @param labels the same tokens with every character visible, for axes and tables
 * @param edits what was changed on the way, in words; empty for a plain run
 */
public record Provenance(
        String model,
        String sha256,
        String precision,
        String device,
        String library,
        List<Integer> ids,
        List<String> labels,
        List<String> edits) {
    private static final int TOKENS_SHOWN = 64;
    private static final int TABLE_POSITIONS = 24;

    /** Checks that every token has a label. */
    public Provenance {
        ids = List.copyOf(ids);
        labels = List.copyOf(labels);
        edits = List.copyOf(edits);
        if (ids.size() != labels.size()) {
            throw new IllegalArgumentException(
                    "provenance: %d labels for %d tokens".formatted(labels.size(), ids.size()));
        }
    }

    /** The provenance of a run without edits. */
    public Provenance(
            String model,
            String sha256,
            String precision,
            String device,
            String library,
            List<Integer> ids,
            List<String> labels) {
        this(model, sha256, precision, device, library, ids, labels, List.of());
    }

    /** The provenance of a run of these tokens without edits. */
    public static Provenance of(LanguageModel model, TokenSequence tokens) {
        return of(RunPlan.of(model, tokens));
    }

    /** The provenance of a run. */
    public static Provenance of(RunPlan run) {
        ModelCard card = run.model().card();
        TokenSequence tokens = run.tokens();
        return new Provenance(
                card.name(),
                card.sha256(),
                card.computation(),
                card.device(),
                LanguageModel.libraryVersion(),
                tokens.tokens().stream().map(Token::id).toList(),
                tokens.tokens().stream().map(TokenLabels::of).toList(),
                run.edits().list().stream().map(Edit::toString).toList());
    }

    /** Number of tokens. */
    public int positions() {
        return ids.size();
    }

    /** The label of one position. */
    public String label(int position) {
        return labels.get(position);
    }

    /** The positions from {@code first} on that a table has columns for: the last ones, so that it can be read. */
    public List<Integer> inTable(int first) {
        return IntStream.range(Math.max(first, positions() - TABLE_POSITIONS), positions())
                .boxed()
                .toList();
    }

    /** A table with a line that says so if {@link #inTable} left positions out. */
    public Table noted(Table table, int first) {
        int shown = inTable(first).size();
        return shown == positions() - first
                ? table
                : table.note("the last %d of %d positions; values() has all".formatted(shown, positions()));
    }

    /** An explanation with these facts added. */
    public Explanation on(Explanation explanation) {
        var facts = new LinkedHashMap<>(explanation.facts());
        facts.put("model", model);
        facts.put("sha256", sha256.isEmpty() ? "not computed" : sha256);
        facts.put("precision", precision);
        facts.put("device", device);
        facts.put("library", "microtome " + library);
        facts.put("tokens", shown());
        if (!edits.isEmpty()) {
            facts.put("edits", String.join("; ", edits));
        }
        return new Explanation(
                explanation.name(), explanation.formula(), facts, explanation.paper(), explanation.notes());
    }

    private String shown() {
        String first = IntStream.range(0, Math.min(TOKENS_SHOWN, positions()))
                .mapToObj(position -> "%s (%d)".formatted(labels.get(position), ids.get(position)))
                .collect(Collectors.joining(" "));
        return positions() > TOKENS_SHOWN ? "%s … %d in all".formatted(first, positions()) : first;
    }
}
