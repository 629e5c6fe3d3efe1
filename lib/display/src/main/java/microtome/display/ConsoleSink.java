package microtome.display;

import java.io.PrintStream;
import java.util.HashMap;
import java.util.Map;
import java.util.function.LongSupplier;
import java.util.function.Supplier;

/** Prints plain text. An update is a new line, so updates of one id are at least two seconds apart; final ones always print. */
final class ConsoleSink implements Displays.Sink {
    static final long NANOS_BETWEEN_UPDATES = 2_000_000_000L;

    private final LongSupplier clock;
    private final Supplier<PrintStream> stream;
    private final Map<String, Long> lastPrinted = new HashMap<>();

    ConsoleSink(LongSupplier clock, Supplier<PrintStream> stream) {
        this.clock = clock;
        this.stream = stream;
    }

    @Override
    public synchronized void display(String id, Displayable value) {
        print(id, value);
    }

    @Override
    public synchronized void update(String id, Displayable value) {
        var last = lastPrinted.get(id);
        if (isFinal(value) || last == null || clock.getAsLong() - last >= NANOS_BETWEEN_UPDATES) {
            print(id, value);
        }
    }

    @Override
    public boolean replaces() {
        return false;
    }

    private void print(String id, Displayable value) {
        stream.get().println(value.plainText());
        if (isFinal(value)) {
            lastPrinted.remove(id);
        } else if (value instanceof ProgressLine) { // only progress updates often; nothing else is remembered
            lastPrinted.put(id, clock.getAsLong());
        }
    }

    private static boolean isFinal(Displayable value) {
        return value instanceof ProgressLine line && line.finished();
    }
}
