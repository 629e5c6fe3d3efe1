package microtome.model.family;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;

/** Settings of a {@code config.json}; a dot in a key goes one object deeper. */
public record JsonSettings(JsonNode root, String source) implements Settings {

    @Override
    public OptionalDouble number(String key) {
        JsonNode node = find(key);
        return node.isNumber() ? OptionalDouble.of(node.doubleValue()) : OptionalDouble.empty();
    }

    @Override
    public Optional<String> text(String key) {
        JsonNode node = find(key);
        return node.isTextual() ? Optional.of(node.textValue()) : Optional.empty();
    }

    @Override
    public Optional<Boolean> flag(String key) {
        JsonNode node = find(key);
        return node.isBoolean() ? Optional.of(node.booleanValue()) : Optional.empty();
    }

    @Override
    public List<String> texts(String key) {
        var texts = new ArrayList<String>();
        find(key).forEach(node -> texts.add(node.asText()));
        return texts;
    }

    @Override
    public boolean isNull(String key) {
        return find(key).isNull();
    }

    @Override
    public Settings within(String object) {
        JsonNode node = find(object);
        return node.isObject() ? new JsonSettings(node, source) : this;
    }

    private JsonNode find(String key) {
        return root.at("/" + key.replace('.', '/'));
    }
}
