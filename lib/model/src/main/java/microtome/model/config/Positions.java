package microtome.model.config;

import java.util.Collections;
import java.util.List;

/** How a model knows where a token stands. */
public sealed interface Positions {

    /** A learned vector per position is added to the embedding. */
    record Learned() implements Positions {}

    /**
     * Queries and keys are rotated.
     *
     * @param byBlock the rotation of each block
     */
    record Rotary(List<RotaryEmbedding> byBlock) implements Positions {
        public Rotary {
            byBlock = List.copyOf(byBlock);
        }
    }

    /** One rotation for all blocks. */
    static Positions rotary(RotaryEmbedding rotation, int blocks) {
        return new Rotary(Collections.nCopies(blocks, rotation));
    }
}
