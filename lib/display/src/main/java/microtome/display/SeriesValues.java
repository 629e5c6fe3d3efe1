package microtome.display;

import java.util.List;
import java.util.stream.DoubleStream;

/** Ranges and summaries of several series of numbers. */
final class SeriesValues {
    private SeriesValues() {}

    /** The finite values' range and the number of others, for example {@code 0.12..8.5, 1 NaN}. */
    static String summary(List<double[]> series) {
        var missing = all(series).filter(Double::isNaN).count();
        var infinite = all(series).filter(Double::isInfinite).count();
        var finite = all(series).filter(Double::isFinite).summaryStatistics();
        var range = finite.getCount() == 0
                ? "no finite value"
                : Significant.text(finite.getMin(), 3) + ".." + Significant.text(finite.getMax(), 3);
        return range
                + (missing > 0 ? ", %d NaN".formatted(missing) : "")
                + (infinite > 0 ? ", %d infinite".formatted(infinite) : "");
    }

    /** A range with a little air above and below. */
    static Range airyRange(List<double[]> series) {
        var range = Range.of(series);
        var air = range.high() * 0.05 - range.low() * 0.05;
        return new Range(
                Math.max(range.low() - air, -Double.MAX_VALUE), Math.min(range.high() + air, Double.MAX_VALUE));
    }

    /** A range of the positive values with a little air, 1..10 when there are none. */
    static Range logarithmicRange(List<double[]> series) {
        var positive =
                all(series).filter(value -> value > 0 && Double.isFinite(value)).summaryStatistics();
        if (positive.getCount() == 0) {
            return new Range(1, 10);
        }
        var low = Math.log10(positive.getMin());
        var high = Math.log10(positive.getMax());
        var air = Math.max((high - low) * 0.05, 0.1);
        return new Range(
                Math.max(Math.pow(10, low - air), Double.MIN_NORMAL),
                Math.min(Math.pow(10, high + air), Double.MAX_VALUE));
    }

    /** A range that reaches from zero over all values, with air at its free ends. */
    static Range rangeFromZero(List<double[]> series) {
        var finite = all(series).filter(Double::isFinite).summaryStatistics();
        var low = finite.getCount() == 0 ? 0 : Math.min(0, finite.getMin());
        var high = finite.getCount() == 0 ? 0 : Math.max(0, finite.getMax());
        if (low == high) {
            return new Range(0, 1);
        }
        var air = high * 0.08 - low * 0.08;
        return new Range(
                low < 0 ? Math.max(low - air, -Double.MAX_VALUE) : 0,
                high > 0 ? Math.min(high + air, Double.MAX_VALUE) : 0);
    }

    private static DoubleStream all(List<double[]> series) {
        return series.stream().flatMapToDouble(DoubleStream::of);
    }
}
