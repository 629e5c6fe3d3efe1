package microtome.probe.geometry.prompts;

import microtome.probe.data.statistics.Correction;
import microtome.probe.geometry.Ending;
import microtome.probe.geometry.TrajectoryOptions;

/**
 * How the paths of many prompts are compared.
 *
 * @param points which positions and layers make a path
 * @param rows what distances between prompts are measured on
 * @param correction how p-values of several comparisons are corrected
 * @param resampling intervals and permutations
 * @see <a href="https://arxiv.org/abs/2606.09287">Trajectory geometry, arXiv 2606.09287</a>
 */
public record ComparisonOptions(TrajectoryOptions points, Rows rows, Correction correction, Resampling resampling) {
    /** Last token, embedding to last block before the final norm; unit rows; Holm; 1,000 resamples and permutations. */
    public static final ComparisonOptions DEFAULT = new ComparisonOptions(
            TrajectoryOptions.DEFAULT, Rows.UNIT, Correction.HOLM, new Resampling(1_000, 1_000, 0.95, 42));

    /** The text of the paper: mean over all tokens with the embedding, 10,000 resamples, Benjamini-Hochberg. */
    public static final ComparisonOptions PAPER = new ComparisonOptions(
            TrajectoryOptions.PAPER,
            Rows.UNIT,
            Correction.BENJAMINI_HOCHBERG,
            new Resampling(10_000, 10_000, 0.95, 42));

    /** The paper's published code: last token without the embedding, 1,000 resamples, 10,000 permutations, Holm. */
    public static final ComparisonOptions CODE = new ComparisonOptions(
            TrajectoryOptions.CODE, Rows.UNIT, Correction.HOLM, new Resampling(1_000, 10_000, 0.95, 42));

    /** These options with other points. */
    public ComparisonOptions points(TrajectoryOptions other) {
        return new ComparisonOptions(other, rows, correction, resampling);
    }

    /** These options with another ending of the paths. */
    public ComparisonOptions ending(Ending other) {
        return points(points.ending(other));
    }

    /** These options with distances on other rows. */
    public ComparisonOptions rows(Rows other) {
        return new ComparisonOptions(points, other, correction, resampling);
    }

    /** These options with another correction of p-values. */
    public ComparisonOptions correction(Correction other) {
        return new ComparisonOptions(points, rows, other, resampling);
    }

    /** These options with other numbers of draws, or another seed. */
    public ComparisonOptions resampling(Resampling other) {
        return new ComparisonOptions(points, rows, correction, other);
    }

    @Override
    public String toString() {
        return "%s; distances on %s; %s; %d resamples, %d permutations, seed %d"
                .formatted(
                        points,
                        rows.label(),
                        correction.label(),
                        resampling.bootstrap(),
                        resampling.permutations(),
                        resampling.seed());
    }
}
