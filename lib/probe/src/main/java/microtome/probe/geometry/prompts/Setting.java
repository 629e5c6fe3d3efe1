package microtome.probe.geometry.prompts;

import java.util.List;
import microtome.display.Explanation;
import microtome.probe.data.Origin;

/**
 * What every number about the paths of many prompts carries.
 *
 * @param origin where the states come from
 * @param points which positions and layers they are, in words
 * @param control what was done to them first, in words; empty for nothing
 * @param layers what the layers are called
 */
record Setting(Origin origin, String points, String control, List<String> layers) {
    private static final String PAPER = "https://arxiv.org/abs/2606.09287";

    Setting {
        layers = List.copyOf(layers);
    }

    Explanation explanation(String name, String formula) {
        Explanation explanation = Explanation.of(name, formula).fact("points", points);
        if (!control.isEmpty()) {
            explanation = explanation.fact("control", control);
        }
        return origin.on(explanation).paper(PAPER);
    }

    /** A title with what was measured, and under which control. */
    String title(String what) {
        return control.isEmpty() ? "%s: %s".formatted(what, points) : "%s: %s".formatted(what, control);
    }
}
