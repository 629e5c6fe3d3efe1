package microtome.cli.bench;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import microtome.model.Harvest;
import microtome.model.LanguageModel;
import microtome.model.Precision;
import microtome.model.Site;
import microtome.model.format.WeightFile;
import microtome.model.format.WeightFormats;
import microtome.model.token.TokenSequence;

/**
 * How far our states are from those of {@code transformers} in F32: relative Euclidean distances of the residual at one
 * position, and the largest difference after the final norm (the peer keeps its last state only there).
 *
 * @param worst of all positions and depths
 * @param typical the median of the positions, at the depth where it is largest
 * @param finalNorm largest absolute difference
 */
record StatesCheck(double worst, double typical, double finalNorm) {

    /** Runs the model and compares; {@code states} is what the peer kept. */
    static StatesCheck of(LanguageModel model, List<TokenSequence> sequences, Path states) {
        List<Site> sites = sites(model.config().blocks());
        try (WeightFile expected = WeightFormats.open(states);
                var scope = model.engine().openScope()) {
            var harvest = new Harvest(scope, sites);
            model.run(sequences, harvest);
            double worst = 0;
            double typical = 0;
            for (Site site : sites.subList(0, sites.size() - 1)) {
                double[] errors = errors(
                        harvest.get(site).toFloats(),
                        numbers(expected, site),
                        model.config().width());
                worst = Math.max(worst, errors[errors.length - 1]);
                typical = Math.max(typical, errors[errors.length / 2]);
            }
            Site norm = sites.getLast();
            return new StatesCheck(worst, typical, difference(harvest.get(norm).toFloats(), numbers(expected, norm)));
        }
    }

    /**
     * What {@code transformers} itself shows on the passage against its own F64: in F32 7.2e-6, 6.2e-7 and 1.3e-4, of
     * which ten times are allowed; in BF16 0.119, 0.0107 and 1.45, which ours must not exceed.
     */
    static StatesCheck bounds(Precision precision) {
        return switch (precision) {
            case F32 -> new StatesCheck(7.2e-5, 6.2e-6, 1.3e-3);
            case BF16 -> new StatesCheck(0.119, 0.0107, 1.45);
        };
    }

    /**
     * Says how far the states are apart.
     *
     * @throws WrongResult when they are above their bounds: the time of a wrong result says nothing
     */
    String within(StatesCheck bounds) {
        return within("transformers in F32", bounds);
    }

    /** As {@link #within(StatesCheck)}, against a peer in the same precision, whose own error counts as much as ours. */
    String withinOfPeer(String peer, Precision precision) {
        StatesCheck bounds = bounds(precision);
        return within(
                "%s in %s".formatted(peer, precision),
                new StatesCheck(2 * bounds.worst, 2 * bounds.typical, 2 * bounds.finalNorm));
    }

    private String within(String peer, StatesCheck bounds) {
        String found =
                "against %s, relative error of a position: worst %.1e (bound %.1e), median %.1e (bound %.1e); after the final norm at most %.1e (bound %.1e)"
                        .formatted(peer, worst, bounds.worst, typical, bounds.typical, finalNorm, bounds.finalNorm);
        if (!(worst <= bounds.worst && typical <= bounds.typical && finalNorm <= bounds.finalNorm)) {
            throw new WrongResult("not timed, because the result is wrong: " + found);
        }
        return found;
    }

    private static List<Site> sites(int blocks) {
        var sites = new ArrayList<Site>();
        for (int depth = 0; depth < blocks; depth++) {
            sites.add(Site.residual(depth));
        }
        sites.add(Site.finalNorm());
        return sites;
    }

    /** The relative distance of every row, smallest first; a row with NaN is infinitely far. */
    static double[] errors(float[] ours, float[] theirs, int width) {
        var errors = new double[ours.length / width];
        for (int row = 0; row < errors.length; row++) {
            double difference = 0;
            double length = 0;
            for (int at = row * width; at < (row + 1) * width; at++) {
                difference += square((double) ours[at] - theirs[at]);
                length += square(theirs[at]);
            }
            double error = Math.sqrt(difference / length);
            errors[row] = Double.isNaN(error) ? Double.POSITIVE_INFINITY : error;
        }
        Arrays.sort(errors);
        return errors;
    }

    private static double difference(float[] ours, float[] theirs) {
        double largest = 0;
        for (int at = 0; at < ours.length; at++) {
            double error = Math.abs((double) ours[at] - theirs[at]);
            largest = Double.isNaN(error) ? Double.POSITIVE_INFINITY : Math.max(largest, error);
        }
        return largest;
    }

    private static double square(double number) {
        return number * number;
    }

    private static float[] numbers(WeightFile file, Site site) {
        MemorySegment bytes = file.tensor(site.name()).bytes();
        var numbers = new float[Math.toIntExact(bytes.byteSize() / Float.BYTES)];
        MemorySegment.copy(bytes, ValueLayout.JAVA_FLOAT_UNALIGNED, 0, numbers, 0, numbers.length);
        return numbers;
    }
}
