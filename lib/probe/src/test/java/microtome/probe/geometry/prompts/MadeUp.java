package microtome.probe.geometry.prompts;

import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import microtome.probe.data.Origin;
import microtome.probe.data.prompt.Pairing;
import microtome.probe.data.prompt.Prompt;
import microtome.probe.data.prompt.PromptSet;
import microtome.probe.data.prompt.PromptStates;

/** States that no model made. */
final class MadeUp {
    private MadeUp() {}

    /** Makes the number of a layer, prompt and dimension. */
    @FunctionalInterface
    interface Numbers {
        double at(int layer, int prompt, int dimension);
    }

    /** States of prompts with these labels. */
    static PromptStates states(int layers, int width, Numbers numbers, String... labels) {
        return states(layers, width, numbers, List.of(), labels);
    }

    /** States of prompts with these labels, some of which belong together. */
    static PromptStates states(int layers, int width, Numbers numbers, List<Pairing> pairs, String... labels) {
        var states = new float[layers][labels.length][width];
        for (int layer = 0; layer < layers; layer++) {
            for (int prompt = 0; prompt < labels.length; prompt++) {
                for (int dimension = 0; dimension < width; dimension++) {
                    states[layer][prompt][dimension] = (float) numbers.at(layer, prompt, dimension);
                }
            }
        }
        return new PromptStates(set(pairs, labels), names(layers), states, Origin.given("made-up numbers"));
    }

    /** Prompts with these labels. */
    static PromptSet set(List<Pairing> pairs, String... labels) {
        var prompts = new ArrayList<Prompt>();
        for (int i = 0; i < labels.length; i++) {
            prompts.add(Prompt.of("prompt " + i, labels[i]));
        }
        return new PromptSet("made up", prompts, pairs);
    }

    /** Independent standard normal numbers, the same for the same seed. */
    static Numbers normal(long seed) {
        return (layer, prompt, dimension) -> new SplittableRandom(
                        seed * 31 + ((layer * 1000L + prompt) * 100_000 + dimension) * 7919)
                .nextGaussian();
    }

    /** So many times each of these labels, one block after another. */
    static String[] labels(int each, String... classes) {
        return IntStream.range(0, each * classes.length)
                .mapToObj(i -> classes[i / each])
                .toArray(String[]::new);
    }

    /** These states with every number changed. */
    static PromptStates changed(PromptStates states, Numbers numbers) {
        String[] labels = states.prompts().labels().toArray(String[]::new);
        return states(
                states.states().length,
                states.width(),
                numbers,
                states.prompts().pairs(),
                labels);
    }

    private static List<String> names(int layers) {
        return IntStream.range(0, layers)
                .mapToObj(layer -> layer == 0 ? "emb" : Integer.toString(layer))
                .toList();
    }
}
