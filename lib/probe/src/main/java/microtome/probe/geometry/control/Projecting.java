package microtome.probe.geometry.control;

import microtome.display.Progress;
import microtome.probe.data.Vectors;
import microtome.probe.data.prompt.PromptStates;

/** Products of all states with a few directions. */
final class Projecting {
    private Projecting() {}

    /** The states in the coordinates of these directions, {@code [directions, width]}. */
    static PromptStates of(PromptStates states, double[][] directions) {
        int prompts = states.prompts().size();
        var projected = new float[states.states().length][prompts][directions.length];
        for (int layer = 0; layer < projected.length; layer++) {
            Progress.stopIfInterrupted("projection of states");
            for (int prompt = 0; prompt < prompts; prompt++) {
                float[] state = states.states()[layer][prompt];
                for (int direction = 0; direction < directions.length; direction++) {
                    projected[layer][prompt][direction] = (float) Vectors.dot(directions[direction], state);
                }
            }
        }
        return new PromptStates(states.prompts(), states.layers(), projected, states.origin());
    }
}
