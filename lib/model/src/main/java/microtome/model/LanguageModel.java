package microtome.model;

import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import microtome.model.config.ModelConfig;
import microtome.model.store.ModelFiles;
import microtome.model.token.TokenSequence;
import microtome.model.token.Tokenizer;
import microtome.tensor.DType;
import microtome.tensor.Engine;
import microtome.tensor.Tensor;

/**
 * A decoder on an engine: runs tokens through its blocks and shows every value on the way. Never changed by a run; an
 * intervention is a {@link Tap} given to one pass.
 */
public final class LanguageModel implements AutoCloseable {
    private final ModelFiles files; // null for weights that are of no file
    private final Engine engine;
    private final ModelWeights weights;
    private final Tokenizer tokenizer;
    private final ModelCard card;
    private final List<Integer> endOfText;

    LanguageModel(
            ModelFiles files, ModelWeights weights, Tokenizer tokenizer, ModelCard card, List<Integer> endOfText) {
        this.files = files;
        this.engine = weights.engine();
        this.weights = weights;
        this.tokenizer = tokenizer;
        this.card = card;
        this.endOfText = List.copyOf(endOfText);
    }

    /**
     * Loads a model.
     *
     * @throws IllegalArgumentException for a family, tokenizer or configuration that is not known
     * @throws microtome.model.format.BadWeightFile for a file that is broken
     */
    public static LanguageModel load(ModelFiles files, LoadOptions options) {
        return new ModelLoader(files, options).load();
    }

    /**
     * The same files once more, loaded in another way; the new model is to be closed when it is no longer needed.
     *
     * @throws IllegalStateException for a model whose weights were drawn anew
     */
    public LanguageModel loadAgain(LoadOptions options) {
        if (files == null) {
            throw new IllegalStateException(card.name()
                    + ": its weights were drawn anew and stand in no file; load the model that it was made of");
        }
        return load(files, options);
    }

    /**
     * A model of this configuration and tokenizer that has learned nothing: every tensor of the file is drawn anew from a normal
     * distribution with its own mean and standard deviation, so that the size of every layer's weights stays. On an engine of
     * its own, loaded as this one is; the same seed gives the same numbers.
     */
    public LanguageModel redrawn(long seed) {
        String backend = weights.options().backend();
        Engine other = backend.isEmpty() ? Engine.open() : Engine.open(backend);
        try {
            ModelWeights drawn = other.outsideScopes(() -> weights.redrawn(other, seed));
            return new LanguageModel(null, drawn, tokenizer, card.redrawn(seed), endOfText);
        } catch (RuntimeException failure) {
            other.close();
            throw failure;
        }
    }

    /** The dimensions. */
    public ModelConfig config() {
        return weights.config();
    }

    /** Every site of the model, in the order of computation. */
    public List<Site> sites() {
        return weights.sites();
    }

    /** The version of the library, for the provenance of results. */
    public static String libraryVersion() {
        String version = LanguageModel.class.getPackage().getImplementationVersion();
        return version == null ? "development" : version;
    }

    /** Whether the model came with a tokenizer, so that it can be given text. */
    public boolean hasTokenizer() {
        return tokenizer != null;
    }

    /** The tokenizer. */
    public Tokenizer tokenizer() {
        if (tokenizer == null) {
            throw new IllegalStateException(
                    "model %s came without a tokenizer; give ids instead of text: TokenSequence.ofIds(1, 2, 3), on the command line --tokens 1,2,3; or put its tokenizer.json beside the weights"
                            .formatted(card.name()));
        }
        return tokenizer;
    }

    /** The tokens that say that a text, or a turn of a conversation, has ended, by what the model's files state. */
    public List<Integer> endOfText() {
        return endOfText;
    }

    /** The engine that the weights are on. */
    public Engine engine() {
        return engine;
    }

    /** What this model is, where it is, and how far its numbers were checked. */
    public ModelCard card() {
        return card;
    }

    /**
     * Runs sequences of one length until the deepest site that the tap wants.
     *
     * @throws IllegalArgumentException for an empty prompt, one longer than the context, or an id out of range
     */
    public void run(List<TokenSequence> sequences, Tap tap) {
        run(sequences, tap, Recording.EVERY_VALUE);
    }

    /** As {@link #run(List, Tap)}, and says what an open tape keeps of it; without a tape it keeps nothing in any case. */
    public void run(List<TokenSequence> sequences, Tap tap, Recording recording) {
        new Pass(engine, weights, Past.NONE, recording).run(TokenBatch.of(sequences, config(), 0), tap);
    }

    /**
     * Runs the rest of a pass from the residual stream after some blocks on, until the deepest site that the tap wants.
     * Sites before {@code residual(depth)} are not offered; it itself is the given stream.
     *
     * @param depth how many blocks have run, 0 to all of them
     * @param stream F32 {@code [sequences, positions, width]}, from position 0 on; stays the caller's
     * @throws IllegalArgumentException for a depth or a shape that this model does not have
     */
    public void runFrom(int depth, Tensor stream, Tap tap) {
        Site.residual(depth).checkedFor(config());
        boolean fits =
                stream.dtype() == DType.F32 && stream.shape().rank() == 3 && stream.extent(2) == config().width();
        if (!fits || stream.extent(0) == 0 || stream.extent(1) == 0 || stream.extent(1) > config().context()) {
            throw new IllegalArgumentException(
                    "run from residual.%d: got %s, the stream of this model is F32 [sequences, positions, %d] with at most %d positions"
                            .formatted(depth, stream.type(), config().width(), config().context()));
        }
        new Pass(engine, weights, Past.NONE, Recording.EVERY_VALUE).runFrom(depth, stream, tap);
    }

    /** Sequences that will grow, token by token: attention keeps what it has read. Close it when done. */
    public Continuation continuation() {
        if (!config().attention().causal()) {
            throw new IllegalStateException(
                    "a model of family %s cannot continue a text: every token sees those after it; run whole texts"
                            .formatted(config().family()));
        }
        return new Continuation(this);
    }

    Pass pass(Past past) {
        return new Pass(engine, weights, past, Recording.EVERY_VALUE);
    }

    KeyValueCache newCache(int sequences) {
        return new KeyValueCache(engine, config(), card.precision().type(), sequences);
    }

    /** Runs one sequence and copies the values of these sites out of the engine, each without the axis of sequences. */
    public Activations activations(TokenSequence tokens, Collection<Site> sites) {
        sites.forEach(site -> site.checkedFor(config()));
        Map<Site, Values> values = new TreeMap<>();
        run(List.of(tokens), new Tap() {
            @Override
            public boolean wants(Site site) {
                return sites.contains(site);
            }

            @Override
            public Tensor at(Site site, Tensor value) {
                values.put(site, Values.of(value).withoutLeadingAxis());
                return value;
            }
        });
        return new Activations(tokens, new LinkedHashMap<>(values));
    }

    /** Final norm and unembedding of any stream {@code [..., width]}: {@code [..., vocabulary]}, as if the model ended there. */
    public Tensor unembed(Tensor stream) {
        Site.logits().checkedFor(config());
        return weights.capped(weights.unembedNormed(weights.decoder().finalNorm(stream, DType.F32)));
    }

    /** The most likely continuation of this many tokens, each chosen by the largest logit (the lowest id on a tie). */
    public int[] greedy(TokenSequence prompt, int count) {
        var chosen = new int[count];
        try (var continuation = continuation()) {
            TokenSequence next = prompt;
            for (int i = 0; i < count; i++) {
                try (var _ = engine.openScope()) {
                    Tensor logits = continuation.nextLogits(List.of(next), Tap.NONE);
                    chosen[i] = logits.topK(1).toInts()[0];
                }
                next = TokenSequence.ofIds(new int[] {chosen[i]});
            }
        }
        return chosen;
    }

    /** Frees the weights and the engine. */
    @Override
    public void close() {
        weights.close();
        engine.close();
    }
}
