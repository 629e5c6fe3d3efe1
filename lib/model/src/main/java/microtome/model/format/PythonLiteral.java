package microtome.model.format;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * A literal of Python, as the head of an {@code .npy} file is one: dictionaries, tuples, lists, strings, whole numbers,
 * True, False and None become maps, lists, strings, longs, booleans and {@link #NONE}. Nothing is ever evaluated.
 */
final class PythonLiteral {
    static final Object NONE = new Object();
    private static final int DEEPEST = 16;

    private final NumpyPlace place;
    private final String text;
    private int position;
    /** Whether the values that were read last had a comma behind them, which is what makes one value a tuple. */
    private boolean endsWithComma;

    private PythonLiteral(NumpyPlace place, String text) {
        this.place = place;
        this.text = text;
    }

    static Object parse(NumpyPlace place, String text) {
        PythonLiteral literal = new PythonLiteral(place, text);
        Object value = literal.value(0);
        literal.skipBlanks();
        if (literal.position < text.length()) {
            throw literal.unexpected("blanks up to the end");
        }
        return value;
    }

    private Object value(int depth) {
        if (depth > DEEPEST) {
            throw unexpected("at most %d brackets inside each other".formatted(DEEPEST));
        }
        char next = peek();
        return switch (next) {
            case '{' -> dictionary(depth);
            case '(' -> tuple(depth);
            case '[' -> items(']', depth);
            case '\'', '"' -> string(next);
            default -> next == '-' || isDigit(next) ? number() : name();
        };
    }

    private Map<String, Object> dictionary(int depth) {
        Map<String, Object> entries = new LinkedHashMap<>();
        position++;
        while (peek() != '}') {
            String key = string(peek());
            take(':');
            if (entries.put(key, value(depth + 1)) != null) {
                throw unexpected("'%s' once".formatted(key));
            }
            if (peek() != '}') {
                take(',');
            }
        }
        position++;
        return entries;
    }

    /** A tuple; one value in brackets without a comma is that value. */
    private Object tuple(int depth) {
        List<Object> values = items(')', depth);
        return values.size() == 1 && !endsWithComma ? values.getFirst() : values;
    }

    private List<Object> items(char end, int depth) {
        List<Object> values = new ArrayList<>();
        boolean comma = false;
        position++;
        while (peek() != end) {
            values.add(value(depth + 1));
            comma = peek() != end;
            if (comma) {
                take(',');
            }
        }
        position++;
        endsWithComma = comma;
        return values;
    }

    private String string(char quote) {
        if (quote != '\'' && quote != '"') {
            throw unexpected("a string");
        }
        StringBuilder value = new StringBuilder();
        position++;
        while (current() != quote) {
            if (current() == '\\') {
                position++;
            }
            value.append(current());
            position++;
        }
        position++;
        return value.toString();
    }

    /** A whole number; Python 2 put an L behind large ones. */
    private Long number() {
        int start = position;
        position++;
        while (position < text.length() && isDigit(text.charAt(position))) {
            position++;
        }
        String digits = text.substring(start, position);
        if (position < text.length() && text.charAt(position) == 'L') {
            position++;
        }
        try {
            return Long.parseLong(digits);
        } catch (NumberFormatException ignored) {
            throw unexpected("whole numbers below 2^63");
        }
    }

    private Object name() {
        int start = position;
        while (position < text.length() && Character.isLetter(text.charAt(position))) {
            position++;
        }
        return switch (text.substring(start, position)) {
            case "True" -> true;
            case "False" -> false;
            case "None" -> NONE;
            default -> throw unexpected("a value");
        };
    }

    private static boolean isDigit(char symbol) {
        return symbol >= '0' && symbol <= '9';
    }

    private void take(char wanted) {
        if (peek() != wanted) {
            throw unexpected("the character " + wanted);
        }
        position++;
    }

    /** The next character that is not a blank. */
    private char peek() {
        skipBlanks();
        return current();
    }

    private void skipBlanks() {
        while (position < text.length() && " \t\r\n".indexOf(text.charAt(position)) >= 0) {
            position++;
        }
    }

    private char current() {
        if (position >= text.length()) {
            throw unexpected("a complete header");
        }
        return text.charAt(position);
    }

    private BadWeightFile unexpected(String allowed) {
        String rest = text.substring(Math.min(position, text.length()), Math.min(position + 20, text.length()));
        return place.bad("header, character " + position, rest.isEmpty() ? "the end of it" : "'" + rest + "'", allowed);
    }
}
