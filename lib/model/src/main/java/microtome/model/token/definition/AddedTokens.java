package microtome.model.token.definition;

import java.util.ArrayList;
import java.util.BitSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The added tokens of a tokenizer, and where the special ones occur in a text. */
public final class AddedTokens {
    /** A special token in a text: UTF-16 index of its first character and behind its last. */
    public record Occurrence(AddedToken token, int from, int to) {}

    private final Map<Integer, AddedToken> byId = new HashMap<>();
    private final Map<String, AddedToken> byContent = new HashMap<>();
    private final BitSet specialFirst = new BitSet();
    private final Map<Character, List<AddedToken>> specialByFirst = new HashMap<>();

    AddedTokens(List<AddedToken> tokens) {
        for (AddedToken token : tokens) {
            byId.put(token.id(), token);
            byContent.put(token.content(), token);
            if (token.special() && !token.content().isEmpty()) {
                specialFirst.set(token.content().charAt(0));
                specialByFirst
                        .computeIfAbsent(token.content().charAt(0), first -> new ArrayList<>())
                        .add(token);
            }
        }
        specialByFirst
                .values()
                .forEach(tokensOfOne -> tokensOfOne.sort((left, right) ->
                        Integer.compare(right.content().length(), left.content().length())));
    }

    /** The added token of an id. */
    public Optional<AddedToken> byId(int id) {
        return Optional.ofNullable(byId.get(id));
    }

    /** The added token whose text this is. */
    public Optional<AddedToken> byContent(String content) {
        return Optional.ofNullable(byContent.get(content));
    }

    boolean isSpecial(int id) {
        AddedToken token = byId.get(id);
        return token != null && token.special();
    }

    /** What becomes of the special ones, for people. */
    String rule() {
        return "%d special tokens; their text inside a prompt stays text unless asked otherwise"
                .formatted(byId.values().stream().filter(AddedToken::special).count());
    }

    /** Special tokens in a text from left to right, the longest where several begin at one place. */
    public List<Occurrence> occurrences(String text) {
        List<Occurrence> found = new ArrayList<>();
        int at = 0;
        while (at < text.length()) {
            AddedToken token = specialAt(text, at);
            if (token == null) {
                at++;
            } else {
                found.add(new Occurrence(token, at, at + token.content().length()));
                at += token.content().length();
            }
        }
        return found;
    }

    private AddedToken specialAt(String text, int at) {
        char first = text.charAt(at);
        if (!specialFirst.get(first)) {
            return null;
        }
        for (AddedToken token : specialByFirst.get(first)) {
            if (text.startsWith(token.content(), at)) {
                return token;
            }
        }
        return null;
    }
}
