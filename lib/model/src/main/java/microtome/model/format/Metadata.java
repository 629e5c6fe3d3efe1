package microtome.model.format;

import java.util.List;

/** The named values that a weight file carries beside its tensors. */
public sealed interface Metadata permits GgufMetadata, TextMetadata {

    /** All keys, in the order of the file. */
    List<String> keys();

    /** Whether there is a value of this name. */
    boolean has(String key);

    /** The text under a key; fails when it is missing (naming the nearest keys) or not a text. */
    String string(String key);

    /** The text under a key, or the other one when the key is missing. */
    default String string(String key, String otherwise) {
        return has(key) ? string(key) : otherwise;
    }
}
