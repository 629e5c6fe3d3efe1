package microtome.probe.geometry;

import java.util.List;
import microtome.probe.data.Depths;

/** What is measured at every position on its own. */
public enum PositionQuantity {
    /** The length of every step. */
    VELOCITY("velocity", "|x[i+1] - x[i]|", 2),
    /** The angle between two steps, in radians. */
    CURVATURE("curvature", "angle between x[i+1] - x[i] and x[i+2] - x[i+1], in radians", 3),
    /** The cosine between a point and the next. */
    COSINE("layer-to-layer cosine", "x[i] . x[i+1] / (|x[i]| |x[i+1]|)", 2);

    private final String label;
    private final String formula;
    private final int points;

    PositionQuantity(String label, String formula, int points) {
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

    /** Neighbouring points that make one value. */
    int points() {
        return points;
    }

    List<String> places(List<String> labels) {
        return points == 2 ? Depths.between(labels) : Depths.around(labels);
    }

    /** The value of neighbouring points, as many as {@link #points()}. */
    double of(double[][] neighbours) {
        var path = Trajectory.of(neighbours);
        return switch (this) {
            case VELOCITY -> path.steps()[0];
            case CURVATURE -> path.angles()[0];
            case COSINE -> path.cosines()[0];
        };
    }
}
