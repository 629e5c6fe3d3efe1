package microtome.tensor;

import java.lang.StackWalker.StackFrame;
import java.util.Arrays;
import java.util.regex.Pattern;

/**
 * Who asked for something: the first line outside this package's own code. The code of a notebook cell has no file; JShell
 * numbers its statements, so a cell is named by the number and, where there is one, the variable that is declared. Looking
 * takes less than a microsecond; the words are made when somebody reads them, which hardly ever happens.
 */
final class Caller {
    private static final StackWalker WALKER = StackWalker.getInstance(StackWalker.Option.RETAIN_CLASS_REFERENCE);
    private static final Pattern SNIPPET = Pattern.compile("REPL\\.\\$JShell\\$(\\d+)\\w*");
    private static final String STATEMENT = "do_it$";
    /** A cell is not looked for deeper: where there is none, whole stacks would be walked. */
    private static final int DEEPEST_CELL = 48;

    /** Whose code a class is. */
    private enum Owner {
        THIS_PACKAGE,
        CELL,
        OTHER
    }

    private static final ClassValue<Owner> OWNERS = new ClassValue<>() {
        @Override
        protected Owner computeValue(Class<?> type) {
            // Tests of this package come from another place than its own code.
            boolean own = type.getPackageName().equals(Caller.class.getPackageName())
                    && type.getProtectionDomain() == Caller.class.getProtectionDomain();
            return own ? Owner.THIS_PACKAGE : type.getName().startsWith("REPL.") ? Owner.CELL : Owner.OTHER;
        }
    };

    private final StackFrame nearest;
    private final StackFrame cell;

    private Caller(StackFrame nearest, StackFrame cell) {
        this.nearest = nearest;
        this.cell = cell;
    }

    /** The nearest line, as {@code Probe.read(Probe.java:41)}. */
    static Caller ofEngine() {
        return WALKER.walk(frames -> {
            for (var frame : (Iterable<StackFrame>) frames::iterator) {
                if (OWNERS.get(frame.getDeclaringClass()) != Owner.THIS_PACKAGE) {
                    return new Caller(frame, null);
                }
            }
            return new Caller(null, null);
        });
    }

    /** The nearest line and, where that is not in a cell, the cell that called it. */
    static Caller withCell() {
        return WALKER.walk(frames -> {
            StackFrame first = null;
            int depth = 0;
            for (var frame : (Iterable<StackFrame>) frames::iterator) {
                var owner = OWNERS.get(frame.getDeclaringClass());
                if (owner == Owner.CELL) {
                    return first == null ? new Caller(frame, null) : new Caller(first, frame);
                }
                if (++depth == DEEPEST_CELL) {
                    break;
                }
                first = first == null && owner == Owner.OTHER ? frame : first;
            }
            return new Caller(first, null);
        });
    }

    @Override
    public String toString() {
        if (nearest == null) {
            return "an unknown place";
        }
        return cell == null ? text(nearest) : text(nearest) + ", called from " + text(cell);
    }

    private static boolean isCell(StackFrame frame) {
        return OWNERS.get(frame.getDeclaringClass()) == Owner.CELL;
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
