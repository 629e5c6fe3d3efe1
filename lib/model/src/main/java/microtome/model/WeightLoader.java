package microtome.model;

import java.util.ArrayList;
import microtome.model.config.AttentionRule.QueryKeyNorm;
import microtome.model.config.BlockOrder;
import microtome.model.config.ModelConfig;
import microtome.model.config.NormRule;
import microtome.model.config.Role;
import microtome.tensor.Engine;
import microtome.tensor.Shape;
import microtome.tensor.Tensor;

/** Puts the parts of a model together from the tensors of its file. */
record WeightLoader(RoleTensors tensors, LoadOptions options) {

    Engine engine() {
        return tensors.engine();
    }

    ModelConfig config() {
        return tensors.config();
    }

    Decoder decoder() {
        var blocks = new ArrayList<Decoder.Block>();
        for (int block = 0; block < config().blocks(); block++) {
            blocks.add(block(block));
        }
        Norm last = config().hasLogits() ? norm(Role.FINAL_NORM, Role.FINAL_NORM_BIAS, 0, config().width()) : null;
        return new Decoder(config(), options.precision(), blocks, last);
    }

    EmbeddingLayer embedding() {
        var rule = config().embedding();
        int width = config().width();
        return new EmbeddingLayer(
                rule,
                tensors.mapped(Role.EMBEDDING, Shape.of(config().vocabulary(), width)),
                config().isRotary()
                        ? null
                        : tensors.floats(Role.POSITION_EMBEDDING, 0, Shape.of(config().context(), width)),
                rule.tokenTypes() ? tensors.firstRow(Role.TOKEN_TYPE_EMBEDDING, width) : null,
                rule.normed() ? norm(Role.EMBEDDING_NORM, Role.EMBEDDING_NORM_BIAS, 0, width) : null);
    }

    /** The unembedding ready for products; the embedding when the head is tied. */
    Tensor unembedding() {
        Role role = config().tiedHead() ? Role.EMBEDDING : Role.HEAD;
        return tensors.matrix(role, 0, Shape.of(config().vocabulary(), config().width()));
    }

    private Decoder.Block block(int block) {
        int width = config().width();
        int queries = config().heads() * config().headWidth();
        int neurons = config().mlpWidth();
        var projection =
                linear(Role.ATTENTION_PROJECTION, Role.ATTENTION_PROJECTION_BIAS, block, Shape.of(width, queries));
        var down = linear(Role.DOWN, Role.DOWN_BIAS, block, Shape.of(width, neurons));
        BlockOrder order = config().order();
        return new Decoder.Block(
                attention(block),
                new Branch(
                        Branch.Sites.ATTENTION,
                        order,
                        block,
                        before(Role.ATTENTION_NORM, Role.ATTENTION_NORM_BIAS, block),
                        projection,
                        after(Role.ATTENTION_POST_NORM, Role.ATTENTION_POST_NORM_BIAS, block)),
                mlp(block),
                new Branch(
                        Branch.Sites.MLP,
                        order,
                        block,
                        before(Role.MLP_NORM, Role.MLP_NORM_BIAS, block),
                        down,
                        after(Role.MLP_POST_NORM, Role.MLP_POST_NORM_BIAS, block)));
    }

    private AttentionLayer attention(int block) {
        int queries = config().heads() * config().headWidth();
        int keys = config().keyValueHeads() * config().headWidth();
        boolean perHead = config().attention().queryKeyNorm() == QueryKeyNorm.PER_HEAD;
        boolean normed = config().attention().queryKeyNorm() != QueryKeyNorm.NONE;
        return new AttentionLayer(
                config(),
                block,
                linear(Role.QUERY, Role.QUERY_BIAS, block, Shape.of(queries, config().width())),
                linear(Role.KEY, Role.KEY_BIAS, block, Shape.of(keys, config().width())),
                linear(Role.VALUE, Role.VALUE_BIAS, block, Shape.of(keys, config().width())),
                normed ? gain(Role.QUERY_NORM, block, perHead ? config().headWidth() : queries) : null,
                normed ? gain(Role.KEY_NORM, block, perHead ? config().headWidth() : keys) : null);
    }

    private MlpLayer mlp(int block) {
        var wide = Shape.of(config().mlpWidth(), config().width());
        Linear gate = config().mlp().gated() ? linear(Role.GATE, Role.GATE_BIAS, block, wide) : null;
        return new MlpLayer(config(), block, gate, linear(Role.UP, Role.UP_BIAS, block, wide));
    }

    private Norm before(Role gain, Role bias, int block) {
        return config().order().normsBefore() ? norm(gain, bias, block, config().width()) : null;
    }

    private Norm after(Role gain, Role bias, int block) {
        return config().order().normsAfter() ? norm(gain, bias, block, config().width()) : null;
    }

    private Norm norm(Role gain, Role bias, int block, int width) {
        boolean layer = config().norm().kind() == NormRule.Kind.LAYER;
        return new Norm(
                config().norm(),
                whole(tensors.floats(gain, block, Shape.of(width))),
                layer ? tensors.floats(bias, block, Shape.of(width)) : null);
    }

    /** A gain as it multiplies: files of some families store it less one. */
    private Tensor whole(Tensor stored) {
        float offset = config().norm().gainOffset();
        if (offset == 0) {
            return stored;
        }
        try (stored) {
            return stored.plus(offset);
        }
    }

    /** A norm without a mean, of whatever kind the others are. */
    private Norm gain(Role role, int block, int width) {
        return norm(role, null, block, width);
    }

    private Linear linear(Role weight, Role bias, int block, Shape shape) {
        Tensor added = tensors.has(bias, block) ? tensors.floats(bias, block, Shape.of(shape.extent(0))) : null;
        return new Linear(tensors.matrix(weight, block, shape), added);
    }
}
