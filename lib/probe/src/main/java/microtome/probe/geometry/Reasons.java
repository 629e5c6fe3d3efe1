package microtome.probe.geometry;

import microtome.display.Cell;

/** Why a number of a path is NaN. */
final class Reasons {
    static final String ONE_POINT = "a single point makes no step";
    static final String TWO_POINTS = "a path of fewer than three points makes no turn";
    static final String NO_DIRECTION = "a vector shorter than 1e-12 has no direction";

    private Reasons() {}

    static Cell cell(double value, String reason) {
        return Double.isNaN(value) ? Cell.missing(reason) : Cell.of(value);
    }

    static String ofUnitLength(Trajectory path) {
        return path.size() < 2 ? ONE_POINT : NO_DIRECTION;
    }

    static String ofAngles(Trajectory path) {
        return path.size() < 3 ? TWO_POINTS : NO_DIRECTION;
    }
}
