package microtome.display;

/** Thrown by a long loop that was asked to stop: the notebook's stop button, or {@link Thread#interrupt()}. */
public final class InterruptedWorkException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    /** Says which work stopped and how far it came, for example {@code harvest: stopped at 37/128 after 12.3 s}. */
    public InterruptedWorkException(String message) {
        super(message);
    }
}
