package microtome.model.generate;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import microtome.display.Column;
import microtome.display.Displayable;
import microtome.display.Explanation;
import microtome.display.MimeTypes;
import microtome.display.Table;
import microtome.display.TokenStrip;
import microtome.display.TokenText;
import microtome.model.ModelCard;
import microtome.model.token.Token;

/**
 * What a {@link Generation} wrote. Plain data: it holds no memory of an engine.
 *
 * @param model what wrote it
 * @param library version of this library
 * @param request what was asked for
 * @param edits what taps did meanwhile, in words
 * @param texts one per prompt, in the order of the request
 * @param seconds from the request to its end, reading of the prompts included
 */
public record Generated(
        ModelCard model, String library, Generation request, String edits, List<GeneratedText> texts, double seconds)
        implements Displayable {

    /** Copies the list. */
    public Generated {
        texts = List.copyOf(texts);
    }

    /** What was written after the first prompt. */
    public GeneratedText first() {
        return texts.getFirst();
    }

    /** The text written after the first prompt. */
    public String text() {
        return first().text();
    }

    /** Whether somebody stopped it before its end. */
    public boolean isInterrupted() {
        return texts.stream().anyMatch(text -> text.ending() == Ending.INTERRUPTED);
    }

    /** How many tokens were written, of all sequences. */
    public int tokens() {
        return texts.stream().mapToInt(text -> text.tokens().size()).sum();
    }

    /** Written tokens of all sequences per second, reading of the prompts included. */
    public double tokensPerSecond() {
        return tokens() / seconds;
    }

    /** One line per written token; with its log probability and the alternatives where they were asked for. */
    public Table table() {
        boolean several = texts.size() > 1;
        boolean probable = request.watching().logProbabilities();
        var columns = new ArrayList<Column>();
        if (several) {
            columns.add(Column.number("sequence"));
        }
        columns.addAll(List.of(Column.number("position"), Column.token("token"), Column.number("id")));
        if (probable) {
            columns.addAll(List.of(Column.number("log probability", "%.4f"), Column.number("probability", "%.4f")));
        }
        if (request.watching().alternatives() > 0) {
            columns.add(new Column("likeliest by the model", Column.Align.LEFT, Object::toString));
        }
        return Table.of(columns.toArray(Column[]::new))
                .rows(rows(several, probable))
                .caption(caption());
    }

    private List<List<Object>> rows(boolean several, boolean probable) {
        var rows = new ArrayList<List<Object>>();
        for (int sequence = 0; sequence < texts.size(); sequence++) {
            GeneratedText text = texts.get(sequence);
            for (int i = 0; i < text.tokens().size(); i++) {
                var row = new ArrayList<Object>();
                Token token = text.tokens().token(i);
                if (several) {
                    row.add((long) sequence);
                }
                row.addAll(List.of((long) text.prompt().size() + i, token.text(), (long) token.id()));
                if (probable) {
                    double log = text.logProbabilities()[i];
                    row.addAll(List.of(log, Math.exp(log)));
                }
                if (request.watching().alternatives() > 0) {
                    row.add(shown(text.alternatives().get(i)));
                }
                rows.add(row);
            }
        }
        return rows;
    }

    private static String shown(List<Candidate> candidates) {
        return candidates.stream()
                .map(each ->
                        "%s %.4f".formatted(TokenText.visible(each.token().text()), Math.exp(each.logProbability())))
                .collect(Collectors.joining("  "));
    }

    private String caption() {
        return "%s, %s, up to %d tokens".formatted(model.name(), request.choice(), request.tokens());
    }

    /** Prompt and written tokens of one sequence, coloured by log probability where that was asked for. */
    public TokenStrip strip(int sequence) {
        return Strips.of(texts.get(sequence));
    }

    /** How the tokens were chosen, and from what. */
    public Explanation explain() {
        Explanation explanation =
                Explanation.of("generated text", request.choice().formula());
        if (request.choice() instanceof Sampling sampling) {
            explanation = explanation
                    .fact("temperature", sampling.temperature())
                    .fact("top-k", sampling.topK() == 0 ? "all" : sampling.topK())
                    .fact("top-p", sampling.topP())
                    .fact("min-p", sampling.minP())
                    .seed(sampling.seed());
        }
        explanation = explanation
                .fact("tokens at most", request.tokens())
                .fact("ends at", ends())
                .fact("edits", edits)
                .fact("sequences", texts.size())
                .fact("tokens written", tokens())
                .fact("endings", texts.stream().map(GeneratedText::ending).toList())
                .fact("seconds", seconds)
                .fact("model", model.name())
                .fact("sha256", model.sha256().isEmpty() ? "not computed" : model.sha256())
                .fact("precision", model.computation())
                .fact("device", model.device())
                .fact("library", "microtome " + library)
                .fact("prompt", first().prompt().text());
        return request.choice() instanceof Sampling
                ? explanation.note("a sequence depends on the seed, its prompt, and which copy of that prompt it is;"
                        + " not on what is written beside it")
                : explanation;
    }

    private String ends() {
        String own = request.stops().endOfText() ? "the model's end-of-text tokens" : "no token";
        return request.stops().texts().isEmpty()
                ? own
                : own + ", texts " + request.stops().texts();
    }

    @Override
    public Map<String, Object> mimeBundle() {
        var bundle = new LinkedHashMap<String, Object>();
        bundle.put(MimeTypes.HTML, Pages.html(this));
        bundle.put(MimeTypes.TEXT, plainText());
        return bundle;
    }

    @Override
    public String plainText() {
        return Pages.text(this);
    }

    @Override
    public String toString() {
        return plainText();
    }
}
