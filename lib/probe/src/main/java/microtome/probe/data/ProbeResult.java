package microtome.probe.data;

import java.io.IOException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import microtome.display.Displayable;
import microtome.display.Explanation;
import microtome.display.Figure;
import microtome.display.MimeTypes;
import microtome.display.Table;

/**
 * What a probe found: plain Java numbers with a picture, a table and a definition. Holds no model and no device memory,
 * so it can be kept, shown and saved after both are gone. As the value of a cell it shows its picture; where there is
 * only text, its table.
 *
 * @param <V> the plain arrays
 */
public interface ProbeResult<V> extends Displayable {
    /** The picture. */
    Figure plot();

    /** The numbers for reading. */
    Table table();

    /** The numbers for computing, as copies. */
    V values();

    /** What the numbers mean and where they come from. */
    Explanation explain();

    /** Everything as JSON, for {@link #fromJson}: numbers, labels and where they come from. */
    default String json() {
        return SavedResult.json(this);
    }

    /**
     * Writes {@link #json()}.
     *
     * @throws IOException if the file cannot be written; what stood in it is still there then
     */
    default void save(Path file) throws IOException {
        SavedResult.write(this, file);
    }

    /** Writes the table as comma-separated values with full precision. */
    default void saveCsv(Path file) throws IOException {
        table().saveCsv(file);
    }

    /**
     * A saved result, of the class it had: {@code (Curvature) ProbeResult.load(file)}.
     *
     * @throws IOException if the file cannot be read
     * @throws IllegalArgumentException if it is no saved result or a damaged one; the message says what is wrong
     */
    static ProbeResult<?> load(Path file) throws IOException {
        return SavedResult.read(file);
    }

    /**
     * A result from its {@link #json()}.
     *
     * @throws IllegalArgumentException if it is no saved result or a damaged one; the message says what is wrong
     */
    static ProbeResult<?> fromJson(String json) {
        return SavedResult.read(json, "the text");
    }

    @Override
    default Map<String, Object> mimeBundle() {
        var bundle = new LinkedHashMap<>(plot().mimeBundle());
        bundle.put(MimeTypes.TEXT, plainText());
        return bundle;
    }

    @Override
    default String plainText() {
        return table().plainText();
    }
}
