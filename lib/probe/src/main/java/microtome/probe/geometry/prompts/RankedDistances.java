package microtome.probe.geometry.prompts;

import java.util.Arrays;
import microtome.probe.data.statistics.Pearson;
import microtome.probe.data.statistics.Spearman;

/**
 * The distances of one layer, ranked once for the correlations with all others.
 *
 * @param distances of all pairs of prompts
 * @param ranks of the distances; null where one of them is NaN, because others then rank otherwise beside every partner
 */
record RankedDistances(double[] distances, double[] ranks) {
    /** With fewer pairs the correlation says itself why it is none. */
    private static final int FEWEST = 4;

    static RankedDistances of(double[] distances) {
        boolean complete = distances.length > 0 && Arrays.stream(distances).noneMatch(Double::isNaN);
        return new RankedDistances(distances, complete ? Spearman.ranks(distances) : null);
    }

    /** The rank correlation with another layer. */
    Spearman with(RankedDistances other) {
        if (ranks == null || other.ranks == null || distances.length < FEWEST) {
            return Spearman.of(distances, other.distances);
        }
        Pearson ofRanks = Pearson.of(ranks, other.ranks);
        return new Spearman(ofRanks.value(), ofRanks.n(), ofRanks.leftOut(), ofRanks.reason());
    }
}
