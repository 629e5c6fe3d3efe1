package microtome.probe.dimension;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import microtome.display.Progress;

/** Measures one layer. */
final class LayerMeter {
    private final DimensionOptions options;

    LayerMeter(DimensionOptions options) {
        this.options = options;
    }

    /** Of plain states, all of them at hand. */
    LayerDimension measured(String layer, double[][] rows) {
        return measured(layer, Spectrum.of(rows), Directions.of(rows), drawn(rows));
    }

    /** Of a spectrum and directions of all states, and a sample of them. */
    LayerDimension measured(String layer, Spectrum spectrum, Directions directions, double[][] sample) {
        return new LayerDimension(layer, spectrum, directions, Directions.centred(sample), neighbours(sample));
    }

    /** The sample of a layer: the same states in every layer. */
    private double[][] drawn(double[][] rows) {
        return Arrays.copyOf(shuffled(rows), Math.min(rows.length, options.sample()));
    }

    private double[][] shuffled(double[][] rows) {
        var random = new SplittableRandom(options.seed());
        double[][] shuffled = rows.clone();
        for (int last = shuffled.length - 1; last > 0; last--) {
            int other = random.nextInt(last + 1);
            double[] row = shuffled[other];
            shuffled[other] = shuffled[last];
            shuffled[last] = row;
        }
        return shuffled;
    }

    private Neighbours neighbours(double[][] sample) {
        double[][] distinct = Rows.distinct(sample);
        int most = options.neighbours().stream().mapToInt(k -> k).max().orElse(2);
        int count = Math.min(most, distinct.length - 1);
        double[][] nearest = count < 2 ? new double[0][] : NearestDistances.of(distinct, count);
        List<Double> likeliest = options.neighbours().stream()
                .map(k -> k > count ? Double.NaN : LevinaBickel.inverseOfMean(nearest, k))
                .toList();
        TwoNN whole = estimate(nearest, sample.length - distinct.length);
        var scales = new ArrayList<>(List.of(new Neighbours.Scale(distinct.length, 1, whole.fit(), Double.NaN)));
        double[][] shuffled = shuffled(distinct);
        for (int parts = 2; scales.size() < options.scales(); parts *= 2) {
            scales.add(scale(shuffled, parts));
        }
        return new Neighbours(sample.length, distinct.length, whole.fit(), whole.ml(), likeliest, scales);
    }

    private static Neighbours.Scale scale(double[][] rows, int parts) {
        int size = rows.length / parts;
        double[] fits = IntStream.range(0, size < TwoNN.LEAST ? 0 : parts)
                .mapToDouble(part -> fit(Arrays.copyOfRange(rows, part * size, (part + 1) * size)))
                .filter(fit -> !Double.isNaN(fit))
                .toArray();
        double mean = Arrays.stream(fits).average().orElse(Double.NaN);
        double squares =
                Arrays.stream(fits).map(fit -> (fit - mean) * (fit - mean)).sum();
        double deviation = fits.length < 2 ? Double.NaN : Math.sqrt(squares / (fits.length - 1));
        return new Neighbours.Scale(size, fits.length, mean, deviation);
    }

    private static double fit(double[][] part) {
        Progress.stopIfInterrupted("scale curve");
        return estimate(NearestDistances.of(part, 2), 0).fit();
    }

    /** NaN where the states tell none. */
    private static TwoNN estimate(double[][] nearest, int duplicates) {
        boolean tells = nearest.length >= TwoNN.LEAST
                && Arrays.stream(nearest).anyMatch(distances -> distances[1] > distances[0]);
        return tells ? TwoNN.of(nearest, duplicates) : new TwoNN(Double.NaN, Double.NaN, nearest.length, duplicates);
    }
}
