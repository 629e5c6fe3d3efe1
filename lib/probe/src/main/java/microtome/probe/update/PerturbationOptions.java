package microtome.probe.update;

import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.TreeSet;
import java.util.stream.Collectors;

/**
 * Where states are replaced by maps, and where the answer is read.
 *
 * @param classes the classes whose maps are put in; none for the identity, which skips the block, and the last fitted class
 * @param blocks the blocks that are replaced; none for all that were fitted
 * @param documents held-out documents, chosen by seed
 * @param tokens tokens of each document, chosen by seed; position 0 is not among them unless the fit keeps it
 * @param length so many tokens of each document are read
 * @param later whether the answer is the mean over the replaced position and all later ones, or that position's alone
 */
public record PerturbationOptions(
        List<UpdateClass> classes, List<Integer> blocks, int documents, int tokens, int length, boolean later) {
    /** The identity and the last fitted class, all blocks, 8 documents of 8 tokens out of the first 32, read at the same position. */
    public static final PerturbationOptions DEFAULT = new PerturbationOptions(List.of(), List.of(), 8, 8, 32, false);

    /** Checks the numbers; puts the blocks in order, each once. */
    public PerturbationOptions {
        classes = List.copyOf(new LinkedHashSet<>(classes));
        blocks = List.copyOf(new TreeSet<>(blocks));
        atLeast("documents", documents, 1);
        atLeast("tokens", tokens, 1);
        atLeast("length", length, 2);
    }

    private static void atLeast(String name, int value, int least) {
        if (value < least) {
            throw new IllegalArgumentException("%s %d: need at least %d".formatted(name, value, least));
        }
    }

    /** The same with the maps of these classes. */
    public PerturbationOptions classes(UpdateClass... chosen) {
        return new PerturbationOptions(List.of(chosen), blocks, documents, tokens, length, later);
    }

    /** The same at these blocks. */
    public PerturbationOptions blocks(int... chosen) {
        return new PerturbationOptions(
                classes, Arrays.stream(chosen).boxed().toList(), documents, tokens, length, later);
    }

    /** The same with so many documents, so many tokens of each. */
    public PerturbationOptions samples(int ofDocuments, int ofTokens) {
        return new PerturbationOptions(classes, blocks, ofDocuments, ofTokens, length, later);
    }

    /** The same with so many tokens of each document read. */
    public PerturbationOptions length(int most) {
        return new PerturbationOptions(classes, blocks, documents, tokens, most, later);
    }

    /** The same with the answer read at the replaced position and at all later ones. */
    public PerturbationOptions andLaterPositions() {
        return new PerturbationOptions(classes, blocks, documents, tokens, length, true);
    }

    /** These options with every choice made, for maps that were fitted. */
    PerturbationOptions filled(List<UpdateClass> fitted, List<Integer> fittedBlocks) {
        List<UpdateClass> chosen = classes.isEmpty()
                ? List.copyOf(new LinkedHashSet<>(List.of(UpdateClass.IDENTITY, fitted.getLast())))
                : classes;
        for (UpdateClass kind : chosen) {
            if (!fitted.contains(kind)) {
                throw new IllegalArgumentException("%s was not fitted; fitted were %s"
                        .formatted(
                                kind.label(),
                                fitted.stream().map(UpdateClass::label).collect(Collectors.joining(", "))));
            }
        }
        for (int block : blocks) {
            if (!fittedBlocks.contains(block)) {
                throw new IllegalArgumentException(
                        "block %d was not fitted; fitted were %s".formatted(block, fittedBlocks));
            }
        }
        return new PerturbationOptions(
                chosen, blocks.isEmpty() ? fittedBlocks : blocks, documents, tokens, length, later);
    }

    @Override
    public String toString() {
        return "%s; %s; %d tokens of each of %d held-out documents, of their first %d; answer read at %s"
                .formatted(
                        classes.isEmpty()
                                ? "identity and the last fitted class"
                                : classes.stream().map(UpdateClass::label).collect(Collectors.joining(", ")),
                        blocks.isEmpty() ? "all fitted blocks" : "blocks " + blocks,
                        tokens,
                        documents,
                        length,
                        later ? "the replaced position and all later ones" : "the replaced position");
    }
}
