package microtome.cli.bench;

/** A job whose result is not right, so that its time says nothing. */
public final class WrongResult extends RuntimeException {
    private static final long serialVersionUID = 1L;

    WrongResult(String message) {
        super(message);
    }
}
