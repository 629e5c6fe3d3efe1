package microtome.tensor;

import java.util.List;

/**
 * There is no room for a tensor: it would pass the engine's budget, or the device refuses. Unreachable tensors have been
 * looked for and memory kept for reuse has been given back before. The engine stays usable. The message lists the largest
 * holders of memory, who made them, and what to do.
 */
public final class OutOfMemory extends BackendException {
    private static final long serialVersionUID = 1L;

    /** How many are listed. */
    static final int SHOWN = 6;

    private final transient List<Holder> holders;

    /** With one sentence of explanation, when nothing is known about who holds what. */
    public OutOfMemory(String message) {
        super(message);
        this.holders = List.of();
    }

    /** With one sentence of explanation and what caused it. */
    public OutOfMemory(String message, Throwable cause) {
        super(message, cause);
        this.holders = cause instanceof OutOfMemory same ? same.holders() : List.of();
    }

    OutOfMemory(String message, List<Holder> holders, Throwable cause) {
        super(message, cause);
        this.holders = List.copyOf(holders);
    }

    /** The largest holders of memory, most bytes first; empty when they are not known. */
    public List<Holder> holders() {
        return holders == null ? List.of() : holders;
    }

    /**
     * Live tensors of one type that were made at one place.
     *
     * @param type as {@code F32 [3, 4]}
     * @param count how many of them
     * @param bytes of all of them together
     * @param place the line, or the statement of a cell
     */
    public record Holder(String type, int count, long bytes, String place) {
        Holder and(Holder other) {
            return new Holder(type, count + other.count, bytes + other.bytes, place);
        }

        @Override
        public String toString() {
            return "%s: %s%s, made at %s".formatted(Bytes.text(bytes), type, count == 1 ? "" : " x " + count, place);
        }
    }
}
