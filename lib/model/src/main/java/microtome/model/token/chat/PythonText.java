package microtome.model.token.chat;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.BiFunction;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** The methods of Python's strings that chat templates call, as Python has them. */
public final class PythonText {
    private static final Map<String, BiFunction<String, Object[], Object>> METHODS = Map.ofEntries(
            Map.entry("strip", (text, given) -> strip(text, characters(given), true, true)),
            Map.entry("lstrip", (text, given) -> strip(text, characters(given), true, false)),
            Map.entry("rstrip", (text, given) -> strip(text, characters(given), false, true)),
            Map.entry("startswith", (text, given) -> choices(given).anyMatch(text::startsWith)),
            Map.entry("endswith", (text, given) -> choices(given).anyMatch(text::endsWith)),
            Map.entry("split", PythonText::split),
            Map.entry("rsplit", PythonText::splitFromTheEnd),
            Map.entry("splitlines", (text, given) -> text.lines().toList()),
            Map.entry("upper", (text, given) -> text.toUpperCase(Locale.ROOT)),
            Map.entry("lower", (text, given) -> text.toLowerCase(Locale.ROOT)),
            Map.entry("capitalize", (text, given) -> capitalize(text)),
            Map.entry("title", (text, given) -> title(text)),
            Map.entry("replace", PythonText::replace),
            Map.entry("find", (text, given) -> (long) text.indexOf(first(given))),
            Map.entry("rfind", (text, given) -> (long) text.lastIndexOf(first(given))),
            Map.entry(
                    "count",
                    (text, given) ->
                            (long) pieces(text, first(given), Integer.MAX_VALUE).size() - 1),
            Map.entry("join", PythonText::join),
            Map.entry("removeprefix", (text, given) -> without(text, first(given), "")),
            Map.entry("removesuffix", (text, given) -> without(text, "", first(given))),
            Map.entry(
                    "isdigit",
                    (text, given) -> !text.isEmpty() && text.codePoints().allMatch(Character::isDigit)),
            Map.entry(
                    "isspace",
                    (text, given) -> !text.isEmpty() && text.codePoints().allMatch(PythonText::isBlank)));

    private PythonText() {}

    static boolean has(String method) {
        return METHODS.containsKey(method);
    }

    /** Calls a method of a text. */
    static Object call(String text, String method, Object... given) {
        return METHODS.get(method).apply(text, given);
    }

    /** Without the blanks at both ends, of which Python knows more than Java. */
    public static String strip(String text) {
        return strip(text, null, true, true);
    }

    private static String strip(String text, String characters, boolean left, boolean right) {
        int from = 0;
        int to = text.length();
        while (left && from < to && goes(text.codePointAt(from), characters)) {
            from += Character.charCount(text.codePointAt(from));
        }
        while (right && from < to && goes(text.codePointBefore(to), characters)) {
            to -= Character.charCount(text.codePointBefore(to));
        }
        return text.substring(from, to);
    }

    private static boolean goes(int codePoint, String characters) {
        return characters == null ? isBlank(codePoint) : characters.indexOf(codePoint) >= 0;
    }

    /** Whether Python takes a character for a blank. */
    static boolean isBlank(int codePoint) {
        return codePoint == 0x85 || Character.isWhitespace(codePoint) || Character.isSpaceChar(codePoint);
    }

    private static String characters(Object... given) {
        return given.length == 0 || given[0] == null ? null : given[0].toString();
    }

    private static String first(Object... given) {
        if (given.length == 0 || given[0] == null) {
            throw new IllegalArgumentException("a method of a text needs a text");
        }
        return given[0].toString();
    }

    /** One text, or several in a tuple. */
    private static Stream<String> choices(Object... given) {
        return given[0] instanceof Collection<?> several
                ? several.stream().map(Object::toString)
                : Stream.of(first(given));
    }

    private static int limit(Object... given) {
        return given.length < 2 ? Integer.MAX_VALUE : most(((Number) given[1]).intValue());
    }

    private static int most(int limit) {
        return limit < 0 ? Integer.MAX_VALUE : limit;
    }

    private static List<String> split(String text, Object... given) {
        if (given.length == 0 || given[0] == null) {
            return words(text);
        }
        return pieces(text, first(given), limit(given));
    }

    private static List<String> words(String text) {
        List<String> words = new ArrayList<>();
        StringBuilder word = new StringBuilder();
        text.codePoints().forEach(codePoint -> {
            if (!isBlank(codePoint)) {
                word.appendCodePoint(codePoint);
            } else if (!word.isEmpty()) {
                words.add(word.toString());
                word.setLength(0);
            }
        });
        if (!word.isEmpty()) {
            words.add(word.toString());
        }
        return words;
    }

    private static List<String> pieces(String text, String separator, int most) {
        requireSeparator(separator);
        List<String> pieces = new ArrayList<>();
        int from = 0;
        for (int at = text.indexOf(separator); at >= 0 && pieces.size() < most; at = text.indexOf(separator, from)) {
            pieces.add(text.substring(from, at));
            from = at + separator.length();
        }
        pieces.add(text.substring(from));
        return pieces;
    }

    private static List<String> splitFromTheEnd(String text, Object... given) {
        String separator = first(given);
        requireSeparator(separator);
        List<String> pieces = new ArrayList<>();
        int to = text.length();
        int most = limit(given);
        for (int at = text.lastIndexOf(separator);
                at >= 0 && pieces.size() < most;
                at = text.lastIndexOf(separator, to - separator.length())) {
            pieces.addFirst(text.substring(at + separator.length(), to));
            to = at;
        }
        pieces.addFirst(text.substring(0, to));
        return pieces;
    }

    private static void requireSeparator(String separator) {
        if (separator.isEmpty()) {
            throw new IllegalArgumentException("an empty separator");
        }
    }

    private static String replace(String text, Object... given) {
        String wanted = given[1].toString();
        if (given.length < 3) {
            return text.replace(first(given), wanted);
        }
        return String.join(wanted, pieces(text, first(given), most(((Number) given[2]).intValue())));
    }

    private static String join(String text, Object... given) {
        Collection<?> parts = given[0] instanceof Object[] array ? Arrays.asList(array) : (Collection<?>) given[0];
        return parts.stream().map(Object::toString).collect(Collectors.joining(text));
    }

    private static String without(String text, String prefix, String suffix) {
        int from = text.startsWith(prefix) ? prefix.length() : 0;
        int to = text.endsWith(suffix) ? text.length() - suffix.length() : text.length();
        return text.substring(from, Math.max(from, to));
    }

    private static String capitalize(String text) {
        if (text.isEmpty()) {
            return text;
        }
        int end = text.offsetByCodePoints(0, 1);
        return text.substring(0, end).toUpperCase(Locale.ROOT)
                + text.substring(end).toLowerCase(Locale.ROOT);
    }

    /** Every letter that follows none is a capital. */
    private static String title(String text) {
        StringBuilder title = new StringBuilder();
        boolean inside = false;
        for (int codePoint : text.codePoints().toArray()) {
            boolean letter = Character.isLetter(codePoint);
            title.appendCodePoint(
                    !letter ? codePoint : inside ? Character.toLowerCase(codePoint) : Character.toTitleCase(codePoint));
            inside = letter;
        }
        return title.toString();
    }
}
