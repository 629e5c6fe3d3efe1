package microtome.probe.geometry.control;

import java.util.SplittableRandom;
import microtome.probe.data.prompt.PromptStates;

/**
 * The layers in a random order. Names of layers stay where they are.
 *
 * @param seed of the orders
 * @param perPrompt whether every prompt has an order of its own
 */
public record LayerShuffle(long seed, boolean perPrompt) implements StatesControl {
    @Override
    public String label() {
        return "layers shuffled%s, seed %d".formatted(perPrompt ? " per prompt" : "", seed);
    }

    @Override
    public PromptStates of(PromptStates states) {
        var random = new SplittableRandom(seed);
        int layers = states.states().length;
        var shuffled = new float[layers][states.prompts().size()][];
        int[] order = Shuffling.order(layers, random);
        for (int prompt = 0; prompt < states.prompts().size(); prompt++) {
            for (int layer = 0; layer < layers; layer++) {
                shuffled[layer][prompt] = states.states()[order[layer]][prompt];
            }
            order = perPrompt ? Shuffling.order(layers, random) : order;
        }
        return new PromptStates(states.prompts(), states.layers(), shuffled, states.origin());
    }
}
