package microtome.model.corpus.fold;

import microtome.tensor.Engine;
import microtome.tensor.Tensor;

/** Counts in Java: there is nothing to multiply. */
final class HistogramFold implements Fold<Histogram> {
    private final double low;
    private final double high;
    private final int bins;
    private long[][] counts;

    HistogramFold(double low, double high, int bins) {
        Histogram.requireRange(low, high, bins);
        this.low = low;
        this.high = high;
        this.bins = bins;
    }

    @Override
    public void begin(Engine engine, int features) {
        counts = new long[features][bins + Histogram.BESIDE];
    }

    @Override
    public void accept(Tensor rows, RowPlaces places) {
        float[] values = rows.toFloats();
        for (int at = 0; at < values.length; ) {
            for (long[] feature : counts) {
                feature[place(values[at++])]++;
            }
        }
    }

    private int place(double value) {
        if (Double.isNaN(value)) {
            return bins + 2;
        }
        if (value < low) {
            return bins;
        }
        if (value > high) {
            return bins + 1;
        }
        return Math.min(bins - 1, (int) ((value - low) / (high - low) * bins));
    }

    @Override
    public Histogram result() {
        var copy = new long[counts.length][];
        for (int i = 0; i < copy.length; i++) {
            copy[i] = counts[i].clone();
        }
        return new Histogram(low, high, copy);
    }
}
