package microtome.tensor;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.function.Function;

/** Gradients in double precision, from a tape and from differences of the function itself. */
final class Differences {
    /** Differences of fourth order: their own error is about step⁴ and 1e-16 / step. */
    private static final double STEP = 1e-3;

    private Differences() {}

    /** A function of tensors of any number of inputs. */
    interface Of extends Function<List<Tensor>, Tensor> {}

    static Tensor normal(Engine engine, Random random, long... extents) {
        return engine.tensor(
                random.doubles(Shape.of(extents).elements(), -1.5, 1.5).toArray(), extents);
    }

    /** Of {@code <function(inputs), upstream>}, for every floating input. */
    static List<double[]> byTape(Of function, List<Tensor> inputs, Tensor upstream) {
        var engine = upstream.engine();
        try (var _ = engine.openScope();
                var tape = engine.record()) {
            var output = function.apply(inputs);
            var floating =
                    inputs.stream().filter(input -> input.dtype().isFloating()).toList();
            return tape.gradients(List.of(output), List.of(upstream), floating).stream()
                    .map(Tensor::toDoubles)
                    .toList();
        }
    }

    static List<double[]> byDifferences(Of function, List<Tensor> inputs, Tensor upstream) {
        var weights = upstream.toDoubles();
        var gradients = new ArrayList<double[]>();
        for (int input = 0; input < inputs.size(); input++) {
            if (inputs.get(input).dtype().isFloating()) {
                gradients.add(byDifferences(function, inputs, input, weights));
            }
        }
        return gradients;
    }

    private static double[] byDifferences(Of function, List<Tensor> inputs, int input, double[] weights) {
        var values = inputs.get(input).toDoubles();
        var gradient = new double[values.length];
        for (int i = 0; i < values.length; i++) {
            double near = moved(function, inputs, input, i, STEP, weights)
                    - moved(function, inputs, input, i, -STEP, weights);
            double far = moved(function, inputs, input, i, 2 * STEP, weights)
                    - moved(function, inputs, input, i, -2 * STEP, weights);
            gradient[i] = (8 * near - far) / (12 * STEP);
        }
        return gradient;
    }

    private static double moved(Of function, List<Tensor> inputs, int input, int element, double by, double[] weights) {
        var engine = inputs.get(input).engine();
        try (var _ = engine.openScope()) {
            var values = inputs.get(input).toDoubles();
            values[element] += by;
            var changed = new ArrayList<>(inputs);
            changed.set(input, engine.tensor(values, inputs.get(input).shape().extents()));
            var output = function.apply(changed).toDoubles();
            double sum = 0;
            for (int i = 0; i < output.length; i++) {
                sum += weights[i] * output[i];
            }
            return sum;
        }
    }

    /** The largest difference, relative to the largest value. */
    static double relative(double[] found, double[] wanted) {
        double difference = 0;
        double largest = 0;
        for (int i = 0; i < wanted.length; i++) {
            difference = Math.max(difference, Math.abs(found[i] - wanted[i]));
            largest = Math.max(largest, Math.abs(wanted[i]));
        }
        return largest == 0 ? difference : difference / largest;
    }
}
