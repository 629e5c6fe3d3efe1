package microtome.model.generate;

/**
 * A token by chance, computed in double on the host: logits over the temperature, then only the likeliest tokens, then the
 * smallest set of enough probability, then those of enough probability beside the likeliest; what is left is scaled to 1. Each
 * step works on what the one before left, as the warpers of the Python library {@code transformers} do, in their order.
 *
 * @param temperature what logits are divided by; above 1 flatter, below 1 sharper
 * @param topK how many of the likeliest tokens stay (those that equal the last of them too); 0 for all
 * @param topP the smallest set of likeliest tokens with at least this probability stays, at least one; 1 for all
 * @param minP tokens with less than this times the probability of the likeliest go; 0 for none
 * @param seed of the random numbers: the same seed gives the same text
 * @see <a href="https://arxiv.org/abs/1805.04833">Fan et al. 2018 (top-k)</a>
 * @see <a href="https://arxiv.org/abs/1904.09751">Holtzman et al. 2020 (top-p)</a>
 * @see <a href="https://arxiv.org/abs/2407.01082">Nguyen et al. 2024 (min-p)</a>
 */
public record Sampling(double temperature, int topK, double topP, double minP, long seed) implements Choice {
    /** From the model's own distribution, with seed 0. */
    public static final Sampling PLAIN = new Sampling(1, 0, 1, 0, 0);

    /** Checks the ranges. */
    public Sampling {
        if (!(temperature > 0) || Double.isInfinite(temperature)) {
            throw new IllegalArgumentException(
                    "temperature %s: must be above 0 and finite, usually 0.5 to 1.5; for the likeliest token every time use greedy()"
                            .formatted(temperature));
        }
        if (topK < 0) {
            throw new IllegalArgumentException(
                    "top-k %d: give how many tokens may be chosen, 1 or more, or 0 for all".formatted(topK));
        }
        if (!(topP > 0 && topP <= 1)) {
            throw new IllegalArgumentException(
                    "top-p %s: must be above 0 and at most 1, usually 0.8 to 0.95; 1 keeps all tokens".formatted(topP));
        }
        if (!(minP >= 0 && minP <= 1)) {
            throw new IllegalArgumentException(
                    "min-p %s: must be from 0 to 1, usually 0.05 to 0.1; 0 keeps all tokens".formatted(minP));
        }
    }

    /** This with another temperature. */
    public Sampling temperature(double value) {
        return new Sampling(value, topK, topP, minP, seed);
    }

    /** This with so many of the likeliest tokens. */
    public Sampling topK(int value) {
        return new Sampling(temperature, value, topP, minP, seed);
    }

    /** This with the smallest set of this probability. */
    public Sampling topP(double value) {
        return new Sampling(temperature, topK, value, minP, seed);
    }

    /** This with a least share of the likeliest token's probability. */
    public Sampling minP(double value) {
        return new Sampling(temperature, topK, topP, value, seed);
    }

    /** This with another seed. */
    public Sampling seed(long value) {
        return new Sampling(temperature, topK, topP, minP, value);
    }

    /**
     * The probabilities from which the next token is drawn, by id; 0 for tokens that were filtered out.
     *
     * @throws IllegalArgumentException when the logits hold NaN or nothing finite
     */
    public double[] probabilities(float[] logits) {
        return Distribution.of(this, logits).probabilities();
    }

    @Override
    public String formula() {
        return "one draw from softmax(logits / temperature) after top-k, top-p and min-p: the first id at which the sum"
                + " of probabilities passes a random number in [0, 1) of SplitMix64";
    }

    @Override
    public String toString() {
        return "temperature %s, top-k %s, top-p %s, min-p %s, seed %d"
                .formatted(temperature, topK == 0 ? "all" : topK, topP, minP, seed);
    }
}
