package microtome.cli.bench;

import java.util.LinkedHashMap;
import java.util.Map;
import microtome.model.LanguageModel;
import microtome.model.config.ModelConfig;
import microtome.tensor.DType;
import microtome.tensor.Engine;
import microtome.tensor.Op;
import microtome.tensor.Tensor;

/** How long the matrix products of a pass would take if nothing else had to be done and each ran like a large one. */
final class ArithmeticLimit {
    private static final int REPEATS = 10;

    private ArithmeticLimit() {}

    /** The speed of one product on this machine now, and what it would make of the whole pass. */
    static Map<String, Object> of(LanguageModel model, int rows, Timings ours) {
        double rate = operationsPerSecond(
                model.engine(), model.config(), model.card().precision().type(), rows);
        double seconds = operations(model.config(), rows) / rate;
        var facts = new LinkedHashMap<String, Object>();
        facts.put("one large matrix product", "%.0f GFLOP/s".formatted(rate / 1e9));
        facts.put(
                "limit of arithmetic",
                "%.3f s; this run reached %.0f %% of it".formatted(seconds, 100 * seconds / ours.median()));
        return facts;
    }

    /** Multiplications and additions of all products with weights; attention itself is small beside them. */
    private static double operations(ModelConfig config, int rows) {
        double keys = (double) config.keyValueHeads() * config.headWidth();
        double queries = (double) config.heads() * config.headWidth();
        double perRow = config.width() * (2 * queries + 2 * keys + 3.0 * config.mlpWidth());
        return 2 * perRow * rows * config.blocks();
    }

    private static double operationsPerSecond(Engine engine, ModelConfig config, DType type, int rows) {
        try (var _ = engine.openScope()) {
            Tensor inputs = engine.filled(0.5, type, rows, config.width());
            Tensor weight = engine.pack(engine.filled(0.5, DType.F32, config.mlpWidth(), config.width()), type);
            double best = Double.POSITIVE_INFINITY;
            for (int repeat = 0; repeat < REPEATS; repeat++) {
                engine.synchronize();
                long began = System.nanoTime();
                try (Tensor _ = engine.apply(new Op.MatMul(true, DType.F32), inputs, weight)) {
                    engine.synchronize();
                    best = Math.min(best, (System.nanoTime() - began) / 1e9);
                }
            }
            return 2.0 * rows * config.width() * config.mlpWidth() / best;
        }
    }
}
