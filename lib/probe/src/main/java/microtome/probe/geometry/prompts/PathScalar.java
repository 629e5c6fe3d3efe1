package microtome.probe.geometry.prompts;

import microtome.probe.data.Average;
import microtome.probe.geometry.Trajectory;

/** One number for the whole path of a prompt. */
public enum PathScalar {
    /** The sum of the steps. */
    LENGTH("length", "sum of |x[i+1] - x[i]|", 2),
    /** The sum of the steps on the unit sphere. */
    UNIT_LENGTH("length on the unit sphere", "sum of |x[i+1] - x[i]| with every x[i] divided by its norm", 2),
    /** The mean step. */
    VELOCITY("mean velocity", "mean of |x[i+1] - x[i]|", 2),
    /** The mean angle between neighbouring steps, in radians. */
    CURVATURE("mean curvature", "mean angle between neighbouring steps in radians, raw points", 3),
    /** The mean cosine of neighbouring points. */
    COSINE("mean cosine", "mean of cos(x[i], x[i+1])", 2);

    private final String label;
    private final String formula;
    private final int points;

    PathScalar(String label, String formula, int points) {
        this.label = label;
        this.formula = formula;
        this.points = points;
    }

    /** The name in titles. */
    public String label() {
        return label;
    }

    String formula() {
        return formula;
    }

    double of(Trajectory path) {
        return switch (this) {
            case LENGTH -> path.length();
            case UNIT_LENGTH -> path.unitLength();
            case VELOCITY -> Average.of(path.steps()).value();
            case CURVATURE -> Average.of(path.angles()).value();
            case COSINE -> Average.of(path.cosines()).value();
        };
    }

    /** Why this is NaN on a path of so many points. */
    String reason(int size) {
        return size < points
                ? "%s needs at least %d layers; there %s %d".formatted(label, points, size == 1 ? "is" : "are", size)
                : "a state shorter than 1e-12 has no direction";
    }
}
