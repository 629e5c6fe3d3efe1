package microtome.model;

import java.util.Arrays;
import java.util.List;
import microtome.model.config.ModelConfig;
import microtome.model.token.TokenSequence;

/** Token ids of sequences of one length, {@code [sequences, positions]}, checked against a model. */
record TokenBatch(int[] ids, int sequences, int positions) {

    static TokenBatch of(List<TokenSequence> sequences, ModelConfig config) {
        if (sequences.isEmpty()) {
            throw new IllegalArgumentException("a pass needs at least one sequence of tokens");
        }
        int positions = sequences.getFirst().size();
        var ids = new int[Math.multiplyExact(sequences.size(), positions)];
        for (int row = 0; row < sequences.size(); row++) {
            int[] tokens = sequences.get(row).ids();
            check(tokens, positions, config);
            System.arraycopy(tokens, 0, ids, row * positions, positions);
        }
        return new TokenBatch(ids, sequences.size(), positions);
    }

    private static void check(int[] tokens, int positions, ModelConfig config) {
        if (tokens.length == 0) {
            throw new IllegalArgumentException(
                    "the prompt has no tokens; give a text of at least one character (this model adds no token of its own)");
        }
        if (tokens.length != positions) {
            throw new IllegalArgumentException(
                    "sequences of one batch must have one length: found %d and %d tokens; run them one by one"
                            .formatted(positions, tokens.length));
        }
        if (tokens.length > config.context()) {
            throw new IllegalArgumentException(
                    "the prompt has %d tokens, the model's context is %d; shorten it by %d tokens"
                            .formatted(tokens.length, config.context(), tokens.length - config.context()));
        }
        Arrays.stream(tokens)
                .filter(id -> id < 0 || id >= config.vocabulary())
                .findFirst()
                .ifPresent(id -> {
                    throw new IllegalArgumentException("token id %d is out of range; this model has ids 0..%d"
                            .formatted(id, config.vocabulary() - 1));
                });
    }
}
