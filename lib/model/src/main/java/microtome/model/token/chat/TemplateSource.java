package microtome.model.token.chat;

import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A chat template in the engine's dialect. Blanks around tags are settled here, by Jinja's rules with {@code trim_blocks}
 * and {@code lstrip_blocks} (the engine drops blanks before a tag in the middle of a line too), and what the engine parses
 * otherwise than Jinja is written so that both mean the same: {@code not x is y}, {@code f(name=a - b)}, {@code x[::-1]}.
 */
final class TemplateSource {
    private static final Pattern RAW_END = Pattern.compile("\\{%[-+]?\\s*endraw\\s*[-+]?%}");
    private static final String TEXT = "'(?:[^'\\\\]|\\\\.)*'|\"(?:[^\"\\\\]|\\\\.)*\"";
    private static final Pattern REVERSED = Pattern.compile("(\\[\\s*::\\s*-1\\s*])|" + TEXT);
    private static final Pattern FILTERED =
            Pattern.compile("for\\s+([\\w\\s,]+?)\\s+in\\s+(.+?)\\s+if\\s+(.+)", Pattern.DOTALL);
    /** A negation of an operand: a name with attributes, items and calls without arguments, or a text. Or any text. */
    private static final Pattern NEGATED =
            Pattern.compile("\\bnot\\s+((?:[A-Za-z_][\\w.]*(?:\\[[^\\[\\]]*]|\\.\\w+|\\(\\))*)|" + TEXT
                    + ")\\s+(is\\s+(?!not\\b)|in\\s)|" + TEXT);

    private final String template;
    private final StringBuilder adapted;
    private int at;
    private boolean lineStarts = true;

    private TemplateSource(String template) {
        String lines = template.replace("\r\n", "\n").replace('\r', '\n');
        this.template = lines.endsWith("\n") ? lines.substring(0, lines.length() - 1) : lines;
        this.adapted = new StringBuilder(lines.length() + 64);
    }

    static String adapted(String template) {
        TemplateSource source = new TemplateSource(template);
        while (source.tag()) {
            // Each step copies a text and the tag behind it.
        }
        return source.adapted.toString();
    }

    /** Copies the text before the next tag, and that tag; false when there was none. */
    private boolean tag() {
        int begin = nextTag();
        if (begin < 0) {
            adapted.append(template, at, template.length());
            return false;
        }
        char kind = template.charAt(begin + 1);
        int end = kind == '#' ? template.indexOf("#}", begin + 2) : endOf(begin + 2, kind == '{' ? "}}" : "%}");
        if (end < 0) {
            adapted.append(template, at, template.length());
            return false;
        }
        char before = template.charAt(begin + 2);
        copyText(begin, before, kind != '{');
        int from = before == '-' || before == '+' ? begin + 3 : begin + 2;
        char after = template.charAt(end - 1);
        int to = end > from && (after == '-' || after == '+') ? end - 1 : end;
        String inside = template.substring(from, Math.max(from, to)).strip();
        at = end + 2;
        skipBlanks(to < end ? after : ' ', kind != '{');
        copyTag(kind, inside);
        return true;
    }

    private int nextTag() {
        for (int begin = template.indexOf('{', at); begin >= 0; begin = template.indexOf('{', begin + 1)) {
            if (begin + 2 < template.length() && "{%#".indexOf(template.charAt(begin + 1)) >= 0) {
                return begin;
            }
        }
        return -1;
    }

    /** Where the closing sign stands, which does not count inside a text, nor as the end of an object inside braces. */
    private int endOf(int from, String sign) {
        int depth = 0;
        char quote = 0;
        for (int index = from; index < template.length(); index++) {
            char letter = template.charAt(index);
            if (quote != 0) {
                index += letter == '\\' ? 1 : 0;
                quote = letter == quote ? 0 : quote;
            } else if (depth <= 0 && template.startsWith(sign, index)) {
                return index;
            } else if (letter == '"' || letter == '\'') {
                quote = letter;
            } else if (letter == '{') {
                depth++;
            } else if (letter == '}') {
                depth--;
            }
        }
        return -1;
    }

    private void copyText(int end, char sign, boolean isBlock) {
        int to = end;
        if (sign == '-') {
            while (to > at && PythonText.isBlank(template.charAt(to - 1))) {
                to--;
            }
        } else if (isBlock && sign != '+') {
            int line = template.lastIndexOf('\n', to - 1) + 1;
            int begin = Math.max(line, at);
            boolean whole = line > at || lineStarts;
            boolean blank = template.substring(begin, to).chars().allMatch(PythonText::isBlank);
            to = whole && blank ? begin : to;
        }
        adapted.append(template, at, Math.max(at, to));
    }

    /** Passes the blanks that go with the tag before. */
    private void skipBlanks(char sign, boolean isBlock) {
        int from = at;
        if (sign == '-') {
            while (at < template.length() && PythonText.isBlank(template.charAt(at))) {
                at++;
            }
        } else if (isBlock && sign != '+' && template.startsWith("\n", at)) {
            at++;
        }
        lineStarts = at > from && template.charAt(at - 1) == '\n';
    }

    private void copyTag(char kind, String inside) {
        if (kind == '#') {
            return;
        }
        if (kind == '%' && inside.equals("raw")) {
            copyRaw();
            return;
        }
        Matcher filtered = kind == '%' ? FILTERED.matcher(inside) : null;
        if (filtered != null && filtered.matches() && !filtered.group(2).matches(".*\\belse\\b.*")) {
            copyFilteredLoop(filtered.group(1), filtered.group(2), filtered.group(3));
            return;
        }
        String expression = inside.startsWith("macro") ? inside : withGroupedArguments(rewritten(inside));
        adapted.append(kind == '{' ? "{{ " : "{% ").append(expression).append(kind == '{' ? " }}" : " %}");
    }

    /** The engine passes over the condition of a loop; so what fulfils it is collected first. */
    private void copyFilteredLoop(String names, String values, String condition) {
        String list = "filtered_" + at;
        String item = names.contains(",") ? "[" + names + "]" : names;
        adapted.append("{% set ").append(list).append(" = [] %}");
        copyTag('%', "for " + names + " in " + values);
        copyTag('%', "if " + condition);
        adapted.append("{% do ").append(list).append(".append(").append(item).append(") %}{% endif %}{% endfor %}");
        adapted.append("{% for ").append(names).append(" in ").append(list).append(" %}");
    }

    private void copyRaw() {
        Matcher end = RAW_END.matcher(template);
        int from = at;
        boolean found = end.find(from);
        int to = found ? end.start() : template.length();
        adapted.append("{% raw %}").append(template, from, to).append("{% endraw %}");
        at = found ? end.end() : template.length();
        skipBlanks(' ', true);
    }

    /** The same with negations and reversals as the engine has them; what stands in texts stays. */
    private static String rewritten(String expression) {
        String positive = NEGATED.matcher(expression)
                .replaceAll(
                        found -> Matcher.quoteReplacement(found.group(1) == null ? found.group() : positive(found)));
        return REVERSED.matcher(positive)
                .replaceAll(found -> Matcher.quoteReplacement(
                        found.group(1) == null ? found.group() : "." + TemplateMethods.REVERSED));
    }

    private static String positive(MatchResult negation) {
        return negation.group(1) + (negation.group(2).startsWith("is") ? " is not " : " not in ");
    }

    /** In calls, puts the values of named arguments in parentheses where they are more than a word. */
    private static String withGroupedArguments(String expression) {
        StringBuilder grouped = new StringBuilder();
        int depth = 0;
        char quote = 0;
        int open = -1;
        for (int index = 0; index < expression.length(); index++) {
            char letter = expression.charAt(index);
            boolean ends = quote == 0 && open == depth && (letter == ',' || letter == ')');
            if (ends) {
                grouped.append(')');
                open = -1;
            }
            boolean doubled =
                    quote == 0 && "{}".indexOf(letter) >= 0 && index > 0 && expression.charAt(index - 1) == letter;
            grouped.append(doubled ? " " : "").append(letter); // the engine would take two braces for its own
            if (quote != 0) {
                if (letter == '\\' && index + 1 < expression.length()) {
                    grouped.append(expression.charAt(++index));
                }
                quote = letter == quote ? 0 : quote;
            } else if (letter == '"' || letter == '\'') {
                quote = letter;
            } else if ("([{".indexOf(letter) >= 0) {
                depth++;
            } else if (")]}".indexOf(letter) >= 0) {
                depth--;
            } else if (letter == '=' && open < 0 && depth > 0 && isAssignment(expression, index)) {
                grouped.append('(');
                open = depth;
            }
        }
        return grouped.toString();
    }

    private static boolean isAssignment(String expression, int index) {
        char before = index == 0 ? ' ' : expression.charAt(index - 1);
        char after = index + 1 < expression.length() ? expression.charAt(index + 1) : ' ';
        return after != '=' && "=!<>".indexOf(before) < 0;
    }
}
