package microtome.probe.depth.mapping;

import java.util.Arrays;
import java.util.List;
import microtome.tensor.Engine;
import microtome.tensor.Tensor;

/**
 * Sums of products of the features of some source layers with themselves and with those of all target layers. Products are F32
 * within a batch, of rows less the mean of the first batch, and F64 over batches; nothing else of the tokens is kept.
 */
final class CrossGrams {
    private final Engine engine;
    private final List<Integer> chosen;
    private final int sourceWidth;
    private final int targetWidth;
    private final double[][] products;
    private final double[][] sourceSums;
    private final double[][] targetSums;
    private float[][] sourceShifts;
    private float[][] targetShifts;
    private long rows;

    /** The sums for these source layers. */
    CrossGrams(Engine engine, List<Integer> chosen, LayerRows layers) {
        this.engine = engine;
        this.chosen = chosen;
        this.sourceWidth = layers.sourceWidth();
        this.targetWidth = layers.targetWidth();
        int targets = layers.targets().size();
        this.products = new double[chosen.size()][sourceWidth * (sourceWidth + targets * targetWidth)];
        this.sourceSums = new double[chosen.size()][sourceWidth];
        this.targetSums = new double[targets][targetWidth];
    }

    /** Bytes that the sums of one source layer take. */
    static long bytes(LayerRows layers) {
        long columns = layers.sourceWidth() + (long) layers.targets().size() * layers.targetWidth();
        return Double.BYTES * layers.sourceWidth() * columns;
    }

    void add(LayerRows.Batch batch) {
        if (sourceShifts == null) {
            sourceShifts = means(chosen.stream().map(batch.sources()::get).toList(), batch.rows());
            targetShifts = means(batch.targets(), batch.rows());
        }
        try (var _ = engine.openScope()) {
            Tensor targets = shifted(batch.targets(), targetShifts, batch.rows(), targetSums);
            for (int i = 0; i < chosen.size(); i++) {
                try (var _ = engine.openScope()) {
                    float[] own = batch.sources().get(chosen.get(i));
                    Tensor source = shifted(
                            List.of(own), new float[][] {sourceShifts[i]}, batch.rows(), new double[][] {sourceSums[i]
                            });
                    Tensor both = Tensor.concat(1, List.of(source, targets));
                    accumulate(products[i], source.permute(1, 0).matmul(both).toFloats());
                }
            }
        }
        rows += batch.rows();
    }

    long rows() {
        return rows;
    }

    /** The mean of a chosen source layer. */
    double[] sourceMean(int i) {
        return mean(sourceShifts[i], sourceSums[i]);
    }

    /** The mean of a target layer. */
    double[] targetMean(int target) {
        return mean(targetShifts[target], targetSums[target]);
    }

    /** Sums of products of the centred features of a chosen source layer, row-major {@code [width, width]}. */
    double[] gram(int i) {
        return centred(i, 0, sourceWidth, sourceSums[i]);
    }

    /** Sums of products of the centred features of a chosen source and a target, {@code [source width, target width]}. */
    double[] cross(int i, int target) {
        return centred(i, sourceWidth + target * targetWidth, targetWidth, targetSums[target]);
    }

    /** Lets go of the sums of a chosen source layer. */
    void drop(int i) {
        products[i] = null;
    }

    private double[] centred(int i, int firstColumn, int columns, double[] sums) {
        int all = products[i].length / sourceWidth;
        var centred = new double[sourceWidth * columns];
        for (int row = 0; row < sourceWidth; row++) {
            for (int column = 0; column < columns; column++) {
                centred[row * columns + column] =
                        products[i][row * all + firstColumn + column] - sourceSums[i][row] * sums[column] / rows;
            }
        }
        return centred;
    }

    private double[] mean(float[] shift, double[] sums) {
        var mean = new double[shift.length];
        for (int i = 0; i < mean.length; i++) {
            mean[i] = shift[i] + sums[i] / rows;
        }
        return mean;
    }

    /** The rows of all layers side by side, less their shifts, and their sums added to what there is. */
    private Tensor shifted(List<float[]> layers, float[][] shifts, int count, double[][] sums) {
        int width = shifts[0].length;
        int all = width * layers.size();
        var side = new float[count * all];
        for (int layer = 0; layer < shifts.length; layer++) {
            float[] own = layers.get(layer);
            for (int row = 0; row < count; row++) {
                for (int i = 0; i < width; i++) {
                    float value = own[row * width + i] - shifts[layer][i];
                    side[row * all + layer * width + i] = value;
                    sums[layer][i] += value;
                }
            }
        }
        return engine.tensor(side, count, all);
    }

    private static float[][] means(List<float[]> layers, int rows) {
        return layers.stream().map(layer -> mean(layer, rows)).toArray(float[][]::new);
    }

    private static float[] mean(float[] layer, int rows) {
        int width = layer.length / rows;
        var sums = new double[width];
        for (int i = 0; i < layer.length; i++) {
            sums[i % width] += layer[i];
        }
        var mean = new float[width];
        Arrays.setAll(sums, i -> sums[i] / rows);
        for (int i = 0; i < width; i++) {
            mean[i] = (float) sums[i];
        }
        return mean;
    }

    private static void accumulate(double[] sums, float[] more) {
        for (int i = 0; i < sums.length; i++) {
            sums[i] += more[i];
        }
    }
}
