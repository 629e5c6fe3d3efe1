package microtome.probe.geometry.prompts;

import java.util.stream.IntStream;
import microtome.display.Progress;
import microtome.probe.data.Vectors;

/** Distances between all prompts at one layer; NaN where a state has no direction and directions are asked for. */
final class Distances {
    private Distances() {}

    /** Euclidean distances at every layer, {@code [layers, prompts, prompts]}. */
    static double[][][] ofLayers(PromptPaths paths, Rows rows) {
        return IntStream.range(0, paths.layers())
                .mapToObj(layer -> between(paths.rows(layer), rows))
                .toArray(double[][][]::new);
    }

    /** Euclidean distances between states, {@code [prompts, prompts]}, 0 on the diagonal. */
    static double[][] between(double[][] states, Rows rows) {
        double[][] points = rows == Rows.RAW ? states : units(states);
        int n = states.length;
        var distances = new double[n][n];
        for (int i = 0; i < n; i++) {
            Progress.stopIfInterrupted("distances between prompts");
            for (int j = 0; j < i; j++) {
                boolean known = points[i] != null && points[j] != null;
                distances[i][j] = known ? Vectors.norm(Vectors.minus(points[i], points[j])) : Double.NaN;
                distances[j][i] = distances[i][j];
            }
        }
        return distances;
    }

    /**
     * One minus the cosine of all pairs, row by row of the upper triangle, {@code [n (n - 1) / 2]}. Half the squared distance
     * on the unit sphere is the same number, and keeps its digits where two states are almost alike.
     */
    static double[] cosineTriangle(double[][] states) {
        double[][] distances = between(states, Rows.UNIT);
        int n = states.length;
        var triangle = new double[n * (n - 1) / 2];
        int next = 0;
        for (int i = 0; i < n; i++) {
            for (int j = i + 1; j < n; j++) {
                triangle[next++] = distances[i][j] * distances[i][j] / 2;
            }
        }
        return triangle;
    }

    private static double[][] units(double[][] states) {
        return IntStream.range(0, states.length)
                .mapToObj(i -> Vectors.unit(states[i]))
                .toArray(double[][]::new);
    }
}
