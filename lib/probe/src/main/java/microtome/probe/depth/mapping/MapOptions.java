package microtome.probe.depth.mapping;

import java.util.ArrayList;
import java.util.List;
import microtome.probe.depth.reading.ReadOptions;

/**
 * How maps between layers are fitted.
 *
 * @param reading how much of the texts; of ten documents eight are fitted to, one chooses lambda, one is reported
 * @param every so many depths from one layer to the next; 0 for as many as give at most {@value #FEW} layers of a model. The
 *     last is always there
 * @param lambdas to choose from, as shares of the mean variance of the source's features; 0 is plain least squares
 */
public record MapOptions(ReadOptions reading, int every, List<Double> lambdas) {
    static final int FEW = 7;

    /** 20,000 positions in pieces of at most 256 tokens, without the first of each; 7 layers; lambdas from 0 to 10. */
    public static final MapOptions DEFAULT =
            new MapOptions(new ReadOptions(20_000, 256, 1), 0, List.of(0.0, 1e-4, 1e-3, 1e-2, 1e-1, 1.0, 10.0));

    /** Checks that there is a lambda to choose, and that none is negative. */
    public MapOptions {
        lambdas = List.copyOf(lambdas);
        if (lambdas.isEmpty() || lambdas.stream().anyMatch(lambda -> !(lambda >= 0) || lambda.isInfinite())) {
            throw new IllegalArgumentException(
                    "lambdas %s: give at least one, each 0 or more, such as 0.001".formatted(lambdas));
        }
        if (every < 0) {
            throw new IllegalArgumentException(
                    "every %d depths: give 1 for all, 5 for every fifth, 0 for about %d layers".formatted(every, FEW));
        }
    }

    /** These options with other reading. */
    public MapOptions reading(ReadOptions other) {
        return new MapOptions(other, every, lambdas);
    }

    /** These options with so many positions at most. */
    public MapOptions tokens(long most) {
        return new MapOptions(new ReadOptions(most, reading.length(), reading.skipFirst()), every, lambdas);
    }

    /** These options for every so many depths; 1 for all, which takes several ways through the texts. */
    public MapOptions every(int depths) {
        return new MapOptions(reading, depths, lambdas);
    }

    /** These options with other lambdas to choose from. */
    public MapOptions lambdas(double... others) {
        var list = new ArrayList<Double>();
        for (double lambda : others) {
            list.add(lambda);
        }
        return new MapOptions(reading, every, list);
    }

    /** The step between depths in a model of so many blocks. */
    int everyOf(int blocks) {
        return every > 0 ? every : Math.max(1, Math.ceilDiv(blocks, FEW - 1));
    }
}
