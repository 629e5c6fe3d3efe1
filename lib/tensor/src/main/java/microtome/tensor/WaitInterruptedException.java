package microtome.tensor;

/** The thread was interrupted while it waited for a device; the interrupt flag is set again. The engine stays usable. */
public final class WaitInterruptedException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    /** With one sentence that says what was waited for. */
    public WaitInterruptedException(String message) {
        super(message);
    }
}
