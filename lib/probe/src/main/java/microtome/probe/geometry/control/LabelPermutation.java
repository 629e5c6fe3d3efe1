package microtome.probe.geometry.control;

import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import microtome.probe.data.prompt.Prompt;
import microtome.probe.data.prompt.PromptSet;
import microtome.probe.data.prompt.PromptStates;

/**
 * The labels dealt to the prompts by chance.
 *
 * @param seed of the dealing
 */
public record LabelPermutation(long seed) implements StatesControl {
    @Override
    public String label() {
        return "permuted labels, seed " + seed;
    }

    @Override
    public PromptStates of(PromptStates states) {
        PromptSet set = states.prompts();
        int[] order = Shuffling.order(set.size(), new SplittableRandom(seed));
        List<Prompt> dealt = IntStream.range(0, set.size())
                .mapToObj(index -> {
                    Prompt prompt = set.prompts().get(index);
                    String label = set.prompts().get(order[index]).label();
                    return new Prompt(prompt.text(), label, prompt.group(), prompt.word());
                })
                .toList();
        return new PromptStates(
                new PromptSet(set.name(), dealt, set.pairs(), set.source()),
                states.layers(),
                states.states(),
                states.origin());
    }
}
