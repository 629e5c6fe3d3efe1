package microtome.display;

import java.util.IllegalFormatException;
import java.util.Locale;
import java.util.Objects;
import java.util.function.Function;

/**
 * A column of a {@link Table}.
 *
 * @param name the heading
 * @param align where values stand
 * @param format from a value that is neither null nor NaN to its text
 */
public record Column(String name, Align align, Function<Object, String> format) {
    /** Where the values of a column stand. */
    public enum Align {
        /** At the left, for words. */
        LEFT,
        /** At the right, for numbers. */
        RIGHT,
        /** Numbers at the right, everything else at the left, by the first row. */
        AUTOMATIC
    }

    private static final int DIGITS = 4;

    /** Checks that nothing is missing. */
    public Column {
        Objects.requireNonNull(name, "name of a column");
        Objects.requireNonNull(align, "alignment of column " + name);
        Objects.requireNonNull(format, "format of column " + name);
    }

    /** A column of anything: numbers with four significant digits, the rest by {@code toString}. */
    public static Column of(String name) {
        return new Column(name, Align.AUTOMATIC, Column::general);
    }

    /** A column of words, on the left. */
    public static Column text(String name) {
        return new Column(name, Align.LEFT, Column::general);
    }

    /** A column of tokens, shown by {@link TokenText#visible(String)}. */
    public static Column token(String name) {
        return new Column(name, Align.LEFT, value -> TokenText.visible(value.toString()));
    }

    /** A column of numbers with four significant digits, whole numbers exactly. */
    public static Column number(String name) {
        return new Column(name, Align.RIGHT, Column::general);
    }

    /**
     * A column of numbers with a format of {@link String#format}, for example {@code %.3f}; always with a point.
     *
     * @throws IllegalArgumentException if the pattern formats neither a whole nor a decimal number
     */
    public static Column number(String name, String pattern) {
        var decimal = formats(pattern, 1.5);
        if (!decimal && !formats(pattern, 1L)) {
            throw new IllegalArgumentException(
                    "column %s: \"%s\" does not format a number; use for example %%.3f or %%d"
                            .formatted(name, pattern));
        }
        return new Column(name, Align.RIGHT, value -> formatted(pattern, decimal, value));
    }

    private static boolean formats(String pattern, Object number) {
        try {
            return !String.format(Locale.ROOT, pattern, number).equals(pattern);
        } catch (IllegalFormatException wrong) {
            return false;
        }
    }

    private static String formatted(String pattern, boolean decimal, Object value) {
        if (!(value instanceof Number number)) {
            return general(value);
        }
        if (decimal) {
            return String.format(Locale.ROOT, pattern, number.doubleValue());
        }
        var whole = number.doubleValue() == Math.rint(number.doubleValue());
        return whole ? String.format(Locale.ROOT, pattern, number.longValue()) : general(value);
    }

    private static String general(Object value) {
        return switch (value) {
            case Double number -> Significant.text(number, DIGITS);
            case Float number -> Significant.text(number, DIGITS);
            default -> TokenText.singleLine(value.toString());
        };
    }
}
