package microtome.model.family;

import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import microtome.model.format.GgufMetadata;

/** Settings of the metadata of a GGUF file. */
public record GgufSettings(GgufMetadata metadata) implements Settings {

    @Override
    public OptionalDouble number(String key) {
        if (!metadata.has(key)) {
            return OptionalDouble.empty();
        }
        boolean fraction = metadata.kind(key).startsWith("F");
        return OptionalDouble.of(fraction ? metadata.floatValue(key) : metadata.longValue(key));
    }

    @Override
    public Optional<String> text(String key) {
        return metadata.has(key) ? Optional.of(metadata.string(key)) : Optional.empty();
    }

    @Override
    public Optional<Boolean> flag(String key) {
        return metadata.has(key) ? Optional.of(metadata.booleanValue(key)) : Optional.empty();
    }

    @Override
    public List<String> texts(String key) {
        return List.of();
    }

    @Override
    public boolean isNull(String key) {
        return false;
    }

    @Override
    public String source() {
        return metadata.path().toString();
    }
}
