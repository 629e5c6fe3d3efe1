package microtome.probe.dimension.principal;

import java.util.Arrays;
import java.util.List;
import microtome.probe.data.Vectors;
import microtome.probe.data.prompt.PromptStates;

/** Fits axes to states and projects all of them. */
final class Projection {
    static final String NO_DIRECTION = "a state shorter than 1e-12 has no direction";

    private Projection() {}

    static PrincipalPaths of(PromptStates states, PrincipalOptions options) {
        List<String> layers = states.layers();
        double[][][] rows = rows(states, options.unit());
        double[][] fitted = options.layer().isEmpty()
                ? Arrays.stream(rows).flatMap(Arrays::stream).toArray(double[][]::new)
                : rows[index(layers, options.layer())];
        double[][] defined =
                Arrays.stream(fitted).filter(row -> !Double.isNaN(row[0])).toArray(double[][]::new);
        String what = options.layer().isEmpty() ? "all layers" : "layer " + options.layer();
        if (defined.length < 2) {
            throw new IllegalArgumentException(
                    "%d states with a direction (%s): components need at least two; give more prompts or fit to all layers"
                            .formatted(defined.length, what));
        }
        PrincipalAxes axes = PrincipalAxes.of(defined, options.components(), what);
        double[][][] scores = Arrays.stream(rows)
                .map(layer -> Arrays.stream(layer).map(axes::scores).toArray(double[][]::new))
                .toArray(double[][][]::new);
        var shares = new double[layers.size()][];
        for (int layer = 0; layer < shares.length; layer++) {
            shares[layer] = shares(rows[layer], scores[layer], options.components());
        }
        return new PrincipalPaths(layers, states.prompts().prompts(), scores, shares, axes, options, states.origin());
    }

    /**
     * Which one of the layers it is.
     *
     * @throws IllegalArgumentException if none is
     */
    static int index(List<String> layers, String name) {
        int index = layers.indexOf(name);
        if (index < 0) {
            throw new IllegalArgumentException("layer \"%s\": there are %s".formatted(name, String.join(", ", layers)));
        }
        return index;
    }

    private static double[][][] rows(PromptStates states, boolean unit) {
        var rows = new double[states.layers().size()][states.prompts().size()][];
        for (int layer = 0; layer < rows.length; layer++) {
            for (int prompt = 0; prompt < rows[layer].length; prompt++) {
                rows[layer][prompt] = row(states, layer, prompt, unit);
            }
        }
        return rows;
    }

    private static double[] row(PromptStates states, int layer, int prompt, boolean unit) {
        float[] state = states.states()[layer][prompt];
        var row = new double[state.length];
        double squares = 0;
        for (int i = 0; i < row.length; i++) {
            row[i] = state[i];
            squares += row[i] * row[i];
            if (!Float.isFinite(state[i])) {
                throw new IllegalArgumentException("layer %s, prompt %d, element %d is %s; all numbers must be finite"
                        .formatted(states.layers().get(layer), prompt, i, state[i]));
            }
        }
        double norm = Math.sqrt(squares);
        for (int i = 0; unit && i < row.length; i++) {
            row[i] = norm < Vectors.SHORTEST ? Double.NaN : row[i] / norm;
        }
        return row;
    }

    /** How much of a layer's variance around its own mean lies along each component. */
    private static double[] shares(double[][] rows, double[][] scores, int components) {
        double total = 0;
        for (int i = 0; i < rows[0].length; i++) {
            total += squares(rows, i);
        }
        var shares = new double[components];
        for (int component = 0; component < components; component++) {
            shares[component] = total > 0 ? squares(scores, component) / total : Double.NaN;
        }
        return shares;
    }

    /** The sum of squared distances of one column from its mean, over the rows that are defined. */
    private static double squares(double[][] rows, int column) {
        double[] values = Arrays.stream(rows)
                .mapToDouble(row -> row[column])
                .filter(value -> !Double.isNaN(value))
                .toArray();
        double mean = values.length == 0
                ? 0
                : values[0] + Arrays.stream(values).map(v -> v - values[0]).sum() / values.length;
        return Arrays.stream(values)
                .map(value -> (value - mean) * (value - mean))
                .sum();
    }
}
