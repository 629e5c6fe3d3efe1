package microtome.model.token;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;
import java.util.stream.IntStream;

/**
 * The 10,000 lines on which tokenizers are compared, drawn from {@code mixed-unicode.json} with SplitMix64 exactly as
 * {@code environment/peers/mixed_unicode.py} draws them.
 */
final class MixedUnicode {
    private final JsonNode parts;
    private long state;

    private MixedUnicode(JsonNode parts) {
        this.parts = parts;
        this.state = parts.get("seed").asLong();
    }

    static List<String> lines() {
        MixedUnicode drawn = new MixedUnicode(TokenResources.json("mixed-unicode.json"));
        return IntStream.range(0, drawn.parts.get("lines").asInt())
                .mapToObj(line -> drawn.line())
                .toList();
    }

    private int below(int bound) {
        state += 0x9E3779B97F4A7C15L;
        long mixed = state;
        mixed = (mixed ^ mixed >>> 30) * 0xBF58476D1CE4E5B9L;
        mixed = (mixed ^ mixed >>> 27) * 0x94D049BB133111EBL;
        return (int) (((mixed ^ mixed >>> 31) >>> 33) % bound);
    }

    private JsonNode oneOf(String name) {
        JsonNode choices = parts.get(name);
        return choices.get(below(choices.size()));
    }

    private String letterOf(String name) {
        int[] letters = parts.get(name).asText().codePoints().toArray();
        return Character.toString(letters[below(letters.length)]);
    }

    private String line() {
        StringBuilder text = new StringBuilder();
        int pieces = 1 + below(12);
        for (int piece = 0; piece < pieces; piece++) {
            text.append(piece(oneOf("kinds").asText()));
            text.append(below(4) > 0 ? " " : "");
        }
        return text.toString();
    }

    private String piece(String kind) {
        return switch (kind) {
            case "word" -> word();
            case "script" -> script();
            case "number" -> number();
            case "combining" -> combining();
            case "blanks" -> blanks();
            case "any" -> any();
            case "long" -> letterOf("long").repeat(90 + below(40));
            case "control" -> oneOf("controls").asText();
            default -> oneOf(kind).asText();
        };
    }

    private String word() {
        String word = oneOf("words").asText();
        if (below(6) > 0) {
            return word;
        }
        StringBuilder capitals = new StringBuilder();
        word.chars().forEach(letter -> capitals.append((char) ('a' <= letter && letter <= 'z' ? letter - 32 : letter)));
        return capitals.toString();
    }

    private String script() {
        JsonNode range = oneOf("scripts");
        int first = range.get(0).asInt();
        return letters(1 + below(10), first, range.get(1).asInt() - first + 1);
    }

    private String number() {
        int zero = oneOf("zeros").asInt();
        return letters(1 + below(8), zero, 10);
    }

    private String combining() {
        String base = letterOf("combining");
        return base + letters(1 + below(4), 0x300, 0x70);
    }

    private String letters(int count, int first, int choices) {
        StringBuilder text = new StringBuilder();
        for (int letter = 0; letter < count; letter++) {
            text.appendCodePoint(first + below(choices));
        }
        return text.toString();
    }

    private String blanks() {
        StringBuilder text = new StringBuilder();
        int count = 1 + below(4);
        for (int blank = 0; blank < count; blank++) {
            text.append(oneOf("blanks").asText());
        }
        return text.toString();
    }

    private String any() {
        int codePoint = below(below(4) == 0 ? 0x110000 : 0x20000);
        return 0xD800 <= codePoint && codePoint < 0xE000 ? "\ufffd" : Character.toString(codePoint);
    }
}
