package microtome.probe.concept.cluster;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.tribuo.util.infotheory.InformationTheory;

/**
 * How well two ways to part the same things agree. Mutual information, entropies and the mutual information that chance alone
 * gives are Tribuo's; they are put together here, because its evaluator of clusterings takes the first three in bits and the last
 * in nats.
 *
 * @param normalised mutual information over the mean of both entropies; 1 for the same parts, and above 0 by chance
 * @param adjusted the same, less what chance gives, both above and below; 1 for the same parts, 0 on average by chance
 * @param purity share of things that are of the most frequent label of their cluster
 * @see <a href="https://jmlr.org/papers/v11/vinh10a.html">Vinh et al. 2010</a>
 */
record Agreement(double normalised, double adjusted, double purity) {
    /** Of counts {@code [cluster][label]}. */
    static Agreement of(int[][] counts) {
        List<Integer> clusters = new ArrayList<>();
        List<Integer> labels = new ArrayList<>();
        for (int cluster = 0; cluster < counts.length; cluster++) {
            for (int label = 0; label < counts[cluster].length; label++) {
                for (int i = 0; i < counts[cluster][label]; i++) {
                    clusters.add(cluster);
                    labels.add(label);
                }
            }
        }
        double nats = InformationTheory.LOG_BASE;
        double shared = InformationTheory.mi(clusters, labels) * nats;
        double chance = InformationTheory.expectedMI(clusters, labels);
        double mean = (InformationTheory.entropy(clusters) + InformationTheory.entropy(labels)) / 2 * nats;
        double pure = Arrays.stream(counts)
                .mapToInt(row -> Arrays.stream(row).max().orElse(0))
                .sum();
        return new Agreement(shared / mean, (shared - chance) / (mean - chance), pure / clusters.size());
    }
}
