package microtome.model.edit;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import microtome.model.Site;

/**
 * Where an edit takes place: a kind of value in some blocks, and of it some positions, heads and sequences.
 *
 * @param kind which value
 * @param first the first block (or depth, or 0), as {@link Site#index}
 * @param last the last block, included
 * @param positions which positions; for patterns and scores the listening ones
 * @param heads which heads, for values that have heads; empty for all
 * @param sequences which sequences of a batch, counted from 0; empty for all
 */
public record Place(
        Site.Kind kind, int first, int last, Positions positions, List<Integer> heads, List<Integer> sequences) {
    /** Checks ranges, and that only values with heads are given heads. */
    public Place {
        Objects.requireNonNull(positions, "positions");
        heads = List.copyOf(heads);
        sequences = List.copyOf(sequences);
        new Site(kind, first); // says which index a kind may have
        if (last < first) {
            throw new IllegalArgumentException("%s, blocks %d..%d: need first <= last; both ends are included"
                    .formatted(SiteAxes.label(kind), first, last));
        }
        new Site(kind, last);
        if (!heads.isEmpty() && !SiteAxes.mayHaveHeads(kind)) {
            throw new IllegalArgumentException("%s has no heads to choose %s from; values with heads are %s"
                    .formatted(new Site(kind, first), heads, SiteAxes.labelsWithHeads()));
        }
        requireFromZero("head", heads);
        requireFromZero("sequence", sequences);
    }

    /** All of one value. */
    public static Place of(Site site) {
        return new Place(site.kind(), site.index(), site.index(), Positions.ALL, List.of(), List.of());
    }

    /** This place at other positions. */
    public Place positions(Positions other) {
        return new Place(kind, first, last, other, heads, sequences);
    }

    /** This place for other heads. */
    public Place heads(int... other) {
        return new Place(kind, first, last, positions, boxed("heads", other), sequences);
    }

    /** This place for other sequences of a batch. */
    public Place sequences(int... other) {
        return new Place(kind, first, last, positions, heads, boxed("sequences", other));
    }

    /** This place in the blocks from {@code from} to {@code to}, both included. */
    public Place blocks(int from, int to) {
        return new Place(kind, from, to, positions, heads, sequences);
    }

    /** Whether this is (a part of) the value at a site. */
    public boolean covers(Site site) {
        return site.kind() == kind && site.index() >= first && site.index() <= last;
    }

    /** Every site that is covered, in the order of computation. */
    public List<Site> sites() {
        return IntStream.rangeClosed(first, last)
                .mapToObj(index -> new Site(kind, index))
                .toList();
    }

    private static List<Integer> boxed(String what, int[] numbers) {
        if (numbers.length == 0) {
            throw new IllegalArgumentException(
                    "%s: none given; leave the selection out to mean all of them".formatted(what));
        }
        return IntStream.of(numbers).distinct().sorted().boxed().toList();
    }

    private static void requireFromZero(String what, List<Integer> numbers) {
        for (int number : numbers) {
            if (number < 0) {
                throw new IllegalArgumentException("%s %d: counting starts at 0".formatted(what, number));
            }
        }
    }

    /** Such as {@code head_output.9, head 6, positions 2..4}. */
    @Override
    public String toString() {
        var parts = new ArrayList<String>();
        Site site = new Site(kind, first);
        parts.add(first == last ? site.name() : "%s..%d".formatted(site.name(), last));
        add(parts, "head", heads);
        if (!positions.isAll()) {
            parts.add((positions.isOne() ? "position " : "positions ") + positions);
        }
        add(parts, "sequence", sequences);
        return String.join(", ", parts);
    }

    private static void add(List<String> parts, String what, List<Integer> numbers) {
        if (!numbers.isEmpty()) {
            String all = numbers.stream().map(String::valueOf).collect(Collectors.joining(", "));
            parts.add((numbers.size() == 1 ? what : what + "s") + " " + all);
        }
    }
}
