package microtome.probe.attribution;

import java.util.Arrays;
import microtome.probe.data.Copies;

/**
 * The estimated change of the metric when one value is exchanged, in logits.
 *
 * @param residual {@code [blocks + 1, positions]}
 * @param attention {@code [blocks, positions]}
 * @param mlp {@code [blocks, positions]}
 * @param heads {@code [blocks, heads, positions]}
 */
public record PatchScores(double[][] residual, double[][] attention, double[][] mlp, double[][][] heads) {

    /** The scores of a part, {@code [rows, positions]}. */
    public double[][] of(AttributedPart part) {
        return switch (part) {
            case RESIDUAL -> residual;
            case ATTENTION -> attention;
            case MLP -> mlp;
        };
    }

    /** Of every head the change when it is exchanged at all positions, {@code [blocks, heads]}. */
    public double[][] headTotals() {
        return Arrays.stream(heads)
                .map(block -> Arrays.stream(block)
                        .mapToDouble(positions -> Arrays.stream(positions).sum())
                        .toArray())
                .toArray(double[][]::new);
    }

    PatchScores copy() {
        return new PatchScores(Copies.of(residual), Copies.of(attention), Copies.of(mlp), Copies.of(heads));
    }
}
