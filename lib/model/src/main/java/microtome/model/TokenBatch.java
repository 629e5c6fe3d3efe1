package microtome.model;

import java.util.Arrays;
import java.util.List;
import microtome.model.config.ModelConfig;
import microtome.model.token.TokenSequence;

/** Token ids of sequences of one length, {@code [sequences, positions]}, checked against a model. */
record TokenBatch(int[] ids, int sequences, int positions) {

    /** Checked to fit behind the positions that came before them. */
    static TokenBatch of(List<TokenSequence> sequences, ModelConfig config, int before) {
        if (sequences.isEmpty()) {
            throw new IllegalArgumentException("a pass needs at least one sequence of tokens");
        }
        int positions = sequences.getFirst().size();
        var ids = new int[Math.multiplyExact(sequences.size(), positions)];
        for (int row = 0; row < sequences.size(); row++) {
            int[] tokens = sequences.get(row).ids();
            check(tokens, positions, config, before);
            System.arraycopy(tokens, 0, ids, row * positions, positions);
        }
        return new TokenBatch(ids, sequences.size(), positions);
    }

    private static void check(int[] tokens, int positions, ModelConfig config, int before) {
        if (tokens.length == 0) {
            throw new IllegalArgumentException(
                    "the prompt has no tokens; give a text of at least one character (this model adds no token of its own)");
        }
        if (tokens.length != positions) {
            throw new IllegalArgumentException(
                    "sequences of one batch must have one length: found %d and %d tokens; run them one by one"
                            .formatted(positions, tokens.length));
        }
        requireRoom(tokens.length, before, config.context());
        Arrays.stream(tokens)
                .filter(id -> id < 0 || id >= config.vocabulary())
                .findFirst()
                .ifPresent(id -> {
                    throw new IllegalArgumentException("token id %d is out of range; this model has ids 0..%d"
                            .formatted(id, config.vocabulary() - 1));
                });
    }

    private static void requireRoom(int tokens, int before, int context) {
        if (before == 0 && tokens > context) {
            throw new IllegalArgumentException(
                    "the prompt has %d tokens, the model's context is %d; shorten it by %d tokens"
                            .formatted(tokens, context, tokens - context));
        }
        if (tokens > context - before) {
            throw new IllegalArgumentException(
                    "%d tokens after %d that were run, the model's context is %d; %d more fit, or start anew with a shorter prompt"
                            .formatted(tokens, before, context, context - before));
        }
    }
}
