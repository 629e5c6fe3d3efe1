package microtome.cli.bench;

import java.util.List;
import java.util.Map;
import microtome.probe.depth.SkipEffect;

/** Compares skip effects with those of the peer, prompt by prompt. */
final class SkipCheck {
    /** Relative error. */
    static final double BOUND = 1e-3;

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
                            at(effects, prompt, skipped, later));
                }
                double output = ours.outputByTrial()[prompt][skipped];
                if (!Double.isNaN(output)) {
                    check.compare(
                            "prompt %d, block %d on the output".formatted(prompt, skipped),
                            output,
                            at(outputs, prompt, skipped));
                }
            }
        }
        return "%,d effects, at most %.1e apart (bound %.0e)".formatted(check.compared, check.largest, BOUND);
    }

    private void compare(String what, double ours, double theirs) {
        double difference = Math.abs(ours - theirs);
        if (!(difference <= BOUND)) {
            throw new WrongResult(
                    "skip: %s is %.6f here and %.6f there, more than %.0e apart".formatted(what, ours, theirs, BOUND));
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
