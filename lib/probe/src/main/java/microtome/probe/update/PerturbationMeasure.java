package microtome.probe.update;

/** How errors and changes of the answer are measured. */
public enum PerturbationMeasure {
    /** {@code |r|} against the divergence of the answers. */
    ERROR("|r|", "KL(original || new), nats"),
    /** {@code |r| / |u|} against the divergence of the answers. */
    RELATIVE_ERROR("|r| / |u|", "KL(original || new), nats"),
    /** {@code |r|} against the distance of the probabilities. */
    ERROR_AND_DISTANCE("|r|", "|p original - p new|");

    private final String error;
    private final String change;

    PerturbationMeasure(String error, String change) {
        this.error = error;
        this.change = change;
    }

    /** What the error is called on an axis. */
    public String errorLabel() {
        return error;
    }

    /** What the change of the answer is called on an axis. */
    public String changeLabel() {
        return change;
    }

    double[] errors(TokenEffects effects, int block, int kind) {
        return switch (this) {
            case ERROR, ERROR_AND_DISTANCE -> effects.error()[block][kind];
            case RELATIVE_ERROR -> effects.relative()[block][kind];
        };
    }

    double[] changes(TokenEffects effects, int block, int kind) {
        return switch (this) {
            case ERROR, RELATIVE_ERROR -> effects.divergence()[block][kind];
            case ERROR_AND_DISTANCE -> effects.distance()[block][kind];
        };
    }
}
