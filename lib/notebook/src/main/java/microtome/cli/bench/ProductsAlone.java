package microtome.cli.bench;

import java.util.Arrays;
import java.util.List;
import microtome.model.Weights;
import microtome.model.config.ModelConfig;
import microtome.model.format.StoredTensor;
import microtome.model.format.WeightFile;
import microtome.model.format.WeightFormats;
import microtome.model.store.ModelFiles;
import microtome.tensor.Engine;
import microtome.tensor.Tensor;

/** The products of a model's steps and nothing else, each weight met once per step in the order of the file. */
record ProductsAlone(String name, Engine engine, List<Operands> products, int steps)
        implements Contender, AutoCloseable {

    /** A row of random numbers, and the weight that it is multiplied by. */
    record Operands(Tensor x, Tensor weight) {}

    /** With the weights of a file in one of their forms. */
    static ProductsAlone of(ModelFiles files, Weights weights, ModelConfig config, int steps) {
        Engine engine = Engine.open();
        try (WeightFile file = WeightFormats.open(files.weights())) {
            List<Operands> products = ProductsCheck.matrices(file).stream()
                    .filter(matrix -> config.tiedHead() || !isEmbedding(matrix))
                    .map(matrix -> new Operands(
                            ProductsCheck.randomRow(engine, matrix.shape().extent(1)),
                            ProductsCheck.ready(engine, matrix, weights)))
                    .toList();
            return new ProductsAlone("products alone, " + weights.label(), engine, products, steps);
        }
    }

    @Override
    public double seconds() {
        engine.synchronize();
        long began = System.nanoTime();
        for (int step = 0; step < steps; step++) {
            try (var _ = engine.openScope()) {
                products.forEach(each -> each.x().matmulTransposed(each.weight()));
                engine.synchronize();
            }
        }
        return (System.nanoTime() - began) / 1e9;
    }

    @Override
    public void close() {
        engine.close();
    }

    private static boolean isEmbedding(StoredTensor matrix) {
        return Arrays.asList("token_embd.weight", "model.embed_tokens.weight").contains(matrix.name());
    }
}
