package microtome.cli.bench;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import microtome.model.Harvest;
import microtome.model.LanguageModel;
import microtome.model.Precision;
import microtome.model.Site;
import microtome.model.format.WeightFile;
import microtome.model.format.WeightFormats;
import microtome.model.token.TokenSequence;

/**
 * Compares our states with those of the peer in F32. The peer keeps its last state only after the final norm, so that one
 * is compared there.
 */
final class StatesCheck {
    /** Ten times the float noise that two F32 implementations of this model show. */
    private static final double F32_BOUND = 1e-5;

    /** What BF16 itself costs; PyTorch's shows 0.01. */
    private static final double BF16_BOUND = 0.02;

    /** Absolute; ten times the float noise that two F32 implementations of this model show after the final norm. */
    private static final double FINAL_NORM_BOUND = 2e-4;

    private StatesCheck() {}

    /**
     * The largest errors.
     *
     * @throws WrongResult when one is above its bound: a benchmark of a wrong result says nothing
     */
    static Map<String, Object> of(LanguageModel model, List<TokenSequence> sequences, Path states) {
        try (WeightFile expected = WeightFormats.open(states);
                var scope = model.engine().openScope()) {
            int blocks = model.config().blocks();
            var sites = new ArrayList<Site>();
            for (int depth = 0; depth < blocks; depth++) {
                sites.add(Site.residual(depth));
            }
            sites.add(Site.finalNorm());
            var harvest = new Harvest(scope, sites);
            model.run(sequences, harvest);
            double residual = 0;
            for (Site site : sites.subList(0, blocks)) {
                residual = Math.max(
                        residual,
                        relative(
                                harvest.get(site).toFloats(),
                                numbers(expected, site),
                                model.config().width()));
            }
            float[] ours = harvest.get(Site.finalNorm()).toFloats();
            return judged(model.card().precision(), residual, ours, numbers(expected, Site.finalNorm()));
        }
    }

    private static Map<String, Object> judged(Precision precision, double residual, float[] ours, float[] theirs) {
        double bound = precision == Precision.F32 ? F32_BOUND : BF16_BOUND;
        double norm = absolute(ours, theirs);
        boolean holds = residual <= bound && (precision != Precision.F32 || norm <= FINAL_NORM_BOUND);
        var facts = new LinkedHashMap<String, Object>();
        facts.put(
                "checked",
                "largest relative error of a position's residual %.2e (bound %.0e), largest difference after the final norm %.2e%s against transformers in F32"
                        .formatted(
                                residual,
                                bound,
                                norm,
                                precision == Precision.F32 ? " (bound %.0e)".formatted(FINAL_NORM_BOUND) : ""));
        if (!holds) {
            throw new WrongResult("not timed, because the result is wrong: " + facts.get("checked"));
        }
        return facts;
    }

    /** The largest relative Euclidean distance of a row; NaN anywhere gives infinity. */
    static double relative(float[] ours, float[] theirs, int width) {
        double largest = 0;
        for (int row = 0; row < ours.length; row += width) {
            double difference = 0;
            double length = 0;
            for (int at = row; at < row + width; at++) {
                difference += ((double) ours[at] - theirs[at]) * ((double) ours[at] - theirs[at]);
                length += (double) theirs[at] * theirs[at];
            }
            double error = Math.sqrt(difference / length);
            largest = Double.isNaN(error) ? Double.POSITIVE_INFINITY : Math.max(largest, error);
        }
        return largest;
    }

    private static double absolute(float[] ours, float[] theirs) {
        double largest = 0;
        for (int at = 0; at < ours.length; at++) {
            double error = Math.abs((double) ours[at] - theirs[at]);
            largest = Double.isNaN(error) ? Double.POSITIVE_INFINITY : Math.max(largest, error);
        }
        return largest;
    }

    private static float[] numbers(WeightFile file, Site site) {
        MemorySegment bytes = file.tensor(site.name()).bytes();
        var numbers = new float[Math.toIntExact(bytes.byteSize() / Float.BYTES)];
        MemorySegment.copy(bytes, ValueLayout.JAVA_FLOAT_UNALIGNED, 0, numbers, 0, numbers.length);
        return numbers;
    }
}
