package microtome.model;

import java.util.List;
import microtome.model.token.TokenSequence;
import microtome.tensor.Tensor;

/**
 * Sequences that grow: keys and values of the positions so far are kept, so that a pass over one more token costs one token.
 *
 * <pre>{@code
 * try (var continuation = model.continuation()) {
 *     continuation.run(List.of(prompt), tap);       // positions 0 .. n-1
 *     continuation.run(List.of(nextToken), tap);    // position n, which sees all before it
 * }
 * }</pre>
 *
 * <p>What a tap puts in place of a key, a value or anything before them stays for all later positions. Nothing is recorded
 * by tapes: gradients need a pass over all positions at once. Belongs to one thread at a time.
 */
public final class Continuation implements AutoCloseable {
    private final LanguageModel model;
    private KeyValueCache cache; // null until the number of sequences is known

    Continuation(LanguageModel model) {
        this.model = model;
    }

    /** How many positions have been run. */
    public int positions() {
        return cache == null ? 0 : cache.positions();
    }

    /**
     * Runs the next tokens of every sequence, through all blocks. The tap sees the new positions; queries of
     * {@code scores} and {@code pattern} are the new positions, keys are all so far. A pass that fails leaves the
     * continuation as it was.
     *
     * @throws IllegalArgumentException for another number of sequences than before, or more positions than the context
     * @throws IllegalStateException while a tape is open on this thread
     */
    public void run(List<TokenSequence> next, Tap tap) {
        TokenBatch batch = TokenBatch.of(next, model.config(), positions());
        if (cache == null) {
            cache = model.newCache(batch.sequences());
        }
        if (cache.sequences() != batch.sequences()) {
            throw new IllegalArgumentException(
                    "this continuation has %d sequences, the next tokens are given for %d; give one per sequence"
                            .formatted(cache.sequences(), batch.sequences()));
        }
        int before = cache.positions();
        try {
            model.pass(cache).run(batch, tap);
            cache.advance(batch.positions());
        } catch (RuntimeException | Error failure) {
            cache.rewind(before);
            throw failure;
        }
    }

    /**
     * Runs the next tokens of every sequence, as {@link #run} does, and reads what comes after them.
     *
     * @return logits after the last position, F32 {@code [sequences, vocabulary]}; belongs to the caller's scope
     */
    public Tensor nextLogits(List<TokenSequence> next, Tap tap) {
        try (var scope = model.engine().openScope()) {
            Site last = Site.residual(model.config().blocks());
            var harvest = new Harvest(scope, List.of(last));
            run(next, Tap.all(List.of(tap, harvest)));
            Tensor stream = harvest.get(last); // [sequences, positions, width]
            Tensor logits = model.unembed(stream.slice(1, stream.extent(1) - 1, stream.extent(1)));
            return scope.keep(logits.reshape(logits.extent(0), logits.extent(2)));
        }
    }

    /**
     * Goes back, so that the next pass follows this many positions.
     *
     * @throws IllegalArgumentException for more positions than have been run
     */
    public void rewind(int positions) {
        if (positions < 0 || positions > positions()) {
            throw new IllegalArgumentException("rewind to %d positions: %d have been run; give 0..%d"
                    .formatted(positions, positions(), positions()));
        }
        if (cache != null) {
            cache.rewind(positions);
        }
    }

    /** Frees the kept keys and values. */
    @Override
    public void close() {
        if (cache != null) {
            cache.close();
        }
    }
}
