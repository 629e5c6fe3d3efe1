package microtome.model.token.chat;

import java.math.BigDecimal;
import java.util.Collection;
import java.util.Iterator;
import java.util.Map;

/** JSON as Python's {@code json.dumps} writes it with {@code ensure_ascii=False}. */
final class PythonJson {
    private final StringBuilder text = new StringBuilder();
    private final int indent;

    private PythonJson(int indent) {
        this.indent = indent;
    }

    /**
     * The text of a value.
     *
     * @param indent blanks per level, each entry on a line of its own; negative for everything on one line
     */
    static String text(Object value, int indent) {
        PythonJson json = new PythonJson(indent);
        json.write(value, 1);
        return json.text.toString();
    }

    private void write(Object value, int level) {
        switch (value) {
            case null -> text.append("null");
            case Map<?, ?> map -> writeMap(map, level);
            case Collection<?> list -> writeList(list, level);
            case Boolean truth -> text.append(truth);
            case Double number -> text.append(number(number));
            case Float number -> text.append(number(number.doubleValue()));
            case Number number -> text.append(number);
            default -> writeText(value.toString());
        }
    }

    private void writeMap(Map<?, ?> map, int level) {
        text.append('{');
        Iterator<? extends Map.Entry<?, ?>> entries = map.entrySet().iterator();
        while (entries.hasNext()) {
            Map.Entry<?, ?> entry = entries.next();
            line(level);
            writeText(String.valueOf(entry.getKey()));
            text.append(": ");
            write(entry.getValue(), level + 1);
            separate(entries.hasNext(), level);
        }
        text.append('}');
    }

    private void writeList(Collection<?> list, int level) {
        text.append('[');
        Iterator<?> entries = list.iterator();
        while (entries.hasNext()) {
            line(level);
            write(entries.next(), level + 1);
            separate(entries.hasNext(), level);
        }
        text.append(']');
    }

    private void line(int level) {
        if (indent >= 0) {
            text.append('\n').repeat(' ', indent * level);
        }
    }

    private void separate(boolean more, int level) {
        if (more) {
            text.append(indent >= 0 ? "," : ", ");
        } else {
            line(level - 1);
        }
    }

    private void writeText(String value) {
        text.append('"');
        for (int index = 0; index < value.length(); index++) {
            char unit = value.charAt(index);
            switch (unit) {
                case '"' -> text.append("\\\"");
                case '\\' -> text.append("\\\\");
                case '\n' -> text.append("\\n");
                case '\r' -> text.append("\\r");
                case '\t' -> text.append("\\t");
                case '\b' -> text.append("\\b");
                case '\f' -> text.append("\\f");
                default -> text.append(unit < ' ' ? "\\u%04x".formatted((int) unit) : String.valueOf(unit));
            }
        }
        text.append('"');
    }

    /** The shortest digits that give the number, with an exponent where Python has one. */
    private static String number(double value) {
        if (!Double.isFinite(value)) {
            return Double.isNaN(value) ? "NaN" : value > 0 ? "Infinity" : "-Infinity";
        }
        double size = Math.abs(value);
        if (size == 0 || 1e-4 <= size && size < 1e16) {
            String plain = new BigDecimal(Double.toString(value)).toPlainString();
            return value == 0 ? Double.toString(value) : plain.contains(".") ? plain : plain + ".0";
        }
        String[] parts = Double.toString(value).split("E");
        String digits = parts[0].endsWith(".0") ? parts[0].substring(0, parts[0].length() - 2) : parts[0];
        int exponent = Integer.parseInt(parts[1]);
        return "%se%s%02d".formatted(digits, exponent < 0 ? "-" : "+", Math.abs(exponent));
    }
}
