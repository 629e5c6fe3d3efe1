package microtome.display;

import java.util.Map;
import java.util.Objects;

/**
 * A value that a notebook cell can show. Kernel adapters ask for the bundle and send it as it is; this package knows
 * no kernel. Implementations hold plain Java data only, so that a shown value never keeps a model or an engine alive.
 */
@FunctionalInterface
public interface Displayable {
    /**
     * The value in every form it has, richest first.
     *
     * @return from MIME type to a {@code String}, or for JSON types to a tree of {@code Map}, {@code List},
     *     {@code Number}, {@code Boolean}, {@code String} and {@code null}, free of NaN and infinities. The entry
     *     {@link MimeTypes#TEXT} is always present.
     */
    Map<String, Object> mimeBundle();

    /** The text form alone, for terminals and logs; the same as the bundle's {@link MimeTypes#TEXT}. */
    default String plainText() {
        return Objects.toString(mimeBundle().get(MimeTypes.TEXT), "");
    }
}
