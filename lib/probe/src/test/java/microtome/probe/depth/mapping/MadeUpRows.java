package microtome.probe.depth.mapping;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.Predicate;
import java.util.stream.IntStream;

/** Layers of numbers that a test chose, the same at every way through. */
record MadeUpRows(int sourceWidth, int targetWidth, List<Batch> batches) implements LayerRows {
    /** The rows of all layers, {@code [layers][rows][width]}: of every ten batches eight are fitted to. */
    static MadeUpRows of(double[][][] sources, double[][][] targets, int rowsPerBatch) {
        var batches = new ArrayList<Batch>();
        for (int from = 0; from + rowsPerBatch <= sources[0].length; from += rowsPerBatch) {
            batches.add(new Batch(
                    Split.of(batches.size()),
                    rowsPerBatch,
                    slices(sources, from, rowsPerBatch),
                    slices(targets, from, rowsPerBatch)));
        }
        return new MadeUpRows(sources[0][0].length, targets[0][0].length, batches);
    }

    private static List<float[]> slices(double[][][] layers, int from, int count) {
        var slices = new ArrayList<float[]>();
        for (double[][] layer : layers) {
            int width = layer[0].length;
            var flat = new float[count * width];
            for (int i = 0; i < flat.length; i++) {
                flat[i] = (float) layer[from + i / width][i % width];
            }
            slices.add(flat);
        }
        return slices;
    }

    @Override
    public List<String> sources() {
        return names(batches.getFirst().sources().size());
    }

    @Override
    public List<String> targets() {
        return names(batches.getFirst().targets().size());
    }

    private static List<String> names(int count) {
        return IntStream.range(0, count).mapToObj(Integer::toString).toList();
    }

    @Override
    public void read(Predicate<Split> wanted, Consumer<Batch> reader) {
        batches.stream().filter(batch -> wanted.test(batch.split())).forEach(reader);
    }
}
