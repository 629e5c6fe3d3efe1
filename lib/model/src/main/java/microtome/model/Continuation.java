package microtome.model;

import java.util.Arrays;
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
    private static final List<Site> AFTER_BLOCKS = Arrays.stream(Site.Kind.values())
            .filter(kind -> kind.compareTo(Site.Kind.FINAL_NORM_SCALE) >= 0)
            .map(kind -> new Site(kind, 0))
            .toList();

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
     * Runs the next tokens of every sequence, as {@link #run} does, and reads what comes after them. What the tap puts in place
     * of the final norm or the logits counts too.
     *
     * @return logits after the last position, F32 {@code [sequences, vocabulary]}; belongs to the caller's scope
     */
    public Tensor nextLogits(List<TokenSequence> next, Tap tap) {
        try (var scope = model.engine().openScope()) {
            boolean listens = AFTER_BLOCKS.stream().anyMatch(tap::wants);
            Site read = listens ? Site.logits() : Site.residual(model.config().blocks());
            var harvest = new Harvest(scope, List.of(read));
            run(next, Tap.all(List.of(tap, harvest)));
            Tensor all = harvest.get(read); // [sequences, positions, width or vocabulary]
            Tensor last = all.slice(1, all.extent(1) - 1, all.extent(1));
            Tensor logits = listens ? last : model.unembed(last);
            return scope.keep(logits.reshape(logits.extent(0), logits.extent(2)));
        }
    }

    /**
     * Sequences that were run apart, side by side from here on, in this order; a part that is named twice goes on twice.
     * What was read so far stays as it is to the bit. The parts are closed.
     *
     * @throws IllegalArgumentException unless all are of one model and have run equally many positions, at least one
     */
    public static Continuation together(List<Continuation> parts) {
        var joined = new Continuation(parts.getFirst().model);
        int positions = parts.getFirst().positions();
        for (Continuation part : parts) {
            if (part.model != joined.model || part.positions() != positions || positions == 0) {
                throw new IllegalArgumentException(
                        "continuations that go on together must be of one model and equally long, found %d and %d positions; group them by length"
                                .formatted(positions, part.positions()));
            }
        }
        joined.cache = joined.model.newCache(
                parts.stream().mapToInt(part -> part.cache.sequences()).sum());
        joined.cache.take(parts.stream().map(part -> part.cache).toList());
        parts.forEach(Continuation::close);
        return joined;
    }

    /**
     * Goes on with these sequences only, counted from 0 as they are now; the others are forgotten.
     *
     * @throws IllegalArgumentException for a sequence that does not exist, or none
     */
    public void keep(int... sequences) {
        int count = cache == null ? 0 : cache.sequences();
        if (sequences.length == 0 || Arrays.stream(sequences).anyMatch(row -> row < 0 || row >= count)) {
            throw new IllegalArgumentException(
                    "keep %s: this continuation has %d sequences, counted from 0; name at least one"
                            .formatted(Arrays.toString(sequences), count));
        }
        KeyValueCache kept = model.newCache(sequences.length);
        kept.take(cache, sequences);
        cache.close();
        cache = kept;
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
