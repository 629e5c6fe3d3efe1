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
    private final Precision precision;
    private final Decoder decoder;
    private final Tensor embedding;
    private Tensor unembedding;
    private RotaryTables angles;

    /** Cosines and sines on the engine, {@code [positions, headWidth / 2]}. */
    record RotaryTables(int positions, Tensor cosine, Tensor sine) {}

    ModelWeights(WeightLoader loader, Decoder decoder, Precision precision) {
        this.engine = loader.engine();
        this.file = loader.file();
        this.loader = loader;
        this.config = loader.config();
        this.precision = precision;
        this.decoder = decoder;
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
        return Layers.linear(normed.cast(precision.type()), unembedding(), null, DType.F32);
    }

    private synchronized Tensor unembedding() {
        if (unembedding == null) {
            unembedding = engine.outsideScopes(() -> loader.unembedding(precision));
        }
        return unembedding;
    }

    /** The angles of the first positions; grown when a longer sequence comes. */
    synchronized RotaryTables angles(int positions) {
        if (angles == null || angles.positions() < positions) {
            int grown = Math.min(config.context(), Math.max(FIRST_ANGLES, Integer.highestOneBit(positions - 1) << 1));
            angles = engine.outsideScopes(() -> onEngine(config.rotary().angles(Math.max(grown, positions))));
        }
        return new RotaryTables(
                positions, angles.cosine().slice(0, 0, positions), angles.sine().slice(0, 0, positions));
    }

    private RotaryTables onEngine(Angles computed) {
        int pairs = config.headWidth() / 2;
        return new RotaryTables(
                computed.positions(),
                engine.tensor(computed.cosines(), computed.positions(), pairs),
                engine.tensor(computed.sines(), computed.positions(), pairs));
    }

    @Override
    public void close() {
        file.close();
    }
}
