package microtome.probe.concept.linear;

import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;

/**
 * Vectors with a class each. The rows are not copied and must not change.
 *
 * @param rows {@code [samples][width]}, all finite
 * @param classes the class of every sample, an index into {@code names}
 * @param names of the classes, at least one; with two of them the second is the positive one
 */
public record Samples(float[][] rows, int[] classes, List<String> names) {
    /** Checks that there are samples, all finite and equally wide, each of a class that has a name. */
    public Samples {
        names = List.copyOf(names);
        if (rows.length == 0 || rows.length != classes.length) {
            throw new IllegalArgumentException("%d samples with %d classes; need a class each, and at least one sample"
                    .formatted(rows.length, classes.length));
        }
        for (int row = 0; row < rows.length; row++) {
            check(rows, row);
            if (classes[row] < 0 || classes[row] >= names.size()) {
                throw new IllegalArgumentException("sample %d is of class %d; the classes %s are 0..%d"
                        .formatted(row, classes[row], names, names.size() - 1));
            }
        }
    }

    private static void check(float[][] rows, int row) {
        if (rows[row].length != rows[0].length || rows[row].length == 0) {
            throw new IllegalArgumentException(
                    "sample %d has %d features, sample 0 has %d; need equally many, at least 1"
                            .formatted(row, rows[row].length, rows[0].length));
        }
        for (int feature = 0; feature < rows[row].length; feature++) {
            if (!Float.isFinite(rows[row][feature])) {
                throw new IllegalArgumentException(
                        "feature %d of sample %d is %s; a probe needs finite numbers: look at the site it was read from"
                                .formatted(feature, row, rows[row][feature]));
            }
        }
    }

    /** Samples with the names of their classes, which are put in alphabetical order, as scikit-learn does. */
    public static Samples of(float[][] rows, List<String> labels) {
        List<String> names = labels.stream().distinct().sorted().toList();
        return new Samples(rows, labels.stream().mapToInt(names::indexOf).toArray(), names);
    }

    /** Number of samples. */
    public int size() {
        return rows.length;
    }

    /** Features of a sample. */
    public int width() {
        return rows[0].length;
    }

    /** How many samples each class has. */
    public int[] counts() {
        var counts = new int[names.size()];
        for (int each : classes) {
            counts[each]++;
        }
        return counts;
    }

    /** The samples at some places, in that order. */
    public Samples at(int... places) {
        return new Samples(
                Arrays.stream(places).mapToObj(place -> rows[place]).toArray(float[][]::new),
                Arrays.stream(places).map(place -> classes[place]).toArray(),
                names);
    }

    /** The samples from one place to before another. */
    public Samples between(int from, int to) {
        return at(IntStream.range(from, to).toArray());
    }

    /** The same samples with some of their features only, in that order. */
    public Samples features(int... kept) {
        var some = new float[rows.length][kept.length];
        for (int row = 0; row < rows.length; row++) {
            for (int i = 0; i < kept.length; i++) {
                some[row][i] = rows[row][kept[i]];
            }
        }
        return new Samples(some, classes, names);
    }

    /** The same vectors with other classes. */
    public Samples with(int[] others, List<String> otherNames) {
        return new Samples(rows, others, otherNames);
    }

    /** The mean vector of every class, {@code [classes][width]}; of a class without samples all NaN. */
    public double[][] means() {
        int[] counts = counts();
        var means = new double[names.size()][width()];
        for (int row = 0; row < rows.length; row++) {
            double[] mean = means[classes[row]];
            for (int i = 0; i < mean.length; i++) {
                mean[i] += rows[row][i];
            }
        }
        for (int each = 0; each < means.length; each++) {
            for (int i = 0; i < means[each].length; i++) {
                means[each][i] /= counts[each];
            }
        }
        return means;
    }

    /**
     * Checks that a probe can be fitted.
     *
     * @throws IllegalArgumentException if a class has no samples, or there is one class only
     */
    public void requireEveryClass(String probe) {
        int[] counts = counts();
        if (names.size() < 2) {
            throw new IllegalArgumentException(
                    "%s: all %d samples are of the class '%s'; a probe tells classes apart, so give at least two"
                            .formatted(probe, size(), names.getFirst()));
        }
        for (int each = 0; each < counts.length; each++) {
            if (counts[each] == 0) {
                throw new IllegalArgumentException(
                        "%s: no sample of the class '%s' among %d; give at least one of each of %s"
                                .formatted(probe, names.get(each), size(), names));
            }
        }
    }

    @Override
    public String toString() {
        return "%d samples of %d features, classes %s".formatted(size(), width(), names);
    }
}
