package microtome.cli.bench;

import java.util.LinkedHashMap;
import java.util.Map;

/**
 * One line of a table of ratios: how many times faster than a peer, beside what was promised.
 *
 * @param ours seconds of one call
 * @param theirs seconds of one call
 * @param bound the least ratio that was promised; NaN for none
 * @param remark for the end of the line
 */
record Ratio(Timings ours, Timings theirs, double bound, String remark) {

    double value() {
        return ours.speedOver(theirs);
    }

    boolean holds() {
        return Double.isNaN(bound) || value() >= bound;
    }

    @Override
    public String toString() {
        String promise = Double.isNaN(bound) ? "" : (holds() ? ">= %.2f" : "MISSES %.2f").formatted(bound);
        return "%6.2f x  %-12s ours %9.1f us  theirs %9.1f us  %s"
                .formatted(value(), promise, 1e6 * ours.median(), 1e6 * theirs.median(), remark)
                .stripTrailing();
    }

    /** The same as a JSON tree, with every single time. */
    Map<String, Object> json() {
        var json = new LinkedHashMap<String, Object>();
        json.put("ratio", value());
        if (!Double.isNaN(bound)) {
            json.put("bound", bound);
        }
        json.put("holds", holds());
        json.put("ours_seconds", ours.seconds());
        json.put("their_seconds", theirs.seconds());
        json.put("remark", remark);
        return json;
    }
}
