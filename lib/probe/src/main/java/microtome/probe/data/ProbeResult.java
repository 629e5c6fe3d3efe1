package microtome.probe.data;

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
