package microtome.probe.concept.cluster;

import microtome.probe.concept.tribuo.Scaling;

/**
 * How clusters are found.
 *
 * @param scaling of the vectors, over all prompts
 * @param components how many principal components of the scaled vectors are clustered; 0 for the vectors themselves
 * @param k clusters of k-means; 0 for as many as there are labels
 * @param minClusterSize the least prompts that HDBSCAN calls a cluster, and the neighbours, itself among them, by which it
 *     measures density
 * @param seed of the first centres of k-means
 */
public record ClusterOptions(Scaling scaling, int components, int k, int minClusterSize, long seed) {
    /** Standardised, all features, as many clusters as labels, at least five prompts in a dense region, seed 42. */
    public static final ClusterOptions DEFAULT = new ClusterOptions(Scaling.STANDARDISED, 0, 0, 5, 42);

    /** Checks that no number is negative, and that a cluster has at least two prompts. */
    public ClusterOptions {
        if (components < 0 || k < 0 || k == 1 || minClusterSize < 2) {
            throw new IllegalArgumentException(
                    "%d components, k = %d, smallest cluster %d: need components >= 0 (0: all features), k >= 2 (or 0: one for each label), smallest cluster >= 2"
                            .formatted(components, k, minClusterSize));
        }
    }

    /** These options with another scaling. */
    public ClusterOptions scaling(Scaling other) {
        return new ClusterOptions(other, components, k, minClusterSize, seed);
    }

    /** These options on the first principal components only. */
    public ClusterOptions components(int other) {
        return new ClusterOptions(scaling, other, k, minClusterSize, seed);
    }

    /** These options with another number of clusters for k-means. */
    public ClusterOptions k(int other) {
        return new ClusterOptions(scaling, components, other, minClusterSize, seed);
    }

    /** These options with another smallest cluster for HDBSCAN. */
    public ClusterOptions minClusterSize(int other) {
        return new ClusterOptions(scaling, components, k, other, seed);
    }

    /** These options with another seed. */
    public ClusterOptions seed(long other) {
        return new ClusterOptions(scaling, components, k, minClusterSize, other);
    }

    @Override
    public String toString() {
        return "%s, %s; k-means: k %s, k-means++, seed %d; HDBSCAN: smallest cluster %d"
                .formatted(
                        scaling.label(),
                        components == 0 ? "all features" : "the first %d principal components".formatted(components),
                        k == 0 ? "= number of labels" : "= " + k,
                        seed,
                        minClusterSize);
    }
}
