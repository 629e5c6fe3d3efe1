package microtome.probe.update;

import java.util.function.ToDoubleFunction;

/** A number that tells how well a map describes what a block does. */
public enum UpdateQuantity {
    /** Mean {@code cos(y, T(x))}; near 1 in every residual network, the identity included. */
    STATE_ALIGNMENT("cos(y, T(x))", Measured::stateAlignment),
    /** Mean {@code cos(u, t)}. */
    UPDATE_ALIGNMENT("cos(u, t)", Measured::updateAlignment),
    /** Mean {@code cos(u, r)}. */
    RESIDUAL_ALIGNMENT("cos(u, r)", Measured::residualAlignment),
    /** Angle of the mean {@code cos(u, t)}, in degrees. */
    UPDATE_ANGLE("angle of u and t, degrees", Measured::updateAngle),
    /** Angle of the mean {@code cos(u, r)}, in degrees. */
    RESIDUAL_ANGLE("angle of u and r, degrees", Measured::residualAngle),
    /** Mean {@code |r| / |u|}. */
    ENERGY_RATIO("|r| / |u|", Measured::energyRatio),
    /** {@code 1 - sum |r|^2 / sum |u - mean u|^2}. */
    EXPLAINED("R2 of updates", Measured::explained),
    /** Share of the energy of whole updates in the dominant subspace of the tokenwise parts. */
    UPDATE_PROJECTION("share of u in the subspace", Measured::updateProjection),
    /** Share of the energy of tokenwise parts in their dominant subspace. */
    TOKENWISE_PROJECTION("share of t in the subspace", Measured::tokenwiseProjection),
    /** Share of the energy of what is left over in the dominant subspace of the tokenwise parts. */
    RESIDUAL_PROJECTION("share of r in the subspace", Measured::residualProjection);

    private final String label;
    private final ToDoubleFunction<Measured> reader;

    UpdateQuantity(String label, ToDoubleFunction<Measured> reader) {
        this.label = label;
        this.reader = reader;
    }

    /** What it is called on an axis. */
    public String label() {
        return label;
    }

    /** The number. */
    public double of(Measured measured) {
        return reader.applyAsDouble(measured);
    }

    /** Why it is NaN for this map, or empty. */
    String reason(Measured measured) {
        if (!Double.isNaN(of(measured))) {
            return "";
        }
        if (!measured.reason().isEmpty()) {
            return measured.reason();
        }
        return switch (this) {
            case STATE_ALIGNMENT -> "a state has no direction";
            case UPDATE_ALIGNMENT, UPDATE_ANGLE, TOKENWISE_PROJECTION -> NO_TOKENWISE;
            case RESIDUAL_ALIGNMENT, RESIDUAL_ANGLE -> NO_RESIDUAL;
            case ENERGY_RATIO -> "no token was measured on";
            case EXPLAINED -> "the updates of all held-out tokens are the same";
            case UPDATE_PROJECTION -> NO_TOKENWISE;
            case RESIDUAL_PROJECTION -> measured.subspace() == 0 ? NO_TOKENWISE : NO_RESIDUAL;
        };
    }

    private static final String NO_TOKENWISE = "the map moves no token, so t has no direction";
    private static final String NO_RESIDUAL = "the map is exact, so r has no direction";
}
