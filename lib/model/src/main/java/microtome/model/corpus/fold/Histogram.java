package microtome.model.corpus.fold;

import java.nio.file.Path;
import java.util.Arrays;
import microtome.tensor.Shape;

/**
 * How often the values of every feature fall into equal bins.
 *
 * @param low lower end of the first bin
 * @param high upper end of the last bin, which it includes
 * @param counts {@code [features][bins + 3]}: the bins, then values below all bins, above all bins, and NaN
 */
public record Histogram(double low, double high, long[][] counts) {
    private static final String KIND = "histogram";
    static final int BESIDE = 3;

    public Histogram {
        requireRange(low, high, counts.length == 0 ? 1 : counts[0].length - BESIDE);
    }

    static void requireRange(double low, double high, int bins) {
        if (!(low < high) || Double.isInfinite(high - low) || bins < 1) {
            throw new IllegalArgumentException(
                    "histogram from %s to %s in %d bins: need low < high, both finite, and at least one bin"
                            .formatted(low, high, bins));
        }
    }

    /** Number of features. */
    public int features() {
        return counts.length;
    }

    /** Number of bins. */
    public int bins() {
        return counts.length == 0 ? 0 : counts[0].length - BESIDE;
    }

    /** Borders of the bins, one more than bins. */
    public double[] borders() {
        var borders = new double[bins() + 1];
        for (int i = 0; i < borders.length; i++) {
            borders[i] = low + (high - low) * i / bins();
        }
        return borders;
    }

    /** Counts of the bins of one feature. */
    public long[] of(int feature) {
        return Arrays.copyOf(counts[feature], bins());
    }

    /** Values of a feature below the first bin. */
    public long below(int feature) {
        return counts[feature][bins()];
    }

    /** Values of a feature above the last bin. */
    public long above(int feature) {
        return counts[feature][bins() + 1];
    }

    /** Values of a feature that are not a number. */
    public long notNumbers(int feature) {
        return counts[feature][bins() + 2];
    }

    /** Counts of both sets of rows. */
    public Histogram and(Histogram other) {
        if (other.low != low || other.high != high || other.features() != features() || other.bins() != bins()) {
            throw new IllegalArgumentException(
                    "%s and %s do not belong together; merge results of one site and one range".formatted(this, other));
        }
        var sums = new long[features()][];
        for (int i = 0; i < sums.length; i++) {
            sums[i] = counts[i].clone();
            for (int bin = 0; bin < sums[i].length; bin++) {
                sums[i][bin] += other.counts[i][bin];
            }
        }
        return new Histogram(low, high, sums);
    }

    /** Writes a safetensors file. */
    public void save(Path file) {
        int width = bins() + BESIDE;
        var flat = new long[features() * width];
        for (int i = 0; i < features(); i++) {
            System.arraycopy(counts[i], 0, flat, i * width, width);
        }
        ResultFile.of(KIND)
                .put("range", new double[] {low, high}, Shape.of(2))
                .put("counts", flat, Shape.of(features(), width))
                .write(file);
    }

    /** Reads what {@link #save} wrote. */
    public static Histogram load(Path file) {
        try (var stored = ResultFile.open(file, KIND)) {
            double[] range = stored.doubles("range");
            long[] flat = stored.longs("counts");
            Shape shape = stored.shape("counts");
            int width = (int) shape.extent(1);
            var counts = new long[(int) shape.extent(0)][];
            for (int i = 0; i < counts.length; i++) {
                counts[i] = Arrays.copyOfRange(flat, i * width, (i + 1) * width);
            }
            return new Histogram(range[0], range[1], counts);
        }
    }

    @Override
    public String toString() {
        return "histogram of %,d features in %d bins from %s to %s".formatted(features(), bins(), low, high);
    }
}
