package microtome.model.family;

import java.util.Optional;
import java.util.OptionalDouble;
import microtome.model.format.GgufMetadata;

/** Settings of the metadata of a GGUF file. */
public record GgufSettings(GgufMetadata metadata) implements Settings {

    @Override
    public OptionalDouble number(String key) {
        return metadata.has(key) ? OptionalDouble.of(metadata.floatValue(key)) : OptionalDouble.empty();
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
    public String source() {
        return metadata.path().toString();
    }
}
