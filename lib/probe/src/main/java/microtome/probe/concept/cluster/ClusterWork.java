package microtome.probe.concept.cluster;

import java.nio.FloatBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.TreeSet;
import microtome.display.InterruptedWorkException;
import microtome.display.Progress;
import microtome.probe.concept.evaluation.PromptLabels;
import microtome.probe.concept.linear.Samples;
import microtome.probe.concept.tribuo.Examples;
import microtome.probe.concept.tribuo.ShortProvenance;
import microtome.probe.data.prompt.PromptStates;
import microtome.tensor.WaitInterruptedException;
import org.tribuo.Dataset;
import org.tribuo.clustering.ClusterID;
import org.tribuo.clustering.ClusteringFactory;
import org.tribuo.clustering.hdbscan.HdbscanTrainer;
import org.tribuo.clustering.kmeans.KMeansTrainer;
import org.tribuo.clustering.kmeans.KMeansTrainer.Initialisation;
import org.tribuo.math.distance.DistanceType;
import org.tribuo.math.neighbour.NeighboursQueryFactoryType;
import org.tribuo.provenance.ModelProvenance;

/** Finds the clusters of all layers, one after the other; an interrupt is heard between two of them. */
final class ClusterWork {
    private static final int MOST_ITERATIONS = 300;
    private static final int NOISE = 0; // HDBSCAN numbers its clusters from 1

    private final PromptStates states;
    private final ClusterOptions options;
    private final Samples labels;
    private final int k;

    private ClusterWork(PromptStates states, ClusterOptions options) {
        this.states = states;
        this.options = options;
        this.labels = PromptLabels.of(states.prompts());
        this.k = options.k() == 0 ? labels.names().size() : options.k();
        Examples.require(labels.size(), states.width());
        require("k = %d clusters".formatted(k), k, labels.size());
        require(
                "clusters of at least %d prompts".formatted(options.minClusterSize()),
                options.minClusterSize(),
                labels.size());
        require(
                "%d principal components".formatted(options.components()),
                options.components(),
                Math.min(labels.size() - 1, states.width()));
    }

    private void require(String asked, int number, int most) {
        if (number > most) {
            throw new IllegalArgumentException("%s of %d prompts of '%s' with %d features; at most %d"
                    .formatted(asked, labels.size(), states.prompts().name(), states.width(), most));
        }
    }

    static ClusterAgreement run(PromptStates states, ClusterOptions options) {
        var work = new ClusterWork(states, options);
        return new ClusterAgreement(
                states.prompts().name(),
                work.labels.names(),
                states.layers(),
                options,
                work.k,
                work.labels.size(),
                work.readings(),
                states.origin());
    }

    private List<ClusterReading> readings() {
        var readings = new ArrayList<ClusterReading>();
        Clustering[] ways = Clustering.values();
        int all = states.layers().size() * ways.length;
        try (var progress =
                Progress.of("clusters of '%s'".formatted(states.prompts().name()), all)) {
            for (int layer = 0; layer < states.layers().size(); layer++) {
                read(layer, readings, progress);
            }
        } catch (InterruptedWorkException | WaitInterruptedException stopped) {
            Thread.interrupted(); // heard: what is done is handed on
            for (int next = readings.size(); next < all; next++) {
                readings.add(ClusterReading.missing(
                        states.layers().get(next / ways.length),
                        ways[next % ways.length],
                        "stopped before these clusters were found"));
            }
        }
        return readings;
    }

    private void read(int layer, List<ClusterReading> readings, Progress progress) {
        String name = states.layers().get(layer);
        String broken = "";
        Dataset<ClusterID> data = null;
        try {
            data = data(layer);
        } catch (IllegalArgumentException unfit) {
            broken = "layer %s: %s".formatted(name, unfit.getMessage());
        }
        for (Clustering way : Clustering.values()) {
            readings.add(data == null ? ClusterReading.missing(name, way, broken) : read(name, way, data));
            progress.step();
        }
    }

    private Dataset<ClusterID> data(int layer) {
        float[][] rows = new Samples(states.states()[layer], labels.classes(), labels.names()).rows();
        long different = Arrays.stream(rows).map(FloatBuffer::wrap).distinct().count();
        if (different < k) {
            throw new IllegalArgumentException(
                    "%d different vector%s for %d clusters".formatted(different, different == 1 ? "" : "s", k));
        }
        float[][] scaled = options.scaling().apply(rows, rows);
        float[][] seen = options.components() == 0 ? scaled : PrincipalRows.of(scaled, options.components());
        List<ClusterID> classes =
                Arrays.stream(labels.classes()).mapToObj(ClusterID::new).toList();
        return new Examples(seen[0].length)
                .dataset(
                        seen,
                        classes,
                        new ClusteringFactory(),
                        "layer " + states.layers().get(layer));
    }

    private ClusterReading read(String layer, Clustering way, Dataset<ClusterID> data) {
        return switch (way) {
            case K_MEANS -> kMeans(layer, data);
            case HDBSCAN -> dense(layer, data);
        };
    }

    private ClusterReading kMeans(String layer, Dataset<ClusterID> data) {
        var distance = DistanceType.L2.getDistance();
        var trainer = new KMeansTrainer(k, MOST_ITERATIONS, distance, Initialisation.PLUSPLUS, 1, options.seed());
        var model = trainer.train(data);
        List<Integer> found = model.predict(data).stream()
                .map(each -> each.getOutput().getID())
                .toList();
        return reading(layer, Clustering.K_MEANS, found, -1, model.getProvenance());
    }

    private ClusterReading dense(String layer, Dataset<ClusterID> data) {
        int size = options.minClusterSize();
        var trainer = new HdbscanTrainer(
                size, DistanceType.L2.getDistance(), size, 1, NeighboursQueryFactoryType.BRUTE_FORCE);
        var model = trainer.train(data);
        return reading(layer, Clustering.HDBSCAN, model.getClusterLabels(), NOISE, model.getProvenance());
    }

    private ClusterReading reading(
            String layer, Clustering way, List<Integer> found, int noise, ModelProvenance provenance) {
        var order = new ArrayList<>(new TreeSet<>(found));
        int lost = Collections.frequency(found, noise);
        if (lost > 0) {
            order.remove(Integer.valueOf(noise));
            order.add(noise);
        }
        var counts = new int[order.size()][labels.names().size()];
        for (int row = 0; row < found.size(); row++) {
            counts[order.indexOf(found.get(row))][labels.classes()[row]]++;
        }
        String words = "%s; %s".formatted(ShortProvenance.trainer(provenance), ShortProvenance.data(provenance));
        return new ClusterReading(layer, way, "", Agreement.of(counts), counts, lost, words);
    }
}
