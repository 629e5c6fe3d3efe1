package microtome.probe.concept;

import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.function.ToIntFunction;
import microtome.probe.concept.linear.Planted;
import microtome.probe.data.Origin;
import microtome.probe.data.prompt.Prompt;
import microtome.probe.data.prompt.PromptSet;
import microtome.probe.data.prompt.PromptStates;

/** States of prompts that no model computed. */
public final class PlantedStates {
    private PlantedStates() {}

    /** Prompts of these labels, none of them in a group. */
    public static PromptSet prompts(List<String> labels) {
        var prompts = new ArrayList<Prompt>();
        for (int i = 0; i < labels.size(); i++) {
            prompts.add(Prompt.of("prompt " + i, labels.get(i)));
        }
        return new PromptSet("planted", prompts, List.of());
    }

    /** Layers that are called 1, 2, … */
    public static PromptStates states(List<String> labels, float[][]... layers) {
        var names = new ArrayList<String>();
        for (int layer = 1; layer <= layers.length; layer++) {
            names.add(Integer.toString(layer));
        }
        return new PromptStates(prompts(labels), names, layers, Origin.given("planted vectors"));
    }

    /** Normal numbers. */
    public static float[][] noise(int rows, int width, long seed) {
        var random = new SplittableRandom(seed);
        var noise = new float[rows][width];
        for (float[] row : noise) {
            for (int i = 0; i < width; i++) {
                row[i] = (float) Planted.normal(random);
            }
        }
        return noise;
    }

    /** Noise of deviation 1 around one corner for each class: {@code distance} along the class's own axis. */
    public static float[][] around(int[] classes, int width, double distance, long seed) {
        float[][] rows = noise(classes.length, width, seed);
        for (int row = 0; row < rows.length; row++) {
            rows[row][classes[row]] += (float) distance;
        }
        return rows;
    }

    /** Classes 0, 1, … in turn. */
    public static int[] inTurn(int rows, int classes) {
        var all = new int[rows];
        for (int row = 0; row < rows; row++) {
            all[row] = row % classes;
        }
        return all;
    }

    /** A label for each class. */
    public static List<String> labels(int[] classes) {
        var labels = new ArrayList<String>();
        for (int each : classes) {
            labels.add("class " + each);
        }
        return labels;
    }

    /** The class of every row by a rule. */
    public static int[] classes(float[][] rows, ToIntFunction<float[]> rule) {
        var classes = new int[rows.length];
        for (int row = 0; row < rows.length; row++) {
            classes[row] = rule.applyAsInt(rows[row]);
        }
        return classes;
    }
}
