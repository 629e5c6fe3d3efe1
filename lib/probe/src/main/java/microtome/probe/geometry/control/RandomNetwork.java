package microtome.probe.geometry.control;

/**
 * The same architecture with weights drawn anew: every tensor from a normal distribution with its own mean and standard
 * deviation. Needs the model that computed the states.
 *
 * @param seed of the draws
 */
public record RandomNetwork(long seed) implements Control {
    @Override
    public String label() {
        return "random network, seed " + seed;
    }
}
