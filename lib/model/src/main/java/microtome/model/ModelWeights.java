package microtome.model;

import microtome.model.config.ModelConfig;
import microtome.model.config.RotaryEmbedding.Angles;
import microtome.model.format.WeightFile;
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
    private final WeightFile file;
    private final WeightLoader loader;
    private final ModelConfig config;
    private final LoadOptions options;
    private final Decoder decoder;
    private final Tensor embedding;
    private Tensor unembedding;
    private RotaryTables angles;

    ModelWeights(WeightLoader loader) {
        this.engine = loader.engine();
        this.file = loader.file();
        this.loader = loader;
        this.config = loader.config();
        this.options = loader.options();
        this.decoder = loader.decoder();
        this.embedding = loader.embedding();
    }

    ModelConfig config() {
        return config;
    }

    Decoder decoder() {
        return decoder;
    }

    /** Rows of the embedding, F32 {@code [..., width]}. */
    Tensor embed(Tensor ids) {
        return embedding.gather(ids).cast(DType.F32);
    }

    /** Logits of a stream after the final norm: F32 {@code [..., vocabulary]}. */
    Tensor unembedNormed(Tensor normed) {
        return Layers.linear(normed.cast(options.precision().type()), unembedding(), null, DType.F32);
    }

    private synchronized Tensor unembedding() {
        if (unembedding == null) {
            boolean same = config.tiedHead() && options.weights() == Weights.AS_STORED;
            unembedding = same ? embedding : engine.outsideScopes(loader::unembedding);
        }
        return unembedding;
    }

    /** The angles of positions from this one on; the tables grow when a longer sequence comes. */
    synchronized RotaryTables angles(int first, int count) {
        int positions = first + count;
        if (angles == null || angles.positions() < positions) {
            int grown = Math.min(config.context(), Math.max(FIRST_ANGLES, Integer.highestOneBit(positions - 1) << 1));
            angles = engine.outsideScopes(() -> onEngine(config.rotary().angles(Math.max(grown, positions))));
        }
        return angles.of(first, count);
    }

    private RotaryTables onEngine(Angles computed) {
        int pairs = config.headWidth() / 2;
        return new RotaryTables(
                engine.tensor(computed.cosines(), computed.positions(), pairs),
                engine.tensor(computed.sines(), computed.positions(), pairs));
    }

    @Override
    public void close() {
        file.close();
    }
}
