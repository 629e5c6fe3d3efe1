package microtome.probe.attention;

import java.util.stream.IntStream;

/**
 * Where one head looks on average. Position 0 can only look at itself, so the means are over the queries from 1 on; NaN
 * for a prompt of one token.
 *
 * @param entropy mean of {@code -sum(p ln p)} over the keys, in nats
 * @param first mean weight on position 0
 * @param previous mean weight on the position just before; for query 1 that is position 0 too
 * @param itself mean weight on the query's own position
 */
public record HeadStatistics(double entropy, double first, double previous, double itself) {

    /** The statistics of a pattern {@code [queries, keys]}. */
    static HeadStatistics of(float[][] pattern) {
        IntStream queries = IntStream.range(1, pattern.length);
        double[] sums =
                queries.mapToObj(query -> ofQuery(pattern[query], query)).reduce(new double[4], HeadStatistics::plus);
        double n = pattern.length - 1; // 0 makes every mean NaN
        return new HeadStatistics(sums[0] / n, sums[1] / n, sums[2] / n, sums[3] / n);
    }

    /** Entropy in nats of one row of weights. */
    static double entropy(float[] weights) {
        double entropy = 0;
        for (float weight : weights) {
            entropy -= weight > 0 ? weight * Math.log(weight) : 0;
        }
        return entropy;
    }

    private static double[] ofQuery(float[] weights, int query) {
        return new double[] {entropy(weights), weights[0], weights[query - 1], weights[query]};
    }

    private static double[] plus(double[] left, double[] right) {
        return IntStream.range(0, left.length)
                .mapToDouble(i -> left[i] + right[i])
                .toArray();
    }
}
