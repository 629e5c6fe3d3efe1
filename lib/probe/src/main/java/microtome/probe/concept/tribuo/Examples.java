package microtome.probe.concept.tribuo;

import java.util.ArrayList;
import java.util.List;
import java.util.logging.Level;
import java.util.logging.Logger;
import java.util.stream.IntStream;
import org.tribuo.Example;
import org.tribuo.MutableDataset;
import org.tribuo.Output;
import org.tribuo.OutputFactory;
import org.tribuo.datasource.ListDataSource;
import org.tribuo.impl.ArrayExample;
import org.tribuo.provenance.SimpleDataSourceProvenance;

/**
 * Rows as Tribuo's examples. A feature of Tribuo is a name; the names are made once and shared, and have leading zeros, since
 * Tribuo numbers features by the order of their names. Zeros are kept, as an example that lacks one takes a slower way.
 */
public final class Examples {
    /** More examples than these are refused. */
    public static final int MOST = 20_000;
    /** More numbers than these are refused: they would be some 400 MB of Tribuo's objects. */
    public static final long MOST_VALUES = 20_000_000;

    // Held here, since a logger that nobody holds is forgotten with its level.
    private static final Logger LOG = Logger.getLogger("org.tribuo");

    private final String[] names;

    /** Examples of so many features. */
    public Examples(int width) {
        names = IntStream.range(0, width).mapToObj("f%05d"::formatted).toArray(String[]::new);
        silence();
    }

    private static void silence() {
        if (LOG.getLevel() == null) {
            LOG.setLevel(Level.SEVERE);
        }
    }

    /**
     * Checks that Tribuo can hold the vectors.
     *
     * @throws IllegalArgumentException if there are too many; says how many there may be
     */
    public static void require(int examples, int width) {
        if (examples > MOST || (long) examples * width > MOST_VALUES) {
            throw new IllegalArgumentException(
                    "%,d prompts of %,d features; Tribuo keeps every number with its name, so at most %,d prompts and %,d numbers are taken: draw %,d prompts with set.sample(perClass, seed)"
                            .formatted(examples, width, MOST, MOST_VALUES, Math.min(MOST, MOST_VALUES / width)));
        }
    }

    /** A row with its output; the numbers are widened and copied. */
    public <T extends Output<T>> Example<T> example(T output, float[] row) {
        var values = new double[row.length];
        for (int i = 0; i < values.length; i++) {
            values[i] = row[i];
        }
        return new ArrayExample<>(output, names, values);
    }

    /**
     * Rows with their outputs.
     *
     * @param rows {@code [n][width]}, all finite
     * @param outputs one for every row
     * @param factory of outputs
     * @param description for the provenance
     */
    public <T extends Output<T>> MutableDataset<T> dataset(
            float[][] rows, List<T> outputs, OutputFactory<T> factory, String description) {
        var examples = new ArrayList<Example<T>>();
        for (int row = 0; row < rows.length; row++) {
            examples.add(example(outputs.get(row), rows[row]));
        }
        var provenance = new SimpleDataSourceProvenance(description, factory);
        return new MutableDataset<>(new ListDataSource<>(examples, factory, provenance));
    }
}
