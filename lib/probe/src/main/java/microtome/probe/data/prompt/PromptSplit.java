package microtome.probe.data.prompt;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * A set in two parts that share no group.
 *
 * @param train what to fit on
 * @param test what to test on
 * @param testShare about which share of every class was to be tested on
 * @param seed from which the groups were drawn
 */
public record PromptSplit(PromptSet train, PromptSet test, double testShare, long seed) {
    static PromptSplit byGroup(PromptSet set, double testShare, long seed) {
        if (!(testShare > 0 && testShare < 1)) {
            throw new IllegalArgumentException(
                    "split of '%s' with a test share of %s: need a share between 0 and 1, such as 0.3"
                            .formatted(set.name(), testShare));
        }
        List<List<Integer>> groups = List.copyOf(groups(set).values());
        if (groups.size() < 2) {
            throw new IllegalArgumentException(
                    "split of '%s': all prompts are of one group, '%s', which must stay together; give prompts of at least 2 groups"
                            .formatted(set.name(), set.prompts().getFirst().group()));
        }
        List<Integer> test = draw(set, groups, testShare, seed);
        var train = new ArrayList<Integer>();
        for (int prompt = 0; prompt < set.size(); prompt++) {
            if (!test.contains(prompt)) {
                train.add(prompt);
            }
        }
        var split = new PromptSplit(part(set, train, "train"), part(set, test, "test"), testShare, seed);
        split.requireAllClasses(set);
        return split;
    }

    private static Map<String, List<Integer>> groups(PromptSet set) {
        var groups = new LinkedHashMap<String, List<Integer>>();
        for (int prompt = 0; prompt < set.size(); prompt++) {
            String group = set.prompts().get(prompt).group();
            String key = group.isEmpty() ? "\n" + prompt : group; // no name of a group begins with a line end
            groups.computeIfAbsent(key, _ -> new ArrayList<>()).add(prompt);
        }
        return groups;
    }

    /** Takes groups, in an order drawn from the seed, as long as each brings the classes nearer to their shares. */
    private static List<Integer> draw(PromptSet set, List<List<Integer>> groups, double share, long seed) {
        var missing = new HashMap<String, Double>();
        set.prompts().forEach(prompt -> missing.merge(prompt.label(), share, Double::sum));
        int[] order = Choice.shuffled(groups.size(), seed);
        var test = new ArrayList<Integer>();
        int taken = 0;
        for (int index : order) {
            var without = new HashMap<>(missing);
            groups.get(index)
                    .forEach(prompt -> without.merge(set.prompts().get(prompt).label(), -1.0, Double::sum));
            if (taken < groups.size() - 1 && distance(without) < distance(missing)) {
                test.addAll(groups.get(index));
                missing.putAll(without);
                taken++;
            }
        }
        return taken == 0 ? groups.get(order[0]) : test;
    }

    private static double distance(Map<String, Double> missing) {
        return missing.values().stream().mapToDouble(Math::abs).sum();
    }

    private static PromptSet part(PromptSet set, List<Integer> prompts, String part) {
        int[] indices = prompts.stream().mapToInt(Integer::intValue).sorted().toArray();
        return set.at(indices).named("%s (%s)".formatted(set.name(), part));
    }

    private void requireAllClasses(PromptSet set) {
        for (String label : set.classes()) {
            boolean trained = train.classes().contains(label);
            if (trained && test.classes().contains(label)) {
                continue;
            }
            long groups = groups(set.select(label)).size();
            throw new IllegalArgumentException(
                    "split of '%s': class '%s' would have no prompt in the %s part; its prompts are of %d group%s: %s"
                            .formatted(
                                    set.name(),
                                    label,
                                    trained ? "test" : "train",
                                    groups,
                                    groups == 1 ? "" : "s",
                                    groups == 1
                                            ? "a class needs at least 2, so give it more groups or leave it out"
                                            : "take another seed or another share"));
        }
    }
}
