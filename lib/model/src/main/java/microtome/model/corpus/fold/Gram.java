package microtome.model.corpus.fold;

import java.nio.file.Path;
import microtome.tensor.Shape;

/**
 * Sums of products of all pairs of features, not centred.
 *
 * @param count rows
 * @param products {@code [features][features]}
 */
public record Gram(long count, double[][] products) {
    private static final String KIND = "gram";

    /** Number of features. */
    public int features() {
        return products.length;
    }

    /** The sums over both sets of rows. */
    public Gram and(Gram other) {
        if (other.features() != features()) {
            throw new IllegalArgumentException(
                    "gram: %d features and %d features do not belong together; merge results of one site"
                            .formatted(features(), other.features()));
        }
        var sums = new double[features()][features()];
        for (int i = 0; i < sums.length; i++) {
            for (int j = 0; j < sums.length; j++) {
                sums[i][j] = products[i][j] + other.products[i][j];
            }
        }
        return new Gram(count + other.count, sums);
    }

    /** Writes a safetensors file. */
    public void save(Path file) {
        ResultFile.of(KIND)
                .put("count", new long[] {count}, Shape.of(1))
                .put("products", products)
                .write(file);
    }

    /** Reads what {@link #save} wrote. */
    public static Gram load(Path file) {
        try (var stored = ResultFile.open(file, KIND)) {
            return new Gram(stored.longs("count")[0], stored.matrix("products"));
        }
    }

    @Override
    public String toString() {
        return "sums of products of %,d rows of %,d features".formatted(count, features());
    }
}
