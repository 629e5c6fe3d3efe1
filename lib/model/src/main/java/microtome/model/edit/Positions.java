package microtome.model.edit;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;
import microtome.model.token.TokenSequence;

/**
 * Which positions of a run are meant. Positions count from 0; negative ones count from the end of the prompt, -1 is its last
 * token. Only open ends reach positions that are generated behind the prompt; these can also be named by their number.
 *
 * @param spans runs of neighbours, in any order; a position may be named twice
 */
public record Positions(List<Span> spans) {
    private static final int OPEN = Integer.MAX_VALUE;

    /** Every position, those that are generated included. */
    public static final Positions ALL = from(0);

    /**
     * Neighbouring positions, both ends included.
     *
     * @param first the first, negative from the end of the prompt
     * @param last the last, negative from the end of the prompt; {@link Integer#MAX_VALUE} for no end
     */
    public record Span(int first, int last) {
        /** Checks the order where both ends count from the same side. */
        public Span {
            if ((first < 0) == (last < 0) && last < first) {
                throw new IllegalArgumentException(
                        "positions %d..%d: the first must not be after the last; both ends are included"
                                .formatted(first, last));
            }
        }

        boolean open() {
            return last == OPEN;
        }

        /** The same with both ends counted from the start of a prompt of this many tokens. */
        Span in(int length) {
            int from = absolute(first, length);
            int to = absolute(last, length);
            if (to < from) {
                throw new IllegalArgumentException(
                        "positions %s: in a prompt of %d tokens this is %d..%d, which is empty"
                                .formatted(this, length, from, to));
            }
            return new Span(from, to);
        }

        private int absolute(int position, int length) {
            if (position < -length) {
                throw new IllegalArgumentException("position %d: the prompt has %d tokens; give %d..%d"
                        .formatted(position, length, -length, length - 1));
            }
            return position < 0 ? position + length : position;
        }

        @Override
        public String toString() {
            if (first == last) {
                return Integer.toString(first);
            }
            return open() ? first + ".." : first + ".." + last;
        }
    }

    /** Checks that something is meant. */
    public Positions {
        spans = List.copyOf(spans);
        if (spans.isEmpty()) {
            throw new IllegalArgumentException("positions: none given; Positions.ALL means every position");
        }
    }

    /** These positions alone; negative ones count from the end of the prompt. */
    public static Positions of(int... positions) {
        return new Positions(Arrays.stream(positions)
                .mapToObj(position -> new Span(position, position))
                .toList());
    }

    /** The positions from {@code first} to {@code last}, both included; negative ones count from the end of the prompt. */
    public static Positions range(int first, int last) {
        return new Positions(List.of(new Span(first, last)));
    }

    /** The position {@code first} and all after it, those that are generated included. */
    public static Positions from(int first) {
        return new Positions(List.of(new Span(first, OPEN)));
    }

    /** These positions and others. */
    public Positions and(Positions others) {
        var all = new ArrayList<>(spans);
        all.addAll(others.spans);
        return new Positions(all);
    }

    /** Whether every position is meant. */
    public boolean isAll() {
        return spans.stream().anyMatch(span -> span.first == 0 && span.open());
    }

    /** Whether a single position is meant. */
    boolean isOne() {
        return spans.size() == 1 && spans.getFirst().first == spans.getFirst().last;
    }

    /**
     * The same positions counted from the start of a prompt.
     *
     * @param grows whether positions behind the prompt will come
     * @throws IllegalArgumentException for a position that the run will not have; the message shows the tokens
     */
    Positions in(TokenSequence tokens, boolean grows) {
        var absolute = new ArrayList<Span>();
        for (Span span : spans) {
            try {
                Span found = span.in(tokens.size());
                requireInside(found, tokens.size(), grows);
                absolute.add(found);
            } catch (IllegalArgumentException outside) {
                throw new IllegalArgumentException(outside.getMessage() + "; the tokens are " + shown(tokens), outside);
            }
        }
        return new Positions(absolute);
    }

    private static void requireInside(Span span, int length, boolean grows) {
        boolean ends = span.open() ? span.first < length : span.last < length;
        if (!grows && !ends) {
            int wrong = span.open() ? span.first : span.last;
            throw new IllegalArgumentException("position %d: the run has %d tokens; give 0..%d, or -%d..-1 from the end"
                    .formatted(wrong, length, length - 1, length));
        }
    }

    /** Whether one of the absolute positions {@code first} to {@code end} (excluded) is meant. */
    boolean reach(int first, int end) {
        return spans.stream().anyMatch(span -> span.first < end && span.last >= first);
    }

    /** Whether an absolute position is meant. */
    boolean has(int position) {
        return reach(position, position + 1);
    }

    private static String shown(TokenSequence tokens) {
        var text = new ArrayList<String>();
        for (int position = 0; position < Math.min(64, tokens.size()); position++) {
            text.add("%d '%s'".formatted(position, tokens.token(position).text()));
        }
        return String.join(" ", text) + (tokens.size() > 64 ? " …" : "");
    }

    @Override
    public String toString() {
        return isAll() ? "all" : spans.stream().map(Span::toString).collect(Collectors.joining(", "));
    }
}
