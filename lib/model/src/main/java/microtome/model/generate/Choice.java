package microtome.model.generate;

/** How the next token is chosen among all. */
public sealed interface Choice permits Greedy, Sampling {
    /** The rule as a formula, for people. */
    String formula();
}
