package microtome.probe.depth.mapping;

import java.util.List;
import java.util.function.Consumer;
import java.util.function.Predicate;

/** The rows of source and target layers at the same tokens, as often as one wants to go through them. */
interface LayerRows {
    /** The widths of the source layers. */
    int sourceWidth();

    /** The width of the target layers. */
    int targetWidth();

    /** What the source layers are called. */
    List<String> sources();

    /** What the target layers are called. */
    List<String> targets();

    /** Gives all batches of these parts to a reader. */
    void read(Predicate<Split> wanted, Consumer<Batch> reader);

    /**
     * Rows of one part.
     *
     * @param sources per layer {@code [rows, source width]}
     * @param targets per layer {@code [rows, target width]}
     */
    record Batch(Split split, int rows, List<float[]> sources, List<float[]> targets) {}
}
