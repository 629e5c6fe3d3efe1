package microtome.cli.bench;

import java.util.LinkedHashMap;
import java.util.Map;

/**
 * One line of a table of ratios: how many times faster than a peer, beside what was promised.
 *
 * @param ours seconds of one call
 * @param theirs seconds of one call
 * @param bound the least ratio that was promised; NaN for none
 * @param share of the memory's reading speed, of which {@link #LEAST_SHARE} were promised; NaN where it is not the limit
 * @param remark for the end of the line
 */
record Ratio(Timings ours, Timings theirs, double bound, double share, String remark) {
    static final double LEAST_SHARE = 0.8;

    double value() {
        return ours.speedOver(theirs);
    }

    boolean holds() {
        return isFast() && isAsFastAsMemory();
    }

    private boolean isFast() {
        return Double.isNaN(bound) || value() >= bound;
    }

    private boolean isAsFastAsMemory() {
        return Double.isNaN(share) || share >= LEAST_SHARE;
    }

    @Override
    public String toString() {
        String promise = Double.isNaN(bound) ? "" : (isFast() ? ">= %.2f" : "MISSES %.2f").formatted(bound);
        String memory = isAsFastAsMemory() ? "" : " (MISSES %.0f %%)".formatted(100 * LEAST_SHARE);
        return "%6.2f x  %-12s ours %9.1f us  theirs %9.1f us  %s%s"
                .formatted(value(), promise, 1e6 * ours.median(), 1e6 * theirs.median(), remark, memory)
                .stripTrailing();
    }

    /** The same as a JSON tree, with every single time. */
    Map<String, Object> json() {
        var json = new LinkedHashMap<String, Object>();
        json.put("ratio", value());
        if (!Double.isNaN(bound)) {
            json.put("bound", bound);
        }
        if (!Double.isNaN(share)) {
            json.put("share_of_read_bandwidth", share);
            json.put("share_bound", LEAST_SHARE);
        }
        json.put("holds", holds());
        json.put("ours_seconds", ours.seconds());
        json.put("their_seconds", theirs.seconds());
        json.put("remark", remark);
        return json;
    }
}
