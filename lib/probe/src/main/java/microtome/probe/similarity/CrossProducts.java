package microtome.probe.similarity;

import java.util.ArrayList;
import java.util.List;
import microtome.tensor.Engine;
import microtome.tensor.Tensor;

/**
 * {@code X'Y} of any two layers over a whole corpus, in double precision, for the alignment with its bias. Rows are taken
 * from near the mean, that of the first batch, so that centring afterwards costs no digits; products of a batch are F32.
 */
final class CrossProducts implements BatchSums {
    private final Engine engine;
    private final MassiveRows massive = new MassiveRows();
    private double[][] near;
    private double[][] sums;
    private double[][][] products;
    private double[] squares;
    private long rows;
    private long batches;

    CrossProducts(Engine engine) {
        this.engine = engine;
    }

    /** Bytes that so many layers of this width need. */
    static double bytes(int layers, int width) {
        return layers * (layers + 1.0) / 2 * width * width * Double.BYTES;
    }

    @Override
    public void add(List<Representation> batch) {
        List<Centred> centred = batch.stream().map(Centred::new).toList();
        massive.look(centred);
        if (near == null) {
            begin(batch, centred);
        }
        try (var _ = engine.openScope()) {
            var shifted = new ArrayList<Tensor>();
            for (int layer = 0; layer < batch.size(); layer++) {
                shifted.add(shifted(batch.get(layer), layer));
            }
            for (int a = 0; a < batch.size(); a++) {
                try (Tensor turned = shifted.get(a).permute(1, 0)) {
                    for (int b = 0; b <= a; b++) {
                        addTo(products[a][b], turned.matmul(shifted.get(b)));
                    }
                }
            }
        }
        rows += batch.getFirst().rows();
        batches++;
    }

    private void begin(List<Representation> batch, List<Centred> centred) {
        int count = batch.size();
        near = centred.stream().map(Centred::mean).toArray(double[][]::new);
        sums = batch.stream().map(layer -> new double[layer.width()]).toArray(double[][]::new);
        squares = new double[count];
        products = new double[count][count][];
        for (int a = 0; a < count; a++) {
            for (int b = 0; b <= a; b++) {
                products[a][b] = new double[batch.get(a).width() * batch.get(b).width()];
            }
        }
    }

    private Tensor shifted(Representation layer, int index) {
        var row = new double[layer.width()];
        var floats = new float[layer.rows() * layer.width()];
        for (int i = 0; i < layer.rows(); i++) {
            layer.copy(i, row);
            for (int j = 0; j < row.length; j++) {
                squares[index] += row[j] * row[j];
                float value = (float) (row[j] - near[index][j]);
                floats[i * row.length + j] = value;
                sums[index][j] += value;
            }
        }
        return engine.tensor(floats, layer.rows(), layer.width());
    }

    private static void addTo(double[] sum, Tensor product) {
        float[] values = product.toFloats();
        product.close();
        for (int i = 0; i < values.length; i++) {
            sum[i] += values[i];
        }
    }

    @Override
    public Alignments alignments() {
        int count = products.length;
        var criteria = new double[count][count];
        for (int a = 0; a < count; a++) {
            for (int b = 0; b <= a; b++) {
                criteria[a][b] = criterion(a, b);
                criteria[b][a] = criteria[a][b];
            }
        }
        var constant = new boolean[count];
        for (int a = 0; a < count; a++) {
            constant[a] = isConstant(a);
            for (int b = 0; constant[a] && b < count; b++) {
                criteria[a][b] = 0;
                criteria[b][a] = 0;
            }
        }
        return new Alignments(criteria, constant, rows);
    }

    /** The squared norm of {@code X'Y - n m m'}, m the means of what was taken from near the mean. */
    private double criterion(int a, int b) {
        double sum = 0;
        int width = sums[b].length;
        for (int i = 0; i < sums[a].length; i++) {
            for (int j = 0; j < width; j++) {
                double centred = products[a][b][i * width + j] - sums[a][i] * sums[b][j] / rows;
                sum += centred * centred;
            }
        }
        return sum;
    }

    /** What is left of a constant layer is the rounding of its mean. */
    private boolean isConstant(int layer) {
        int width = sums[layer].length;
        double trace = 0;
        for (int i = 0; i < width; i++) {
            trace += products[layer][layer][i * width + i] - sums[layer][i] * sums[layer][i] / rows;
        }
        double rounding = rows * 0x1p-52;
        return trace <= rounding * rounding * squares[layer];
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
