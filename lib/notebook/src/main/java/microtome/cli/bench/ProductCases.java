package microtome.cli.bench;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import microtome.tensor.DType;
import microtome.tensor.Engine;
import microtome.tensor.Layers;
import microtome.tensor.Tensor;

/** The matrix products of SmolLM2 135M. */
final class ProductCases {
    /** For few rows the weights take turns over this much memory, which no cache holds: reading them is the work. */
    private static final long ROTATED_BYTES = 190_000_000;

    private static final int FEW_ROWS = 8;
    private static final int CHECKED_ROWS = 16;

    private static final List<Weight> WEIGHTS =
            List.of(new Weight(576, 1536), new Weight(1536, 576), new Weight(576, 576), new Weight(576, 49152));
    private static final Map<Integer, Double> BOUNDS_F32 = Map.of(1, 2.0, 8, 2.3, 128, 1.5, 1024, 1.1);
    private static final Map<Integer, Double> BOUNDS_BF16 = Map.of(1, 1.3, 8, 1.8, 128, 1.2, 1024, 1.05);

    private ProductCases() {}

    /** A weight {@code [outputs, inputs]}. */
    record Weight(int inputs, int outputs) {
        long bytes(DType type) {
            return (type == DType.F32 ? 4L : 2L) * inputs * outputs;
        }

        /** Enough to make a rotation for few rows, otherwise one. */
        int copies(DType type, int rows) {
            return rows > FEW_ROWS ? 1 : (int) Math.max(1, Math.ceilDiv(ROTATED_BYTES, bytes(type)));
        }
    }

    static List<OperationCase> all(DType type) {
        var cases = new ArrayList<OperationCase>();
        Map<Integer, Double> bounds = type == DType.F32 ? BOUNDS_F32 : BOUNDS_BF16;
        for (int rows : List.of(1, 8, 128, 1024)) {
            WEIGHTS.forEach(weight -> cases.add(of(type, rows, weight, bounds.get(rows))));
        }
        return cases;
    }

    private static OperationCase of(DType type, int rows, Weight weight, double bound) {
        int copies = weight.copies(type, rows);
        var numbers = new LinkedHashMap<String, Integer>();
        numbers.put("rows", rows);
        numbers.put("inputs", weight.inputs);
        numbers.put("outputs", weight.outputs);
        numbers.put("copies", copies);
        String name = "%s M=%d %dx%d".formatted(type, rows, weight.inputs, weight.outputs);
        return new OperationCase(
                name, "product", type, numbers, bound, engine -> job(engine, type, rows, weight, copies));
    }

    private static OperationCase.Job job(Engine engine, DType type, int rows, Weight weight, int copies) {
        Tensor x = engine.tensor(Noise.of(1, 1, (long) rows * weight.inputs), rows, weight.inputs)
                .cast(type);
        List<Tensor> packed = new ArrayList<>();
        try (var scope = engine.openScope()) {
            float[] values = Noise.of(2, 1, (long) weight.inputs * weight.outputs);
            Tensor plain = engine.tensor(values, weight.outputs, weight.inputs);
            for (int copy = 0; copy < copies; copy++) {
                packed.add(scope.keep(engine.pack(plain, type)));
            }
        }
        int checked = Math.min(rows, CHECKED_ROWS);
        List<Integer> places = IntStream.range(0, checked)
                .map(row -> row * rows / checked)
                .boxed()
                .toList();
        return new OperationCase.Job(
                weight.inputs, places, call -> Layers.linear(x, packed.get(call % packed.size()), null, type));
    }
}
