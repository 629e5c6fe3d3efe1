package microtome.probe.geometry.prompts;

import java.math.BigDecimal;
import microtome.probe.data.statistics.Bootstrap;

/**
 * How often numbers are drawn again for intervals and tests.
 *
 * @param bootstrap resamples for the interval of a mean, at least 1
 * @param permutations of the labels, at least 1
 * @param level the share that an interval or band holds, between 0 and 1
 * @param seed of all draws
 */
public record Resampling(int bootstrap, int permutations, double level, long seed) {
    /** Checks the numbers. */
    public Resampling {
        if (bootstrap < 1 || permutations < 1 || !(level > 0 && level < 1)) {
            throw new IllegalArgumentException(
                    "resampling with %d resamples, %d permutations and level %s: need at least 1 of each and a level between 0 and 1, such as 1000, 1000 and 0.95"
                            .formatted(bootstrap, permutations, level));
        }
    }

    /** The same with another seed. */
    public Resampling seed(long other) {
        return new Resampling(bootstrap, permutations, level, other);
    }

    Bootstrap.Options forMeans() {
        return new Bootstrap.Options(level, bootstrap, seed);
    }

    /** The level as people say it. */
    String percent() {
        return "%s %%"
                .formatted(BigDecimal.valueOf(level)
                        .movePointRight(2)
                        .stripTrailingZeros()
                        .toPlainString());
    }
}
