package microtome.probe.attribution;

import microtome.model.token.TokenSequence;

/** Where the path of integrated gradients begins: what stands for the absence of the prompt. */
public sealed interface Baseline {

    /** The embedding of another prompt of as many tokens. */
    record Prompt(TokenSequence tokens) implements Baseline {}

    /** The embedding of one token, such as a filler, at every position. */
    record Token(int id) implements Baseline {}

    /** The mean over the vocabulary, at every position. */
    record MeanEmbedding() implements Baseline {}

    /**
     * Zeros. Not for models whose blocks begin with a norm: what such a model gives does not depend on the length of the
     * embedding, so that all of the change lies within the norm's epsilon of 0, where no number of steps finds it.
     */
    record ZeroEmbedding() implements Baseline {}

    /**
     * Another baseline from position 1 on; position 0 keeps its own embedding. Many models park attention on the first
     * token, whatever it is, and give it values far larger than all others: on the way to another first token the metric
     * jumps, and sums over the way do not converge.
     */
    record ExceptFirst(Baseline rest) implements Baseline {}

    /** This baseline with position 0 left as it is; see {@link ExceptFirst} for why. */
    default Baseline exceptFirst() {
        return this instanceof ExceptFirst ? this : new ExceptFirst(this);
    }

    /** The embedding of another prompt, which must have as many tokens. */
    static Baseline prompt(TokenSequence tokens) {
        return new Prompt(tokens);
    }

    /** The embedding of one token at every position. */
    static Baseline token(int id) {
        return new Token(id);
    }

    /** The mean embedding of the vocabulary at every position. */
    static Baseline mean() {
        return new MeanEmbedding();
    }

    /** Zeros; see {@link ZeroEmbedding} for why not to use them. */
    static Baseline zero() {
        return new ZeroEmbedding();
    }
}
