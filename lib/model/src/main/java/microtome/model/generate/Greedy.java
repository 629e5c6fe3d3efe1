package microtome.model.generate;

/** The token with the largest logit, the lowest id on a tie. */
public record Greedy() implements Choice {

    @Override
    public String formula() {
        return "argmax of the logits, the lowest id on a tie";
    }

    @Override
    public String toString() {
        return "greedy";
    }
}
