package microtome.display;

import java.io.PrintStream;
import java.util.Objects;
import java.util.UUID;
import java.util.function.Supplier;

/** Where library code sends what it wants to show while a cell still runs: progress lines, growing figures. */
public final class Displays {
    private static final Sink CONSOLE = new ConsoleSink(System::nanoTime, () -> System.out);

    private static volatile Sink installed = CONSOLE;

    private Displays() {}

    /** A kernel's way of showing values and replacing what it showed. Implementations accept calls from any thread. */
    public interface Sink {
        /** Shows {@code value} under {@code id}, a fresh id for each new output. */
        void display(String id, Displayable value);

        /** Replaces what was shown under {@code id}; a sink that cannot replace may print or skip. */
        void update(String id, Displayable value);

        /** Whether an update takes the place of what was shown, so that something may grow there. */
        default boolean replaces() {
            return true;
        }
    }

    /**
     * Makes {@code sink} the receiver of everything shown from now on; kernel adapters call this once.
     *
     * @throws NullPointerException if {@code sink} is null; use {@link #uninstall()} to return to the console
     */
    public static void install(Sink sink) {
        installed = Objects.requireNonNull(sink, "sink is null; call Displays.uninstall() to return to the console");
    }

    /** Returns to the console sink, which prints throttled text on {@link System#out}. */
    public static void uninstall() {
        installed = CONSOLE;
    }

    /** A sink that prints throttled text, for example on the error output. */
    public static Sink printing(Supplier<PrintStream> stream) {
        return new ConsoleSink(System::nanoTime, stream);
    }

    /** The sink that is installed, the console sink at first. */
    public static Sink get() {
        return installed;
    }

    /** Shows {@code value} as a new output and returns the id to pass to {@link #update}. */
    public static String show(Displayable value) {
        var id = newId();
        installed.display(id, value);
        return id;
    }

    /** Replaces what was shown under {@code id}. */
    public static void update(String id, Displayable value) {
        installed.update(id, value);
    }

    static String newId() {
        return "microtome-" + UUID.randomUUID();
    }
}
