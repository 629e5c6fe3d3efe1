package microtome.probe.depth;

import java.util.Arrays;

/** How the effects in several prompts become one number. */
public enum Aggregation {
    /** The largest, as the paper has it; it grows with the number of prompts. */
    MAX("maximum"),
    /** The mean. */
    MEAN("mean"),
    /** The 90th percentile, interpolated between neighbours. */
    P90("90th percentile");

    private final String label;

    Aggregation(String label) {
        this.label = label;
    }

    /** The rule in words. */
    public String label() {
        return label;
    }

    /** One number for all that are not NaN; NaN if there is none. */
    public double of(double... numbers) {
        double[] sorted = Arrays.stream(numbers)
                .filter(number -> !Double.isNaN(number))
                .sorted()
                .toArray();
        if (sorted.length == 0) {
            return Double.NaN;
        }
        return switch (this) {
            case MAX -> sorted[sorted.length - 1];
            case MEAN -> Arrays.stream(sorted).average().orElseThrow();
            case P90 -> percentile(sorted, 0.9);
        };
    }

    private static double percentile(double[] sorted, double part) {
        double place = part * (sorted.length - 1);
        int below = (int) place;
        int above = Math.min(below + 1, sorted.length - 1);
        return sorted[below] + (place - below) * (sorted[above] - sorted[below]);
    }
}
