package microtome.probe.patching;

import microtome.model.Site;
import microtome.model.config.ModelConfig;

/** Which values are put from one run into another, one per cell of a grid. */
public enum PatchedPart {
    /** The stream before every block, at one position. */
    RESIDUAL("residual stream"),
    /** What attention of a block adds to the stream, at one position. */
    ATTENTION("attention output"),
    /** What the MLP of a block adds to the stream, at one position. */
    MLP("MLP output"),
    /** What one head mixed, at all positions. */
    HEAD("head output");

    private final String label;

    PatchedPart(String label) {
        this.label = label;
    }

    /** In words. */
    public String label() {
        return label;
    }

    /** Where it is in the pass; for the stream, before the block. */
    Site site(int block) {
        return switch (this) {
            case RESIDUAL -> Site.residual(block);
            case ATTENTION -> Site.attentionOutput(block);
            case MLP -> Site.mlpOutput(block);
            case HEAD -> Site.headOutput(block);
        };
    }

    /** Cells of one row of the grid. */
    int columns(ModelConfig config, int positions) {
        return this == HEAD ? config.heads() : positions;
    }

    /** The axis of {@code [sequences, positions, (heads,) width]} along which the cells of a row lie. */
    int axis() {
        return this == HEAD ? 2 : 1;
    }

    /** Axes of its value. */
    int rank() {
        return this == HEAD ? 4 : 3;
    }
}
