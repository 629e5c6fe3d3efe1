package microtome.probe.concept.evaluation;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import microtome.probe.concept.linear.Samples;

/**
 * Classes by chance: one for every unit, such as a word, which keeps it wherever it stands, drawn from how frequent the real
 * classes are. A probe can get them right only by remembering units; what it gets right of the real task beyond that is its
 * selectivity.
 *
 * @see <a href="https://arxiv.org/abs/1909.03368">Hewitt and Liang 2019</a>
 */
public final class ControlTask {
    private static final int TRIES = 100;

    private ControlTask() {}

    /**
     * The same samples with classes by chance.
     *
     * @param units what gets one class together, for every sample; an empty one is alone
     * @param parts in both of which every class must be
     * @return null if no draw of a hundred has every class in both parts
     */
    public static Samples of(Samples samples, List<String> units, Split.Parts parts, long seed) {
        var random = new SplittableRandom(seed);
        for (int attempt = 0; attempt < TRIES; attempt++) {
            Samples drawn = samples.with(drawn(samples, units, random), samples.names());
            if (isWhole(drawn.at(parts.training())) && isWhole(drawn.at(parts.test()))) {
                return drawn;
            }
        }
        return null;
    }

    private static int[] drawn(Samples samples, List<String> units, SplittableRandom random) {
        Map<String, Integer> known = new HashMap<>();
        var drawn = new int[samples.size()];
        for (int place = 0; place < drawn.length; place++) {
            String unit = units.get(place);
            drawn[place] = unit.isEmpty()
                    ? samples.classes()[random.nextInt(samples.size())]
                    : known.computeIfAbsent(unit, _ -> samples.classes()[random.nextInt(samples.size())]);
        }
        return drawn;
    }

    private static boolean isWhole(Samples part) {
        for (int count : part.counts()) {
            if (count == 0) {
                return false;
            }
        }
        return true;
    }
}
