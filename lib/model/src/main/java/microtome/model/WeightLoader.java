package microtome.model;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.Map;
import microtome.model.config.ModelConfig;
import microtome.model.config.Role;
import microtome.model.family.Family;
import microtome.model.format.Gguf;
import microtome.model.format.StoredTensor;
import microtome.model.format.WeightFile;
import microtome.tensor.DType;
import microtome.tensor.Engine;
import microtome.tensor.Shape;
import microtome.tensor.Tensor;
import microtome.tensor.TensorType;

/** Brings the tensors of a weight file onto an engine, each checked against the configuration. */
record WeightLoader(Engine engine, WeightFile file, Family family, ModelConfig config, LoadOptions options) {

    Decoder decoder() {
        var blocks = new ArrayList<Decoder.Block>();
        for (int block = 0; block < config.blocks(); block++) {
            blocks.add(new Decoder.Block(attention(block), mlp(block)));
        }
        return new Decoder(config, options.precision(), blocks, norm(Role.FINAL_NORM, 0));
    }

    private Decoder.Attention attention(int block) {
        int queries = config.heads() * config.headWidth();
        int keys = config.keyValueHeads() * config.headWidth();
        return new Decoder.Attention(
                norm(Role.ATTENTION_NORM, block),
                rotated(Role.QUERY, block, queries),
                rotated(Role.KEY, block, keys),
                matrix(Role.VALUE, block, Shape.of(keys, config.width())),
                matrix(Role.ATTENTION_PROJECTION, block, Shape.of(config.width(), queries)));
    }

    private Decoder.Mlp mlp(int block) {
        var wide = Shape.of(config.mlpWidth(), config.width());
        return new Decoder.Mlp(
                norm(Role.MLP_NORM, block),
                matrix(Role.GATE, block, wide),
                matrix(Role.UP, block, wide),
                matrix(Role.DOWN, block, Shape.of(config.width(), config.mlpWidth())));
    }

    /** The embedding as stored, {@code [vocabulary, width]}; shares the file's memory. */
    Tensor embedding() {
        StoredTensor stored = stored(Role.EMBEDDING, 0, Shape.of(config.vocabulary(), config.width()));
        return engine.wrap(stored.bytes(), stored.type());
    }

    /** The unembedding ready for products; the embedding when the head is tied. */
    Tensor unembedding() {
        Role role = config.tiedHead() ? Role.EMBEDDING : Role.HEAD;
        return matrix(role, 0, Shape.of(config.vocabulary(), config.width()));
    }

    private Decoder.Norm norm(Role role, int block) {
        StoredTensor stored = stored(role, block, Shape.of(config.width()));
        try (Tensor mapped = engine.wrap(stored.bytes(), stored.type())) {
            Tensor gain = mapped.dtype() == DType.F32 ? mapped.plus(0) : mapped.cast(DType.F32);
            return new Decoder.Norm(gain, config.normEpsilon());
        }
    }

    private Tensor matrix(Role role, int block, Shape shape) {
        StoredTensor stored = stored(role, block, shape);
        return ready(stored.bytes(), stored.type());
    }

    /** A query or key matrix, whose rows a GGUF file of some families holds in another order. */
    private Tensor rotated(Role role, int block, int rows) {
        StoredTensor stored = stored(role, block, Shape.of(rows, config.width()));
        if (!(file instanceof Gguf) || !family.ggufPairsRotaryRows()) {
            return ready(stored.bytes(), stored.type());
        }
        MemorySegment ordered = unpaired(stored, rows);
        stored.unload();
        return ready(ordered, stored.type());
    }

    /** A matrix in the form that was asked for. Only rows that had to change places have no place in the mapped file. */
    private Tensor ready(MemorySegment bytes, TensorType type) {
        return switch (options.weights()) {
            case AS_STORED -> bytes.isMapped() ? engine.wrap(bytes, type) : engine.tensor(bytes, type);
            case F32 -> packed(bytes, type, DType.F32);
            case BF16 -> packed(bytes, type, DType.BF16);
        };
    }

    private Tensor packed(MemorySegment bytes, TensorType type, DType to) {
        try (Tensor mapped = engine.wrap(bytes, type)) {
            return engine.pack(mapped, to);
        }
    }

    /** Per head, stored row {@code 2j + half} becomes row {@code j + half * headWidth / 2}. Blocks run along rows, so whole rows move. */
    private MemorySegment unpaired(StoredTensor stored, int rows) {
        long rowBytes = stored.bytes().byteSize() / rows;
        int pairs = config.headWidth() / 2;
        var ordered = Arena.ofAuto().allocate(stored.bytes().byteSize(), 64);
        for (int row = 0; row < rows; row++) {
            int head = row / config.headWidth();
            int within = row % config.headWidth();
            long target = (long) head * config.headWidth() + within / 2 + (long) (within % 2) * pairs;
            MemorySegment.copy(stored.bytes(), row * rowBytes, ordered, target * rowBytes, rowBytes);
        }
        return ordered;
    }

    private StoredTensor stored(Role role, int block, Shape expected) {
        Map<Role, String> names = file instanceof Gguf ? family.ggufNames() : family.huggingFaceNames();
        StoredTensor stored = file.tensor(names.get(role).replace("{n}", Integer.toString(block)));
        if (!stored.shape().equals(expected)) {
            throw new IllegalArgumentException("%s: tensor %s is %s, the configuration says %s"
                    .formatted(file.path(), stored.name(), stored.shape(), expected));
        }
        return stored;
    }
}
