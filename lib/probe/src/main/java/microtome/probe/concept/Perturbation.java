package microtome.probe.concept;

import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import microtome.model.LoadOptions;
import microtome.model.Precision;
import microtome.model.Weights;
import microtome.probe.data.prompt.Prompt;
import microtome.probe.data.prompt.PromptSet;

/** What is changed to see whether a concept is then read later: the prompts, or the numbers of the model. */
public enum Perturbation {
    /** "aaa" or "bbb", by chance, stands directly before every prompt. */
    NOISE("noise before the prompt"),
    /** Weights and activations in products are BF16. */
    BF16("BF16"),
    /** Weights are rounded to 8 bits, blocks of 32. */
    Q8_0("weights Q8_0"),
    /** Weights are rounded to 4 bits, blocks of 32. */
    Q4_1("weights Q4_1");

    private static final List<String> PREFIXES = List.of("aaa", "bbb");

    private final String label;

    Perturbation(String label) {
        this.label = label;
    }

    /** The change in words. */
    public String label() {
        return label;
    }

    /** Whether the model has to be loaded anew. */
    boolean isOfTheModel() {
        return this != NOISE;
    }

    /** How the model is loaded. */
    LoadOptions loading() {
        return switch (this) {
            case NOISE -> LoadOptions.DEFAULT;
            case BF16 -> LoadOptions.DEFAULT.precision(Precision.BF16);
            case Q8_0 -> LoadOptions.DEFAULT.weights(Weights.Q8_0);
            case Q4_1 -> LoadOptions.DEFAULT.weights(Weights.Q4_1);
        };
    }

    /** The prompts with {@link #NOISE}; labels, groups, words and pairs stay. */
    public static PromptSet noisy(PromptSet set, long seed) {
        var random = new SplittableRandom(seed);
        var prompts = new ArrayList<Prompt>();
        for (Prompt prompt : set.prompts()) {
            String prefix = PREFIXES.get(random.nextInt(PREFIXES.size()));
            prompts.add(new Prompt(prefix + prompt.text(), prompt.label(), prompt.group(), prompt.word()));
        }
        return new PromptSet(set.name() + " with noise", prompts, set.pairs());
    }
}
