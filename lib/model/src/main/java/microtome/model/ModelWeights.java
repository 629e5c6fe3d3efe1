package microtome.model;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import microtome.model.config.ModelConfig;
import microtome.model.config.Positions;
import microtome.model.config.RotaryEmbedding;
import microtome.model.config.RotaryEmbedding.Angles;
import microtome.tensor.DType;
import microtome.tensor.Engine;
import microtome.tensor.Layers;
import microtome.tensor.Tensor;

/**
 * The weights of one decoder on an engine. The embedding stays as the file stores it and is decoded row by row; the
 * unembedding, which may be the same tensor, is made ready when logits are first asked for.
 */
final class ModelWeights implements AutoCloseable {
    private static final int FIRST_ANGLES = 256;

    private final Engine engine;
    private final Runnable closing;
    private final WeightLoader loader;
    private final List<Site> sites;
    private final ModelConfig config;
    private final LoadOptions options;
    private final Decoder decoder;
    private final EmbeddingLayer embedding;
    private final Map<RotaryEmbedding, Turned> angles = new HashMap<>();
    private Tensor unembedding;

    /** Weights from these tensors; {@code closing} runs when they are closed. */
    ModelWeights(WeightLoader loader, Runnable closing) {
        this.engine = loader.engine();
        this.closing = closing;
        this.loader = loader;
        this.config = loader.config();
        this.options = loader.options();
        this.decoder = loader.decoder();
        this.embedding = loader.embedding();
        this.sites = Site.all(config);
    }

    Engine engine() {
        return engine;
    }

    /** Weights of the same configuration, drawn anew, on another engine. */
    ModelWeights redrawn(Engine other, long seed) {
        var tensors = loader.tensors().redrawn(other, seed);
        return new ModelWeights(new WeightLoader(tensors, options), () -> {});
    }

    /** How they were loaded. */
    LoadOptions options() {
        return options;
    }

    /** Every site of the model, in the order of computation. */
    List<Site> sites() {
        return sites;
    }

    ModelConfig config() {
        return config;
    }

    Decoder decoder() {
        return decoder;
    }

    /** The first stream of these tokens, the first of which stands at this position. */
    Tensor embed(Tensor ids, int first, Step step) {
        return embedding.apply(ids, first, step);
    }

    /** Logits of a stream after the final norm, before they are capped: F32 {@code [..., vocabulary]}. */
    Tensor unembedNormed(Tensor normed) {
        return Layers.linear(normed.cast(options.precision().type()), unembedding(), null, DType.F32);
    }

    /** Logits as the model gives them. */
    Tensor capped(Tensor logits) {
        float cap = config.logitCap();
        return cap == 0 ? logits : logits.times(1 / (double) cap).tanh().times(cap);
    }

    private synchronized Tensor unembedding() {
        if (unembedding == null) {
            boolean same = config.tiedHead() && options.weights() == Weights.AS_STORED;
            unembedding = same ? embedding.tokens() : engine.outsideScopes(loader::unembedding);
        }
        return unembedding;
    }

    /**
     * The angles of positions from this one on, of every block; none where positions are learned. Blocks that turn alike share
     * them: decoding comes here at every token.
     */
    List<RotaryTables> angles(int first, int count) {
        var shared = new HashMap<RotaryEmbedding, RotaryTables>();
        return switch (config.positions()) {
            case Positions.Learned _ -> List.of();
            case Positions.Rotary rotary ->
                rotary.byBlock().stream()
                        .map(each -> shared.computeIfAbsent(each, one -> angles(one, first, count)))
                        .toList();
        };
    }

    /** Tables of a rotation as it is for sequences of some length. */
    private record Turned(RotaryEmbedding rotary, RotaryTables tables) {
        boolean serves(RotaryEmbedding wanted, int positions) {
            return rotary.equals(wanted) && tables.positions() >= positions;
        }
    }

    /** The tables grow when a longer sequence comes, and are others where the rotation depends on the length. */
    private synchronized RotaryTables angles(RotaryEmbedding rotary, int first, int count) {
        int positions = first + count;
        RotaryEmbedding wanted = rotary.forLength(positions);
        Turned known = angles.get(rotary);
        if (known == null || !known.serves(wanted, positions)) {
            int grown = Math.min(config.context(), Math.max(FIRST_ANGLES, Integer.highestOneBit(positions - 1) << 1));
            Angles computed = wanted.angles(Math.max(grown, positions));
            known = new Turned(wanted, engine.outsideScopes(() -> onEngine(computed)));
            angles.put(rotary, known);
        }
        return known.tables().of(first, count);
    }

    private RotaryTables onEngine(Angles computed) {
        int pairs = computed.cosines().length / computed.positions();
        return new RotaryTables(
                engine.tensor(computed.cosines(), computed.positions(), pairs),
                engine.tensor(computed.sines(), computed.positions(), pairs));
    }

    @Override
    public void close() {
        closing.run();
    }
}
