package microtome.probe.attribution;

import microtome.model.Site;

/** Which value of the model is exchanged. */
public enum AttributedPart {
    /** The stream at every depth. */
    RESIDUAL("residual stream", "depth"),
    /** What attention of a block adds. */
    ATTENTION("attention output", "block"),
    /** What the MLP of a block adds. */
    MLP("MLP output", "block");

    private final String label;
    private final String rows;

    AttributedPart(String label, String rows) {
        this.label = label;
        this.rows = rows;
    }

    String label() {
        return label;
    }

    /** What its rows are. */
    String rows() {
        return rows;
    }

    Site site(int index) {
        return switch (this) {
            case RESIDUAL -> Site.residual(index);
            case ATTENTION -> Site.attentionOutput(index);
            case MLP -> Site.mlpOutput(index);
        };
    }
}
