package microtome.probe.update;

/**
 * How well one map describes what one block does to held-out tokens; NaN where a number does not exist.
 *
 * @param kind the class of the map
 * @param stateAlignment mean cosine of the state behind the block and the map of the state before it, {@code cos(y, T(x))}
 * @param updateAlignment mean cosine of the whole update and its tokenwise part, {@code cos(u, t)}
 * @param residualAlignment mean cosine of the whole update and what the map leaves over, {@code cos(u, r)}
 * @param energyRatio mean of {@code |r| / |u|}
 * @param explained {@code 1 - sum |r|^2 / sum |u - mean u|^2}
 * @param subspace dimensions of the dominant subspace of the tokenwise parts
 * @param updateProjection share of the energy of {@code u} in it, mean over tokens
 * @param tokenwiseProjection the same of {@code t}
 * @param residualProjection the same of {@code r}
 * @param tokens tokens that were measured on
 * @param withoutTokenwise those of them whose {@code t} has no direction, which its means leave out
 * @param withoutResidual those of them whose {@code r} has no direction, which its means leave out
 * @param reason why there is no map, or empty
 */
public record Measured(
        UpdateClass kind,
        double stateAlignment,
        double updateAlignment,
        double residualAlignment,
        double energyRatio,
        double explained,
        int subspace,
        double updateProjection,
        double tokenwiseProjection,
        double residualProjection,
        int tokens,
        int withoutTokenwise,
        int withoutResidual,
        String reason) {

    /** A class without a map. */
    static Measured missing(UpdateClass kind, String reason) {
        double none = Double.NaN;
        return new Measured(kind, none, none, none, none, none, 0, none, none, none, 0, 0, 0, reason);
    }

    /** The angle whose cosine is the update alignment, in degrees. */
    public double updateAngle() {
        return Math.toDegrees(Math.acos(updateAlignment));
    }

    /** The angle whose cosine is the residual alignment, in degrees. */
    public double residualAngle() {
        return Math.toDegrees(Math.acos(residualAlignment));
    }
}
