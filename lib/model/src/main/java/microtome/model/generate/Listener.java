package microtome.model.generate;

/**
 * Hears texts while they are written, on the thread that writes. Only whole characters come, and nothing that may turn out to
 * be the beginning of a stop string.
 */
@FunctionalInterface
public interface Listener {
    /** Hears nothing. */
    Listener NONE = (_, _) -> {};

    /**
     * More of a text.
     *
     * @param sequence whose, counted from 0 in the order of the prompts
     * @param text what comes behind what was heard of it before; never empty
     */
    void wrote(int sequence, String text);
}
