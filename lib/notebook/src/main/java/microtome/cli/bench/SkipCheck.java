package microtome.cli.bench;

import java.util.List;
import java.util.Map;
import microtome.probe.depth.SkipEffect;

/**
 * Compares skip effects with those of the peer, prompt by prompt. Bounds are ten times what the peer's own F32 differs from
 * its float64: 7e-5 of an effect, at its largest where block 0 is skipped and the stream loses the length that later blocks are
 * made for, and 1.6e-5 of an output.
 */
final class SkipCheck {
    private static final double BOUND = 7e-4;
    private static final double OUTPUT_BOUND = 1.6e-4;

    private double largest;
    private int compared;

    private SkipCheck() {}

    /** What was compared, in words. */
    static String of(SkipEffect.Values ours, Map<?, ?> theirs) {
        var check = new SkipCheck();
        var effects = (List<?>) theirs.get("effects");
        var outputs = (List<?>) theirs.get("outputs");
        for (int prompt = 0; prompt < effects.size(); prompt++) {
            for (int skipped = 0; skipped < ours.output().length; skipped++) {
                for (int later = skipped + 1; later < ours.output().length; later++) {
                    check.compare(
                            "prompt %d, block %d on block %d".formatted(prompt, skipped, later),
                            ours.effectByTrial()[prompt][skipped][later],
                            at(effects, prompt, skipped, later),
                            BOUND);
                }
                double output = ours.outputByTrial()[prompt][skipped];
                if (!Double.isNaN(output)) {
                    check.compare(
                            "prompt %d, block %d on the output".formatted(prompt, skipped),
                            output,
                            at(outputs, prompt, skipped),
                            OUTPUT_BOUND);
                }
            }
        }
        return "%,d effects, at most %.1e apart, as part of those above 1 (bounds %.0e and %.1e)"
                .formatted(check.compared, check.largest, BOUND, OUTPUT_BOUND);
    }

    private void compare(String what, double ours, double theirs, double bound) {
        double difference = Math.abs(ours - theirs) / Math.max(1, Math.abs(theirs));
        if (!(difference <= bound)) {
            throw new WrongResult(
                    "skip: %s is %.6f here and %.6f there, more than %.1e apart".formatted(what, ours, theirs, bound));
        }
        largest = Math.max(largest, difference);
        compared++;
    }

    private static double at(Object nested, int... places) {
        Object found = nested;
        for (int place : places) {
            found = ((List<?>) found).get(place);
        }
        return ((Number) found).doubleValue();
    }
}
