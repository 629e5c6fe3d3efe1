package microtome.tensor;

import java.util.Set;

/** Finds the line outside this package's machinery that asked for something. */
final class Caller {
    private static final Set<String> MACHINERY =
            Set.of(Caller.class.getName(), Engine.class.getName(), Tensor.class.getName());

    private Caller() {}

    /** As {@code Probe.read(Probe.java:41)}. */
    static String ofEngine() {
        return StackWalker.getInstance()
                .walk(frames -> frames.filter(frame -> !MACHINERY.contains(frame.getClassName()))
                        .findFirst()
                        .map(frame -> simple(frame.toStackTraceElement()))
                        .orElse("an unknown place"));
    }

    private static String simple(StackTraceElement element) {
        var name = element.getClassName();
        return "%s.%s(%s:%d)"
                .formatted(
                        name.substring(name.lastIndexOf('.') + 1),
                        element.getMethodName(),
                        element.getFileName(),
                        element.getLineNumber());
    }
}
