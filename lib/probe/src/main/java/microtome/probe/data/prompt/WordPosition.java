package microtome.probe.data.prompt;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import microtome.model.token.Place;
import microtome.model.token.TokenSequence;
import microtome.model.token.Tokenizer;

/**
 * Where the word of a prompt lies among its tokens.
 *
 * @param first position of the token that the word begins with
 * @param last position of the token that the word ends with
 */
public record WordPosition(int first, int last) {
    /**
     * Finds the word of a prompt.
     *
     * @throws IllegalArgumentException if the prompt has no word, if the word stands in it more than once, or if it does not
     *     begin and end where tokens do; the message shows the tokens
     */
    public static WordPosition of(Prompt prompt, Tokenizer tokenizer) {
        return of(prompt, tokenizer.encode(prompt.text()));
    }

    /** As {@link #of(Prompt, Tokenizer)}, for the tokens of its text. */
    static WordPosition of(Prompt prompt, TokenSequence tokens) {
        int at = onlyPlace(prompt);
        byte[] text = prompt.text().getBytes(StandardCharsets.UTF_8);
        int from = prompt.text().substring(0, at).getBytes(StandardCharsets.UTF_8).length;
        int to = from + prompt.word().getBytes(StandardCharsets.UTF_8).length;
        int first = -1;
        int last = -1;
        for (int position = 0; position < tokens.size(); position++) {
            Place place = tokens.place(position);
            if (place.isEmpty()) {
                continue;
            }
            if (first < 0 && place.to() > from && isSame(text, place.from(), from)) {
                first = position;
            }
            if (place.from() < to && isSame(text, to, place.to())) {
                last = position;
            }
        }
        if (first < 0 || last < first) {
            throw new IllegalArgumentException(
                    "prompt '%s': the word '%s' does not %s where a token does; its tokens are %s; choose a word that the tokenizer does not join with its neighbours"
                            .formatted(prompt.text(), prompt.word(), first < 0 ? "begin" : "end", shown(tokens)));
        }
        return new WordPosition(first, last);
    }

    /** Whether two places of a text have nothing but blanks between them. */
    private static boolean isSame(byte[] text, int from, int to) {
        return from <= to && new String(text, from, to - from, StandardCharsets.UTF_8).isBlank();
    }

    /** The one place of the word: as a word of its own, or, where there is none, as a part of another. */
    private static int onlyPlace(Prompt prompt) {
        if (prompt.word().isBlank()) {
            throw new IllegalArgumentException(
                    "prompt '%s' has no word to look at; name one: new Prompt(text, label, group, word)"
                            .formatted(prompt.text()));
        }
        var places = new ArrayList<Integer>();
        var parts = new ArrayList<Integer>();
        for (int at = prompt.text().indexOf(prompt.word());
                at >= 0;
                at = prompt.text().indexOf(prompt.word(), at + 1)) {
            (standsAlone(prompt.text(), at, at + prompt.word().length()) ? places : parts).add(at);
        }
        List<Integer> found = places.isEmpty() ? parts : places;
        if (found.size() != 1) {
            throw new IllegalArgumentException(
                    "prompt '%s': the word '%s' stands in it %d times, so it is not clear which is meant; give a text with one"
                            .formatted(prompt.text(), prompt.word(), found.size()));
        }
        return found.getFirst();
    }

    private static boolean standsAlone(String text, int from, int to) {
        boolean before = from > 0 && Character.isLetterOrDigit(text.codePointBefore(from));
        boolean after = to < text.length() && Character.isLetterOrDigit(text.codePointAt(to));
        return !before && !after;
    }

    private static String shown(TokenSequence tokens) {
        return String.join(
                "|", tokens.tokens().stream().map(token -> token.text()).toList());
    }
}
