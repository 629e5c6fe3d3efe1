package microtome.probe.data.prompt;

import java.util.List;
import microtome.probe.data.Origin;

/**
 * One vector per prompt and layer.
 *
 * @param prompts whose states these are
 * @param layers what the layers are called, such as {@code emb, 1, 2}
 * @param states {@code [layers][prompts][width]}
 * @param origin model, prompts, and what to be wary of
 */
public record PromptStates(PromptSet prompts, List<String> layers, float[][][] states, Origin origin) {
    /** Checks that there is a matrix for each layer with a row for each prompt. */
    public PromptStates {
        layers = List.copyOf(layers);
        if (states.length != layers.size() || states.length == 0) {
            throw new IllegalArgumentException(
                    "states of %d layers with %d names; need a name each, and at least one layer"
                            .formatted(states.length, layers.size()));
        }
        for (int layer = 0; layer < states.length; layer++) {
            if (states[layer].length != prompts.size()) {
                throw new IllegalArgumentException("layer %s has %d states for %d prompts"
                        .formatted(layers.get(layer), states[layer].length, prompts.size()));
            }
        }
    }

    /** Elements of a state. */
    public int width() {
        return states[0][0].length;
    }
}
