package microtome.probe.concept.cluster;

import microtome.probe.data.Copies;

/**
 * The clusters of one layer.
 *
 * @param layer its name
 * @param clustering how they were found
 * @param reason why there are none, or empty
 * @param agreement with the labels
 * @param counts {@code [cluster][label]}; noise, where there is any, is the last row
 * @param noise prompts in no cluster
 * @param provenance trainer and settings in Tribuo's words
 */
record ClusterReading(
        String layer,
        Clustering clustering,
        String reason,
        Agreement agreement,
        int[][] counts,
        int noise,
        String provenance) {
    ClusterReading {
        counts = Copies.of(counts);
    }

    static ClusterReading missing(String layer, Clustering clustering, String reason) {
        var nothing = new Agreement(Double.NaN, Double.NaN, Double.NaN);
        return new ClusterReading(layer, clustering, reason, nothing, new int[0][], 0, "");
    }

    boolean isMissing() {
        return !reason.isEmpty();
    }

    /** How many, noise not counted; NaN if nothing was read. */
    double clusters() {
        return isMissing() ? Double.NaN : counts.length - (noise > 0 ? 1 : 0);
    }

    /** Share of prompts in no cluster; NaN if nothing was read. */
    double noiseShare(int n) {
        return isMissing() ? Double.NaN : (double) noise / n;
    }
}
