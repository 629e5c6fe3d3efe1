package microtome.kernel;

import java.lang.reflect.Array;
import java.util.DoubleSummaryStatistics;
import java.util.Locale;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** Arrays of numbers as text: type and extent, the first values, and what the rest spans. */
final class ArrayText {
    private static final int VALUES_SHOWN = 10;
    private static final int ROWS_SHOWN = 6;
    private static final double EXACT_BELOW = 1e7;

    private ArrayText() {}

    /** One or two axes; rows may differ in length. */
    static String of(Object array) {
        return array.getClass().getComponentType().isArray() ? rows((Object[]) array) : line(array);
    }

    private static String rows(Object[] rows) {
        String name = rows.getClass().getComponentType().getComponentType().getName();
        String shown = IntStream.range(0, Math.min(rows.length, ROWS_SHOWN))
                .mapToObj(row -> "\n[%d] %s".formatted(row, rows[row] == null ? "null" : line(rows[row])))
                .collect(Collectors.joining());
        String rest = rows.length > ROWS_SHOWN ? "\n… %d more".formatted(rows.length - ROWS_SHOWN) : "";
        return "%s[%d][]%s%s".formatted(name, rows.length, shown, rest);
    }

    private static String line(Object array) {
        int length = Array.getLength(array);
        String head = "%s[%d]".formatted(array.getClass().getComponentType().getName(), length);
        String shown = IntStream.range(0, Math.min(length, VALUES_SHOWN))
                .mapToObj(index -> value(Array.get(array, index)))
                .collect(Collectors.joining(", ", " {", length > VALUES_SHOWN ? ", …}" : "}"));
        return head + shown + (length > VALUES_SHOWN ? "  " + span(array, length) : "");
    }

    private static String span(Object array, int length) {
        var finite = new DoubleSummaryStatistics();
        for (int index = 0; index < length; index++) {
            double value = Array.getDouble(array, index);
            if (Double.isFinite(value)) {
                finite.accept(value);
            }
        }
        long others = length - finite.getCount();
        String range = finite.getCount() == 0
                ? ""
                : "%s to %s, mean %s"
                        .formatted(number(finite.getMin()), number(finite.getMax()), number(finite.getAverage()));
        return others == 0
                ? range
                : "%s (%d NaN or infinite)".formatted(range, others).strip();
    }

    private static String value(Object boxed) {
        return boxed instanceof Double || boxed instanceof Float
                ? number(((Number) boxed).doubleValue())
                : boxed.toString();
    }

    /** Four significant digits, without a tail of zeros. */
    private static String number(double value) {
        if (!Double.isFinite(value)) {
            return Double.toString(value);
        }
        if (value == Math.rint(value) && Math.abs(value) < EXACT_BELOW) {
            return Long.toString((long) value);
        }
        String text = String.format(Locale.ROOT, "%.4g", value);
        return text.contains(".") && !text.contains("e") ? text.replaceAll("\\.?0+$", "") : text;
    }
}
