package microtome.probe.concept;

import microtome.probe.concept.evaluation.Split;

/**
 * What the judgement of every layer shares.
 *
 * @param options in words
 * @param seeds how many
 * @param hasControl whether a control task was asked for
 * @param hasCode whether the online code was asked for
 * @param n prompts
 * @param testSize prompts in a test part, on average over seeds
 * @param majority accuracy of always answering with the most frequent class
 * @param unit what gets one class of the control task together: word, group or prompt
 * @param counts prompts of every class
 * @param test classes of the first seed's test part
 */
record Judging(
        String options,
        int seeds,
        boolean hasControl,
        boolean hasCode,
        int n,
        int testSize,
        double majority,
        String unit,
        int[] counts,
        int[] test) {
    Judging {
        counts = counts.clone();
        test = test.clone();
    }

    static Judging of(ConceptTask task, ConceptOptions options) {
        Split.Parts first = task.parts().getFirst();
        var counts = new int[task.names().size()];
        for (int each : task.classes()) {
            counts[each]++;
        }
        var test = new int[first.test().length];
        for (int i = 0; i < test.length; i++) {
            test[i] = task.classes()[first.test()[i]];
        }
        return new Judging(
                options.toString(),
                options.seeds().size(),
                options.control(),
                options.code(),
                task.n(),
                task.testSize(),
                task.majority(),
                task.unit(),
                counts,
                test);
    }
}
