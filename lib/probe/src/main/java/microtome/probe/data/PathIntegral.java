package microtome.probe.data;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import microtome.display.Progress;
import microtome.tensor.Engine;
import microtome.tensor.Scope;
import microtome.tensor.Tensor;

/** The average gradient of a function along a straight path, several points of the path at a time. */
public final class PathIntegral {
    /** Rows that meet the weights at once: enough to make a pass over them worth it, few enough for the tape's memory. */
    private static final int ROWS = 256;

    /** A function of points {@code [points, positions, width]}, computed while a tape is open. */
    @FunctionalInterface
    public interface Evaluation {
        /** Computes the function; what is given back lives in the scope. */
        Evaluated at(Scope scope, Tensor points);
    }

    /**
     * What an evaluation found.
     *
     * @param values of the function, {@code [points]}
     * @param of what gradients are wanted of, each {@code [points, ...]}
     */
    public record Evaluated(Tensor values, List<Tensor> of) {}

    private final Engine engine;
    private final Tensor from;
    private final Tensor difference;
    private final String work;

    /** The path between two points {@code [1, positions, width]}; the work is what a line of progress calls it. */
    public PathIntegral(Tensor from, Tensor to, String work) {
        this.engine = from.engine();
        this.from = from;
        this.difference = to.minus(from);
        this.work = work;
    }

    /** End less beginning of the path. */
    public Tensor difference() {
        return difference;
    }

    /** Points of the path, {@code [places, positions, width]}. */
    public Tensor at(double... places) {
        return difference.times(column(places)).plus(from);
    }

    /** For everything that the evaluation wants gradients of, the average gradient {@code [1, ...]}. */
    public List<Tensor> averages(Integration integration, Evaluation evaluation) {
        try (var progress = Progress.of(work, integration.points().count())) {
            return averages(integration, evaluation, progress);
        }
    }

    /** As {@link #averages(Integration, Evaluation)}, as a part of longer work: every point is a step of its progress. */
    public List<Tensor> averages(Integration integration, Evaluation evaluation, Progress progress) {
        Quadrature.Points points = integration.points();
        int batch = Math.max(1, (int) (ROWS / from.extent(1)));
        var sums = new ArrayList<Tensor>();
        for (int first = 0; first < points.count(); first += batch) {
            int end = Math.min(points.count(), first + batch);
            try (var scope = engine.openScope()) {
                add(sums, weighted(slice(points, first, end), evaluation), scope);
            }
            progress.step(end - first);
        }
        return sums;
    }

    /** Gradients with the weights of the points as upstream, summed over the points. */
    private List<Tensor> weighted(Quadrature.Points points, Evaluation evaluation) {
        Tensor here = at(points.places());
        Tensor weights = engine.tensor(floats(points.weights()), points.count());
        try (var scope = engine.openScope();
                var tape = engine.record().freeing()) {
            Evaluated found = evaluation.at(scope, here);
            var gradients = tape.gradients(List.of(found.values()), List.of(weights), found.of());
            return gradients.stream()
                    .map(gradient -> scope.keep(gradient.sum(0)))
                    .toList();
        }
    }

    private static void add(List<Tensor> sums, List<Tensor> more, Scope scope) {
        for (int i = 0; i < more.size(); i++) {
            if (sums.size() == i) {
                sums.add(scope.keep(more.get(i)));
            } else {
                Tensor before = sums.get(i);
                sums.set(i, scope.keep(before.plus(more.get(i))));
                before.close();
            }
        }
    }

    private Tensor column(double[] numbers) {
        return engine.tensor(floats(numbers), numbers.length, 1, 1);
    }

    private static Quadrature.Points slice(Quadrature.Points points, int first, int end) {
        return new Quadrature.Points(
                Arrays.copyOfRange(points.places(), first, end), Arrays.copyOfRange(points.weights(), first, end));
    }

    private static float[] floats(double[] numbers) {
        var floats = new float[numbers.length];
        for (int i = 0; i < numbers.length; i++) {
            floats[i] = (float) numbers[i];
        }
        return floats;
    }
}
