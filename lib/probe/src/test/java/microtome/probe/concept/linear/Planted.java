package microtome.probe.concept.linear;

import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import microtome.probe.data.Vectors;

/** Numbers from a seed, the same as {@code environment/peers/probe_references.py} makes. */
public final class Planted {
    private Planted() {}

    /** A normal number from two uniform ones. */
    public static double normal(SplittableRandom random) {
        double first = random.nextDouble();
        double second = random.nextDouble();
        return Math.sqrt(-2 * Math.log(1 - first)) * Math.cos(2 * Math.PI * second);
    }

    static double[][] normals(SplittableRandom random, int rows, int columns) {
        var all = new double[rows][columns];
        for (double[] row : all) {
            for (int i = 0; i < columns; i++) {
                row[i] = normal(random);
            }
        }
        return all;
    }

    /** Classes by chance, one shift for each, normal noise; feature 0 on a scale of its own. */
    public static Samples shifted(long seed, int samples, int width, int classes, double scale) {
        var random = new SplittableRandom(seed);
        int[] labels = IntStream.range(0, samples)
                .map(i -> (int) (random.nextDouble() * classes))
                .toArray();
        double[][] shifts = normals(random, classes, width);
        double[][] noise = normals(random, samples, width);
        var rows = new float[samples][width];
        for (int row = 0; row < samples; row++) {
            for (int i = 0; i < width; i++) {
                double value = noise[row][i] + 0.5 * shifts[labels[row]][i];
                rows[row][i] = (float) (i == 0 ? value * scale + 3 * scale : value);
            }
        }
        return new Samples(rows, labels, names(classes));
    }

    static List<String> names(int classes) {
        return IntStream.range(0, classes).mapToObj(each -> "class " + each).toList();
    }

    /** The 400 vectors of 6 correlated numbers with which directions and probes of the methods are checked. */
    public static Samples correlated() {
        var random = new SplittableRandom(5);
        int[] labels = IntStream.range(0, 400)
                .map(i -> random.nextDouble() < 0.5 ? 1 : 0)
                .toArray();
        double[][] mixing = normals(random, 6, 6);
        double[][] noise = normals(random, 400, 6);
        double[] concept = {1, -1, 0.5, 0, 0, 0};
        var rows = new float[400][6];
        for (int row = 0; row < 400; row++) {
            for (int i = 0; i < 6; i++) {
                rows[row][i] = (float) (Vectors.dot(mixing[i], noise[row]) + labels[row] * concept[i]);
            }
        }
        return new Samples(rows, labels, List.of("without", "with"));
    }
}
