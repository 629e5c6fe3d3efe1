package microtome.probe.depth;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.SplittableRandom;
import java.util.TreeMap;
import microtome.model.token.TokenSequence;

/**
 * One prompt in which blocks are skipped.
 *
 * @param prompt its number among the inputs
 * @param tokens the prompt
 * @param end blocks are skipped at the positions from 1 to before this one
 * @param measured the first position whose change counts; it counts up to the last
 */
record Trial(int prompt, TokenSequence tokens, int end, int measured) {
    private static final int FIRST_CUT = 8;
    private static final int BETWEEN_CUTS = 8;
    private static final int AFTER_CUT = 4;

    int length() {
        return tokens.size();
    }

    /** Number of positions whose change counts. */
    int rows() {
        return length() - measured;
    }

    /** One trial for each prompt that has a position besides 0. Without later positions in sight, position 0 cannot change. */
    static List<Trial> everywhere(DepthInputs inputs) {
        int measured = inputs.model().config().attention().causal() ? 1 : 0;
        var trials = new ArrayList<Trial>();
        for (int prompt = 0; prompt < inputs.sequences().size(); prompt++) {
            TokenSequence tokens = inputs.sequences().get(prompt);
            if (tokens.size() > 1) {
                trials.add(new Trial(prompt, tokens, tokens.size(), measured));
            }
        }
        return trials;
    }

    /** Some trials for each of the first prompts: t of 8, 16, 24 … below length - 4, shuffled, the first few. */
    static List<Trial> future(DepthInputs inputs, SkipOptions options) {
        var random = new SplittableRandom(options.seed());
        var trials = new ArrayList<Trial>();
        int prompts = Math.min(options.futurePrompts(), inputs.sequences().size());
        for (int prompt = 0; prompt < prompts; prompt++) {
            TokenSequence tokens = inputs.sequences().get(prompt);
            var cuts = new ArrayList<Integer>();
            for (int cut = FIRST_CUT; cut < tokens.size() - AFTER_CUT; cut += BETWEEN_CUTS) {
                cuts.add(cut);
            }
            Collections.shuffle(cuts, Random.from(random));
            for (int cut : cuts.subList(0, Math.min(options.cuts(), cuts.size()))) {
                trials.add(new Trial(prompt, tokens, cut, cut));
            }
        }
        return trials;
    }

    /** Indices of sequences of one length that go through the model together, in batches of nearly one size. */
    static List<List<Integer>> batches(int[] lengths, int mostTokens) {
        var byLength = new TreeMap<Integer, List<Integer>>();
        for (int i = 0; i < lengths.length; i++) {
            byLength.computeIfAbsent(lengths[i], _ -> new ArrayList<>()).add(i);
        }
        var batches = new ArrayList<List<Integer>>();
        byLength.forEach((length, equal) -> {
            int parts = Math.ceilDiv(equal.size(), Math.max(1, mostTokens / length));
            for (int part = 0; part < parts; part++) {
                batches.add(equal.subList(part * equal.size() / parts, (part + 1) * equal.size() / parts));
            }
        });
        return batches;
    }
}
