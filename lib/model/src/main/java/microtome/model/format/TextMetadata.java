package microtome.model.format;

import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/** Metadata that is text only, as in safetensors. */
public final class TextMetadata implements Metadata {
    private final Path path;
    private final Map<String, String> values;

    TextMetadata(Path path, Map<String, String> values) {
        this.path = path;
        this.values = new LinkedHashMap<>(values);
    }

    @Override
    public List<String> keys() {
        return List.copyOf(values.keySet());
    }

    @Override
    public boolean has(String key) {
        return values.containsKey(key);
    }

    @Override
    public String string(String key) {
        String value = values.get(Objects.requireNonNull(key, "key"));
        if (value == null) {
            throw new IllegalArgumentException(
                    "%s has no metadata '%s'; %s".formatted(path, key, Nearest.clause(key, values.keySet())));
        }
        return value;
    }
}
