package microtome.probe.geometry.prompts;

import java.util.List;
import microtome.probe.data.Depths;
import microtome.probe.geometry.Trajectory;

/** What is measured along the path of every prompt. */
public enum PathMetric {
    /** The length of every step. */
    VELOCITY("velocity", "|x[i+1] - x[i]|", "length of the step"),
    /** The length of every step after each point was brought to length 1. */
    UNIT_VELOCITY("velocity on the unit sphere", "|x[i+1]/|x[i+1]| - x[i]/|x[i]||", "length of the step"),
    /** The angle between each step and the next. */
    CURVATURE("curvature", "angle between x[i+1] - x[i] and x[i+2] - x[i+1], in radians", "angle in radians"),
    /** The cosine between each point and the next. */
    COSINE("layer-to-layer cosine", "x[i] . x[i+1] / (|x[i]| |x[i+1]|)", "cosine");

    private final String label;
    private final String formula;
    private final String valueTitle;

    PathMetric(String label, String formula, String valueTitle) {
        this.label = label;
        this.formula = formula;
        this.valueTitle = valueTitle;
    }

    /** The name in titles. */
    public String label() {
        return label;
    }

    String formula() {
        return formula;
    }

    String valueTitle() {
        return valueTitle;
    }

    /** Where the values stand: steps between two layers, or turns between two steps. */
    List<String> places(List<String> layers) {
        return this == CURVATURE ? Depths.around(layers) : Depths.between(layers);
    }

    String placeTitle() {
        return this == CURVATURE ? "turn between two steps" : "step between depths";
    }

    double[] of(Trajectory path) {
        return switch (this) {
            case VELOCITY -> path.steps();
            case UNIT_VELOCITY -> path.unitSteps();
            case CURVATURE -> path.angles();
            case COSINE -> path.cosines();
        };
    }

    /** Why there is no value at all on paths of so many points, or empty. */
    String reasonAgainst(int points) {
        int needed = this == CURVATURE ? 3 : 2;
        return points >= needed
                ? ""
                : "paths of %d point%s: %s needs at least %d layers"
                        .formatted(points, points == 1 ? "" : "s", label, needed);
    }
}
