package microtome.tensor;

import java.lang.StackWalker.StackFrame;
import java.util.Arrays;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * Finds who asked for something: the first line outside this package's own code. The code of a notebook cell has no file;
 * JShell numbers its statements, so a cell is named by the number and, where there is one, the variable that is declared.
 */
final class Caller {
    private static final StackWalker WALKER = StackWalker.getInstance(StackWalker.Option.RETAIN_CLASS_REFERENCE);
    private static final Pattern SNIPPET = Pattern.compile("REPL\\.\\$JShell\\$(\\d+)\\w*");
    private static final String STATEMENT = "do_it$";
    private static final String NOWHERE = "an unknown place";

    private Caller() {}

    /** The nearest line, as {@code Probe.read(Probe.java:41)}: about a microsecond. */
    static String ofEngine() {
        return WALKER.walk(
                frames -> outside(frames).findFirst().map(Caller::text).orElse(NOWHERE));
    }

    /** The nearest line and, where that is not in a cell, the cell that called it: some microseconds. */
    static String withCell() {
        return WALKER.walk(frames -> {
            String nearest = null;
            for (var frame : (Iterable<StackFrame>) outside(frames)::iterator) {
                boolean cell = isCell(frame);
                if (nearest == null && cell) {
                    return text(frame);
                }
                if (cell) {
                    return nearest + ", called from " + text(frame);
                }
                nearest = nearest == null ? text(frame) : nearest;
            }
            return nearest == null ? NOWHERE : nearest;
        });
    }

    private static Stream<StackFrame> outside(Stream<StackFrame> frames) {
        return frames.dropWhile(frame -> isOwn(frame.getDeclaringClass()));
    }

    /** Whether a class belongs to this package and comes from where it was built: tests of the package do not. */
    private static boolean isOwn(Class<?> type) {
        return type.getPackageName().equals(Caller.class.getPackageName())
                && type.getProtectionDomain() == Caller.class.getProtectionDomain();
    }

    private static boolean isCell(StackFrame frame) {
        return frame.getClassName().startsWith("REPL.");
    }

    private static String text(StackFrame frame) {
        return isCell(frame) ? cell(frame) : line(frame.toStackTraceElement());
    }

    private static String line(StackTraceElement element) {
        var name = element.getClassName();
        return "%s.%s(%s:%d)"
                .formatted(
                        name.substring(name.lastIndexOf('.') + 1),
                        element.getMethodName(),
                        element.getFileName(),
                        element.getLineNumber());
    }

    private static String cell(StackFrame frame) {
        var matcher = SNIPPET.matcher(frame.getClassName());
        if (!matcher.find()) {
            return line(frame.toStackTraceElement());
        }
        var statement = "a cell (statement " + matcher.group(1);
        var nested = frame.getClassName().substring(matcher.end()).replace('$', '.');
        if (!nested.isEmpty() || !frame.getMethodName().contains(STATEMENT)) {
            var method = (nested.isEmpty() ? "" : nested.substring(1) + ".") + frame.getMethodName();
            return statement + ", in " + method + ")";
        }
        return statement + declared(frame.getDeclaringClass()) + ")";
    }

    /** What the statement declares; JShell's own names for values of expressions begin with a dollar sign. */
    private static String declared(Class<?> statement) {
        return Arrays.stream(statement.getDeclaredFields())
                .filter(field -> !field.isSynthetic() && !field.getName().startsWith("$"))
                .findFirst()
                .map(field -> ", which declares '" + field.getName() + "'")
                .orElse("");
    }
}
