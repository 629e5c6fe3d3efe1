package microtome.probe.dimension;

import java.util.List;

/**
 * How dimensions are measured.
 *
 * @param sample states of each layer that distances are taken between, drawn with the seed; covariances and cosines take all
 * @param neighbours for {@link LevinaBickel}; the last one is shown in summaries
 * @param scales how often the sample is halved for the scale curve, itself included
 * @param keepsFirst whether position 0 of every sequence of a corpus counts; its massive activation would decide everything
 * @param seed of the draw
 */
public record DimensionOptions(int sample, List<Integer> neighbours, int scales, boolean keepsFirst, long seed) {
    /** 2,000 states, 5, 10 and 20 neighbours, four scales, without position 0. */
    public static final DimensionOptions DEFAULT = new DimensionOptions(2_000, List.of(5, 10, 20), 4, false, 1);

    private static final int MOST = 20_000;

    /** Checks the numbers. */
    public DimensionOptions {
        neighbours = List.copyOf(neighbours);
        if (sample < TwoNN.LEAST || sample > MOST) {
            throw new IllegalArgumentException("a sample of %d states: need %d to %,d; the time grows with its square"
                    .formatted(sample, TwoNN.LEAST, MOST));
        }
        if (neighbours.isEmpty() || neighbours.stream().anyMatch(k -> k < 2 || k >= sample)) {
            throw new IllegalArgumentException(
                    "neighbours %s: need at least one number, each from 2 to %d".formatted(neighbours, sample - 1));
        }
        if (scales < 1 || scales > 10) {
            throw new IllegalArgumentException("%d scales: need 1 to 10; each halves the sample".formatted(scales));
        }
    }

    /** The same with another number of states for distances. */
    public DimensionOptions sample(int states) {
        return new DimensionOptions(states, neighbours, scales, keepsFirst, seed);
    }

    /** The same with other numbers of neighbours. */
    public DimensionOptions neighbours(Integer... counts) {
        return new DimensionOptions(sample, List.of(counts), scales, keepsFirst, seed);
    }

    /** The same with another number of scales. */
    public DimensionOptions scales(int count) {
        return new DimensionOptions(sample, neighbours, count, keepsFirst, seed);
    }

    /** The same with position 0 of every sequence. */
    public DimensionOptions withFirstPosition() {
        return new DimensionOptions(sample, neighbours, scales, true, seed);
    }

    /** The same with another seed. */
    public DimensionOptions seed(long other) {
        return new DimensionOptions(sample, neighbours, scales, keepsFirst, other);
    }
}
