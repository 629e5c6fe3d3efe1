package microtome.model.generate;

import java.util.List;
import microtome.model.Site;

/**
 * What is kept of the way to a text, besides the text; nothing unless asked for.
 *
 * @param logProbabilities whether the log probability of every written token is
 * @param alternatives how many of the likeliest tokens are, with theirs, at every written token
 * @param sites which internal values are, of prompt and written tokens
 */
public record Watching(boolean logProbabilities, int alternatives, List<Site> sites) {
    /** Nothing. */
    public static final Watching NOTHING = new Watching(false, 0, List.of());

    /** Checks the number; whoever wants alternatives wants log probabilities. */
    public Watching {
        if (alternatives < 0) {
            throw new IllegalArgumentException(
                    "%d alternatives: give how many tokens to show at every step, 0 or more".formatted(alternatives));
        }
        logProbabilities |= alternatives > 0;
        sites = sites.stream().distinct().sorted().toList();
    }
}
