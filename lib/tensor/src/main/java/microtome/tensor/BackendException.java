package microtome.tensor;

/** A backend could not do what it was asked; the message names the operation, what was given and what is allowed. */
public sealed class BackendException extends RuntimeException permits OutOfMemory {
    private static final long serialVersionUID = 1L;

    /** With one sentence of explanation. */
    public BackendException(String message) {
        super(message);
    }

    /** With one sentence of explanation and what caused it. */
    public BackendException(String message, Throwable cause) {
        super(message, cause);
    }
}
