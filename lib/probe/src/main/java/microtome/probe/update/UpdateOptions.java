package microtome.probe.update;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * What is fitted, and on how much.
 *
 * @param classes the classes of maps; the identity is always the first, as the baseline
 * @param blocks the blocks whose updates are read, block {@code b} between {@code residual.b} and {@code residual.b+1}; none
 *     for all
 * @param seed decides which document is fitted on and which tokens are kept
 * @param fitSample fit tokens that are kept for the local maps; all others are folded into sums
 * @param heldOutSample tokens of held-out documents that are kept and measured on
 * @param keepFirst whether position 0 of every sequence counts; it usually carries a massive activation, which then decides
 *     every number
 */
public record UpdateOptions(
        List<UpdateClass> classes,
        List<Integer> blocks,
        long seed,
        int fitSample,
        int heldOutSample,
        boolean keepFirst) {
    /** All classes, all blocks, seed 42, at most 1,024 tokens kept on either side, without position 0. */
    public static final UpdateOptions DEFAULT = new UpdateOptions(UpdateClass.ALL, List.of(), 42, 1024, 1024, false);

    /** Puts the identity first and the blocks in order, each once. */
    public UpdateOptions {
        var ordered = new LinkedHashSet<UpdateClass>();
        ordered.add(UpdateClass.IDENTITY);
        ordered.addAll(classes);
        classes = List.copyOf(ordered);
        blocks = List.copyOf(new TreeSet<>(blocks));
        if (!blocks.isEmpty() && blocks.getFirst() < 0) {
            throw new IllegalArgumentException("block %d: blocks count from 0".formatted(blocks.getFirst()));
        }
        atLeastOne("fit sample", fitSample);
        atLeastOne("held-out sample", heldOutSample);
    }

    private static void atLeastOne(String name, int tokens) {
        if (tokens < 1) {
            throw new IllegalArgumentException("%s of %d tokens: need at least 1".formatted(name, tokens));
        }
    }

    /** The same with these classes; the identity is added. */
    public UpdateOptions classes(UpdateClass... chosen) {
        return new UpdateOptions(List.of(chosen), blocks, seed, fitSample, heldOutSample, keepFirst);
    }

    /** The same with the updates of these blocks alone. */
    public UpdateOptions blocks(int... chosen) {
        return new UpdateOptions(
                classes, Arrays.stream(chosen).boxed().toList(), seed, fitSample, heldOutSample, keepFirst);
    }

    /** The same with another seed. */
    public UpdateOptions seed(long other) {
        return new UpdateOptions(classes, blocks, other, fitSample, heldOutSample, keepFirst);
    }

    /** The same with another rank of the low-rank map, which is added where there was none. */
    public UpdateOptions rank(int rank) {
        return replaced(UpdateClass.LowRank.class, UpdateClass.lowRank(rank));
    }

    /** The same with another number of neighbours of the local maps, which are added where there were none. */
    public UpdateOptions neighbours(int count) {
        return replaced(UpdateClass.LocalLinear.class, UpdateClass.localLinear(count));
    }

    /** The same with so many tokens kept for the local maps and to measure on. */
    public UpdateOptions samples(int fit, int heldOut) {
        return new UpdateOptions(classes, blocks, seed, fit, heldOut, keepFirst);
    }

    /** The same with position 0 of every sequence counted too. */
    public UpdateOptions withFirstPosition() {
        return new UpdateOptions(classes, blocks, seed, fitSample, heldOutSample, true);
    }

    private UpdateOptions replaced(Class<? extends UpdateClass> old, UpdateClass chosen) {
        var changed = new ArrayList<>(classes);
        changed.replaceAll(each -> old.isInstance(each) ? chosen : each);
        changed.add(chosen);
        return new UpdateOptions(changed, blocks, seed, fitSample, heldOutSample, keepFirst);
    }

    /** The blocks of a model whose updates are read. */
    List<Integer> blocksOf(int count) {
        if (!blocks.isEmpty() && blocks.getLast() >= count) {
            throw new IllegalArgumentException(
                    "block %d: this model has blocks 0..%d".formatted(blocks.getLast(), count - 1));
        }
        return blocks.isEmpty() ? IntStream.range(0, count).boxed().toList() : blocks;
    }

    /** Checks what depends on the width of the stream. */
    void requireWidth(int width) {
        for (UpdateClass each : classes) {
            if (each instanceof UpdateClass.LowRank(int rank) && rank > width) {
                throw new IllegalArgumentException(
                        "low rank %d: the stream is %d wide, so a rank is 1..%d".formatted(rank, width, width));
            }
        }
    }

    boolean needsProducts() {
        return classes.stream()
                .anyMatch(each -> each instanceof UpdateClass.LowRank || each instanceof UpdateClass.Orthogonal);
    }

    boolean needsNeighbours() {
        return classes.stream().anyMatch(each -> each instanceof UpdateClass.LocalLinear);
    }

    @Override
    public String toString() {
        return "%s; %s; seed %d; at most %,d fit tokens kept for local maps, %,d held-out tokens to measure on; position 0 %s"
                .formatted(
                        classes.stream().map(UpdateClass::label).collect(Collectors.joining(", ")),
                        blocks.isEmpty() ? "all blocks" : "blocks " + blocks,
                        seed,
                        fitSample,
                        heldOutSample,
                        keepFirst ? "kept" : "left out");
    }
}
