package microtome.probe.concept.evaluation;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.SplittableRandom;
import microtome.probe.concept.linear.Samples;

/** How samples are parted into those that a probe is fitted to and those that judge it. */
public enum Split {
    /** What shares a group stays together; every class is parted as nearly as groups allow. Samples without a group are alone. */
    WHOLE_GROUPS("whole groups, stratified by class"),
    /** Every class is parted in the same proportion; groups play no part. */
    STRATIFIED("stratified by class"),
    /** By chance alone. */
    RANDOM("by chance");

    private final String label;

    Split(String label) {
        this.label = label;
    }

    /**
     * Places of samples.
     *
     * @param training what a probe is fitted to
     * @param test what judges it
     */
    public record Parts(int[] training, int[] test) {
        /** Keeps copies. */
        public Parts {
            training = training.clone();
            test = test.clone();
        }
    }

    /** The rule in words. */
    public String label() {
        return label;
    }

    /**
     * Parts samples.
     *
     * @param groups of every sample, empty for none
     * @param share of the samples that is for training
     * @throws IllegalArgumentException if a class would be missing in one of the parts
     */
    public Parts parts(Samples samples, List<String> groups, double share, long seed) {
        if (!(share > 0 && share < 1)) {
            throw new IllegalArgumentException(
                    "a training part of %s; need more than 0 and less than 1".formatted(share));
        }
        List<List<Integer>> units = shuffled(units(samples, groups), new SplittableRandom(seed));
        var test = new boolean[samples.size()];
        var far = new double[samples.names().size()]; // how many of each class are still wanted for the test
        int[] counts = samples.counts();
        for (int each = 0; each < far.length; each++) {
            far[each] = (1 - share) * counts[each];
        }
        double all = (1 - share) * samples.size();
        for (List<Integer> unit : units) {
            var own = new int[far.length];
            unit.forEach(place -> own[samples.classes()[place]]++);
            boolean nearer = this == RANDOM ? isNearer(all, unit.size()) : isNearer(far, own);
            if (nearer) {
                unit.forEach(place -> test[place] = true);
                all -= unit.size();
                for (int each = 0; each < far.length; each++) {
                    far[each] -= own[each];
                }
            }
        }
        return checked(samples, groups, test);
    }

    private static boolean isNearer(double far, int size) {
        return Math.abs(far - size) < Math.abs(far);
    }

    private static boolean isNearer(double[] far, int[] own) {
        double change = 0;
        for (int each = 0; each < far.length; each++) {
            double after = far[each] - own[each];
            change += after * after - far[each] * far[each];
        }
        return change < 0;
    }

    private List<List<Integer>> units(Samples samples, List<String> groups) {
        var units = new LinkedHashMap<String, List<Integer>>();
        for (int place = 0; place < samples.size(); place++) {
            boolean isAlone = this != WHOLE_GROUPS || groups.get(place).isEmpty();
            String key = isAlone ? "sample " + place : "group " + groups.get(place);
            units.computeIfAbsent(key, _ -> new ArrayList<>()).add(place);
        }
        return new ArrayList<>(units.values());
    }

    /** The same list with its elements in an order by chance. */
    public static <T> List<T> shuffled(List<T> all, SplittableRandom random) {
        for (int i = all.size() - 1; i > 0; i--) {
            int other = random.nextInt(i + 1);
            T moved = all.get(i);
            all.set(i, all.get(other));
            all.set(other, moved);
        }
        return all;
    }

    private Parts checked(Samples samples, List<String> groups, boolean[] test) {
        var training = new ArrayList<Integer>();
        var judging = new ArrayList<Integer>();
        for (int place = 0; place < test.length; place++) {
            (test[place] ? judging : training).add(place);
        }
        var parts = new Parts(
                training.stream().mapToInt(Integer::intValue).toArray(),
                judging.stream().mapToInt(Integer::intValue).toArray());
        require("training", parts.training, samples, groups);
        require("test", parts.test, samples, groups);
        return parts;
    }

    private void require(String part, int[] places, Samples samples, List<String> groups) {
        var counts = new int[samples.names().size()];
        for (int place : places) {
            counts[samples.classes()[place]]++;
        }
        for (int each = 0; each < counts.length; each++) {
            if (counts[each] == 0) {
                int which = each;
                long units = units(samples, groups).stream()
                        .filter(unit -> unit.stream().anyMatch(place -> samples.classes()[place] == which))
                        .count();
                throw new IllegalArgumentException(
                        "split %s: the %s part has no sample of the class '%s', of which there are %d in %d unit%s that stay together; give more of it, or another split or seed"
                                .formatted(
                                        label,
                                        part,
                                        samples.names().get(each),
                                        samples.counts()[each],
                                        units,
                                        units == 1 ? "" : "s"));
            }
        }
    }
}
