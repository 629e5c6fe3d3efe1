package microtome.cli.bench;

import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import microtome.model.Weights;
import microtome.model.config.ModelConfig;
import microtome.model.format.StoredTensor;
import microtome.model.format.WeightFormats;
import microtome.model.store.ModelFiles;
import microtome.tensor.DType;
import microtome.tensor.Engine;
import microtome.tensor.Tensor;

/** What a step of decoding costs beside its products with weights. */
final class StepCost {
    private static final int SMALL_OPERATIONS = 360;
    private static final double BOUND = 2e-3;
    private static final int REPEATS = 200;
    private static final int STEPS = 16;

    private StepCost() {}

    /** Operations on one number each, so many as a step has: nearly all of their time is not the kernels'. */
    static Map<String, Object> ofSmallOperations() {
        try (var engine = Engine.open();
                var _ = engine.openScope()) {
            Tensor one = engine.filled(1, DType.F32, 1);
            var seconds = new double[REPEATS];
            for (int repeat = -REPEATS; repeat < REPEATS; repeat++) {
                engine.synchronize();
                long began = System.nanoTime();
                try (var _ = engine.openScope()) {
                    Tensor sum = one;
                    for (int i = 0; i < SMALL_OPERATIONS; i++) {
                        sum = sum.plus(one);
                    }
                    sum.toFloats();
                }
                seconds[Math.max(repeat, 0)] = (System.nanoTime() - began) / 1e9;
            }
            double median = new Timings("small operations", seconds).median();
            return Map.of(
                    "%d operations on one number each, with their kernels".formatted(SMALL_OPERATIONS),
                    "%.3f ms, %.2f us each (bound %.0f ms)"
                            .formatted(1e3 * median, 1e6 * median / SMALL_OPERATIONS, 1e3 * BOUND));
        }
    }

    /** Times the products of a step alone and says what share of whole steps they leave. */
    static Map<String, Object> besideProducts(ModelFiles files, Weights weights, ModelConfig config, double step) {
        try (var engine = Engine.open();
                var file = WeightFormats.open(files.weights());
                var _ = engine.openScope()) {
            List<Operands> products = ProductsCheck.matrices(file).stream()
                    .filter(matrix -> config.tiedHead() || !isEmbedding(matrix))
                    .map(matrix -> Operands.of(engine, matrix, weights))
                    .toList();
            var seconds = new double[STEPS];
            for (int repeat = -2; repeat < STEPS; repeat++) {
                seconds[Math.max(repeat, 0)] = seconds(engine, products);
            }
            double median = new Timings("products", seconds).median();
            var facts = new LinkedHashMap<String, Object>();
            facts.put(
                    "a step with weights " + weights.label(),
                    "%.2f ms, of which the %d products alone take %.2f ms: %.0f %% is not products"
                            .formatted(1e3 * step, products.size(), 1e3 * median, 100 * (1 - median / step)));
            return facts;
        }
    }

    private record Operands(Tensor x, Tensor weight) {
        static Operands of(Engine engine, StoredTensor matrix, Weights weights) {
            return new Operands(
                    ProductsCheck.randomRow(engine, matrix.shape().extent(1)),
                    ProductsCheck.ready(engine, matrix, weights));
        }
    }

    private static double seconds(Engine engine, List<Operands> products) {
        engine.synchronize();
        long began = System.nanoTime();
        try (var _ = engine.openScope()) {
            products.forEach(each -> each.x().matmulTransposed(each.weight()));
            engine.synchronize();
        }
        return (System.nanoTime() - began) / 1e9;
    }

    private static boolean isEmbedding(StoredTensor matrix) {
        return Arrays.asList("token_embd.weight", "model.embed_tokens.weight").contains(matrix.name());
    }
}
