package microtome.cli.bench;

import microtome.model.LanguageModel;
import microtome.model.config.ModelConfig;
import microtome.tensor.DType;
import microtome.tensor.Engine;
import microtome.tensor.Op;
import microtome.tensor.Tensor;

/**
 * How long the matrix products of a pass would take if nothing else had to be done and each ran like a large one. Takes
 * turns with the pass, so that both meet the machine in one state.
 *
 * @param operations multiplications and additions of all products with weights of the pass
 * @param inputs of the large product, {@code [rows, width]}
 * @param weight of the large product, packed {@code [mlpWidth, width]}
 */
record ArithmeticLimit(double operations, Tensor inputs, Tensor weight) implements Contender {
    private static final int REPEATS = 10;

    /** The limit of a pass over so many rows; its tensors belong to the open scope. */
    static ArithmeticLimit of(LanguageModel model, int rows) {
        Engine engine = model.engine();
        ModelConfig config = model.config();
        DType type = model.card().precision().type();
        Tensor inputs = engine.filled(0.5, type, rows, config.width());
        Tensor weight = engine.pack(engine.filled(0.5, DType.F32, config.mlpWidth(), config.width()), type);
        return new ArithmeticLimit(operations(config, rows), inputs, weight);
    }

    /** Attention itself is small beside them. */
    private static double operations(ModelConfig config, int rows) {
        double keys = (double) config.keyValueHeads() * config.headWidth();
        double queries = (double) config.heads() * config.headWidth();
        double perRow = config.width() * (2 * queries + 2 * keys + 3.0 * config.mlpWidth());
        return 2 * perRow * rows * config.blocks();
    }

    /** Operations per second, when the pass would take so many seconds. */
    double rate(double seconds) {
        return operations / seconds;
    }

    @Override
    public String name() {
        return "limit: nothing but the products";
    }

    @Override
    public double seconds() {
        Engine engine = inputs.engine();
        double best = Double.POSITIVE_INFINITY;
        for (int repeat = 0; repeat < REPEATS; repeat++) {
            engine.synchronize();
            long began = System.nanoTime();
            try (Tensor _ = engine.apply(new Op.MatMul(true, DType.F32), inputs, weight)) {
                engine.synchronize();
                best = Math.min(best, (System.nanoTime() - began) / 1e9);
            }
        }
        double ofOne = 2.0 * inputs.shape().elements() * weight.extent(0);
        return best * operations / ofOne;
    }
}
