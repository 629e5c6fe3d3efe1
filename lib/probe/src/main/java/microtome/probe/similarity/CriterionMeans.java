package microtome.probe.similarity;

import java.util.Arrays;
import java.util.List;
import microtome.tensor.Engine;

/**
 * HSIC1 of any two layers, averaged over batches by their rows. Each is free of bias whatever the size of the batch, so the
 * ratio of the three means is that of the whole corpus; the mean of the ratios would not be.
 *
 * @see <a href="https://arxiv.org/abs/2010.15327">Nguyen et al. 2021, equation 3</a>
 */
final class CriterionMeans implements BatchSums {
    private final Engine engine;
    private final MassiveRows massive = new MassiveRows();
    private double[][] sums;
    private boolean[] constant;
    private long rows;
    private long batches;

    CriterionMeans(Engine engine) {
        this.engine = engine;
    }

    @Override
    public void add(List<Representation> batch) {
        List<Centred> layers = batch.stream().map(Centred::new).toList();
        massive.look(layers);
        GramSums grams = Similarity.sums(layers, engine);
        if (sums == null) {
            sums = new double[layers.size()][layers.size()];
            constant = new boolean[layers.size()];
            Arrays.fill(constant, true);
        }
        for (int a = 0; a < sums.length; a++) {
            constant[a] &= layers.get(a).isConstant();
            for (int b = 0; b < sums.length; b++) {
                sums[a][b] += grams.rows() * grams.unbiased(a, b);
            }
        }
        rows += grams.rows();
        batches++;
    }

    @Override
    public Alignments alignments() {
        var means = new double[sums.length][sums.length];
        for (int a = 0; a < sums.length; a++) {
            for (int b = 0; b < sums.length; b++) {
                means[a][b] = sums[a][b] / rows;
            }
        }
        return new Alignments(means, constant, rows);
    }

    @Override
    public MassiveRows massive() {
        return massive;
    }

    @Override
    public long batches() {
        return batches;
    }
}
