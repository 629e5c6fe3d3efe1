package microtome.tensor.foreign;

/** The native library stopped an operation because it was asked to. Never leaves the engine's thread. */
final class StoppedException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    StoppedException(String message) {
        super(message);
    }
}
