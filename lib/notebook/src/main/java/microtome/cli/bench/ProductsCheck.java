package microtome.cli.bench;

import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.Collectors;
import microtome.model.Weights;
import microtome.model.format.StoredTensor;
import microtome.model.format.WeightFile;
import microtome.model.format.WeightFormats;
import microtome.model.store.ModelFiles;
import microtome.tensor.DType;
import microtome.tensor.Engine;
import microtome.tensor.Tensor;

/**
 * Every matrix of a file times one random vector, in the form that is measured and decoded to F32: the difference relative
 * to the sum of the sizes of the terms, which no order of summation changes by more than F32 rounds.
 */
final class ProductsCheck {
    static final double BOUND = 1e-6;

    private ProductsCheck() {}

    /**
     * The largest relative error of any element of any product.
     *
     * @throws WrongResult when it is above the bound
     */
    static double of(ModelFiles files, Weights weights) {
        try (var engine = Engine.open();
                WeightFile file = WeightFormats.open(files.weights())) {
            double worst = 0;
            for (StoredTensor matrix : matrices(file)) {
                worst = Math.max(worst, error(engine, matrix, weights));
            }
            if (!(worst <= BOUND)) {
                throw new WrongResult("not timed, because a product with weights %s of %s is wrong: relative error %.1e"
                        .formatted(weights.label(), files.weights().getFileName(), worst));
            }
            return worst;
        }
    }

    static List<StoredTensor> matrices(WeightFile file) {
        return file.names().stream()
                .map(file::tensor)
                .filter(tensor -> tensor.shape().rank() == 2)
                .toList();
    }

    /** The type of most matrices. */
    static DType commonType(WeightFile file) {
        Map<DType, Long> counts = matrices(file).stream()
                .collect(Collectors.groupingBy(matrix -> matrix.type().dtype(), Collectors.counting()));
        return Collections.max(counts.entrySet(), Map.Entry.comparingByValue()).getKey();
    }

    /** A matrix in the form that a model with such weights multiplies by. */
    static Tensor ready(Engine engine, StoredTensor matrix, Weights weights) {
        Tensor mapped = engine.wrap(matrix.bytes(), matrix.type());
        return switch (weights) {
            case AS_STORED -> mapped;
            case F32 -> engine.pack(mapped, DType.F32);
            case BF16 -> engine.pack(mapped, DType.BF16);
            case Q8_0, Q4_1 ->
                throw new IllegalArgumentException("products are measured with weights as stored, F32 or BF16");
        };
    }

    private static double error(Engine engine, StoredTensor matrix, Weights weights) {
        try (var _ = engine.openScope()) {
            Tensor x = randomRow(engine, matrix.shape().extent(1));
            Tensor mapped = engine.wrap(matrix.bytes(), matrix.type());
            Tensor values = (weights == Weights.BF16 ? mapped.cast(DType.BF16) : mapped).cast(DType.F32);
            float[] expected =
                    x.matmulTransposed(engine.pack(values, DType.F32)).toFloats();
            float[] sizes = x.abs().matmulTransposed(values.abs()).toFloats();
            float[] ours = x.matmulTransposed(ready(engine, matrix, weights)).toFloats();
            double worst = 0;
            for (int i = 0; i < ours.length; i++) {
                double error = Math.abs((double) ours[i] - expected[i]) / sizes[i];
                worst = Double.isNaN(error) ? Double.POSITIVE_INFINITY : Math.max(worst, error);
            }
            return worst;
        }
    }

    /** {@code [1, inputs]}, the same at every call. */
    static Tensor randomRow(Engine engine, long inputs) {
        var random = new Random(inputs);
        var values = new float[Math.toIntExact(inputs)];
        for (int i = 0; i < values.length; i++) {
            values[i] = (float) random.nextGaussian();
        }
        return engine.tensor(values, 1, inputs);
    }
}
