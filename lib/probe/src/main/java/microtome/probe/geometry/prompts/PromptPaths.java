package microtome.probe.geometry.prompts;

import java.util.function.Function;
import java.util.stream.IntStream;
import microtome.display.Progress;
import microtome.probe.data.prompt.PromptStates;
import microtome.probe.geometry.Trajectory;

/** The states of prompts, checked, as paths through the layers and as rows of a layer. */
final class PromptPaths {
    private final PromptStates states;
    private final Setting setting;
    private final Sample sample;

    private PromptPaths(PromptStates states, Setting setting) {
        this.states = states;
        this.setting = setting;
        this.sample = Sample.of(states.prompts());
    }

    /**
     * Checked states.
     *
     * @throws ArithmeticException if a number is not finite; the message names layer and prompt
     */
    static PromptPaths of(PromptStates states, String points, String control) {
        int width = states.width();
        for (int layer = 0; layer < states.states().length; layer++) {
            for (int prompt = 0; prompt < states.prompts().size(); prompt++) {
                check(states, layer, prompt, width);
            }
        }
        return new PromptPaths(states, new Setting(states.origin(), points, control, states.layers()));
    }

    Setting setting() {
        return setting;
    }

    Sample sample() {
        return sample;
    }

    PromptStates states() {
        return states;
    }

    int layers() {
        return states.layers().size();
    }

    /** A value for the path of every prompt. */
    double[][] each(Function<Trajectory, double[]> measure) {
        return IntStream.range(0, sample.size())
                .mapToObj(prompt -> {
                    Progress.stopIfInterrupted("paths of prompts");
                    return measure.apply(path(prompt));
                })
                .toArray(double[][]::new);
    }

    /** The path of a prompt. */
    Trajectory path(int prompt) {
        var points = new double[layers()][];
        for (int layer = 0; layer < points.length; layer++) {
            points[layer] = row(layer, prompt);
        }
        return new Trajectory(points, states.layers());
    }

    /** The state of a prompt at a layer. */
    double[] row(int layer, int prompt) {
        float[] state = states.states()[layer][prompt];
        var row = new double[state.length];
        for (int i = 0; i < row.length; i++) {
            row[i] = state[i];
        }
        return row;
    }

    /** The states of a layer, {@code [prompts, width]}. */
    double[][] rows(int layer) {
        return IntStream.range(0, sample.size())
                .mapToObj(prompt -> row(layer, prompt))
                .toArray(double[][]::new);
    }

    private static void check(PromptStates states, int layer, int prompt, int width) {
        float[] state = states.states()[layer][prompt];
        String where = "layer %s, prompt %d ('%s')"
                .formatted(
                        states.layers().get(layer),
                        prompt,
                        states.prompts().prompts().get(prompt).text());
        if (state.length != width || width == 0) {
            throw new IllegalArgumentException(
                    "%s: the state has %d elements, the first has %d; need one width of at least 1"
                            .formatted(where, state.length, width));
        }
        for (int i = 0; i < width; i++) {
            if (!Float.isFinite(state[i])) {
                throw new ArithmeticException(
                        "%s, element %d is %s: paths need finite numbers; run the model in F32, and check the weight file if it already does"
                                .formatted(where, i, state[i]));
            }
        }
    }
}
