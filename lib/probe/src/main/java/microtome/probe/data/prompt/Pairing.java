package microtome.probe.data.prompt;

/**
 * Two prompts of a set that belong together.
 *
 * @param first index of one prompt
 * @param second index of the other
 * @param name what they have in common, such as the ambiguous word
 * @param isControl whether they are the comparison, for which no effect is expected
 */
public record Pairing(int first, int second, String name, boolean isControl) {}
