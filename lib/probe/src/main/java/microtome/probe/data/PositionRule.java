package microtome.probe.data;

/**
 * Which positions of a prompt make the point of a layer. Position 0 of many models carries a massive activation in a few
 * fixed dimensions; a mean that includes it is mostly that one vector.
 */
public sealed interface PositionRule {
    /** The last token. */
    PositionRule LAST = new Last();

    /** The mean over all tokens. */
    PositionRule MEAN = new Mean();

    /** The mean over all tokens but the first; the first alone if there is no other. */
    PositionRule MEAN_WITHOUT_FIRST = new MeanWithoutFirst();

    /** One position, counted from 0. */
    static PositionRule position(int index) {
        return new Position(index);
    }

    /** See {@link #LAST}. */
    record Last() implements PositionRule {}

    /** See {@link #MEAN}. */
    record Mean() implements PositionRule {}

    /** See {@link #MEAN_WITHOUT_FIRST}. */
    record MeanWithoutFirst() implements PositionRule {}

    /**
     * One position.
     *
     * @param index counted from 0
     */
    record Position(int index) implements PositionRule {
        /** Checks that the index is not negative. */
        public Position {
            if (index < 0) {
                throw new IllegalArgumentException(
                        "position %d: counting starts at 0; the last token is PositionRule.LAST".formatted(index));
            }
        }
    }

    /** The first position that counts, for a prompt of this many tokens. */
    private int first(int positions) {
        return switch (this) {
            case Last _ -> positions - 1;
            case Mean _ -> 0;
            case MeanWithoutFirst _ -> Math.min(1, positions - 1);
            case Position(int index) -> checked(index, positions);
        };
    }

    /** The position after the last one that counts, for a prompt of this many tokens. */
    private int end(int positions) {
        return switch (this) {
            case Last _, Mean _, MeanWithoutFirst _ -> positions;
            case Position(int index) -> checked(index, positions) + 1;
        };
    }

    /** Whether position 0 counts, for a prompt of this many tokens. */
    default boolean readsFirst(int positions) {
        return first(positions) == 0;
    }

    /** How many positions count, for a prompt of this many tokens. */
    default int count(int positions) {
        return end(positions) - first(positions);
    }

    /**
     * The point of a layer.
     *
     * @param rows {@code [positions, width]} in row-major order
     * @throws IllegalArgumentException if the prompt does not have the position
     */
    default double[] point(float[] rows, int positions) {
        int width = rows.length / positions;
        var sum = new double[width];
        for (int position = first(positions); position < end(positions); position++) {
            for (int i = 0; i < width; i++) {
                sum[i] += rows[position * width + i];
            }
        }
        for (int i = 0; i < width; i++) {
            sum[i] /= count(positions);
        }
        return sum;
    }

    /** The rule in words. */
    default String label() {
        return switch (this) {
            case Last _ -> "last token";
            case Mean _ -> "mean over all tokens";
            case MeanWithoutFirst _ -> "mean over all tokens but the first";
            case Position(int index) -> "position " + index;
        };
    }

    private static int checked(int index, int positions) {
        if (index >= positions) {
            throw new IllegalArgumentException("position %d: the prompt has %d tokens, valid are 0..%d"
                    .formatted(index, positions, positions - 1));
        }
        return index;
    }
}
