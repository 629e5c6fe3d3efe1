package microtome.cli;

/** A command that was called rightly but whose work failed for a reason that its message tells in full. */
final class CommandFailed extends RuntimeException {
    private static final long serialVersionUID = 1L;

    CommandFailed(String message) {
        super(message);
    }
}
