package microtome.model.family;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.function.Function;
import java.util.function.Predicate;

/** Settings of a {@code config.json}; a dot in a key goes one object deeper. */
public record JsonSettings(JsonNode root, String source) implements Settings {

    @Override
    public OptionalDouble number(String key) {
        JsonNode node = scalar(key, JsonNode::isNumber, "a number");
        return node.isNumber() ? OptionalDouble.of(node.doubleValue()) : OptionalDouble.empty();
    }

    @Override
    public Optional<String> text(String key) {
        JsonNode node = scalar(key, JsonNode::isTextual, "a text");
        return node.isTextual() ? Optional.of(node.textValue()) : Optional.empty();
    }

    @Override
    public Optional<Boolean> flag(String key) {
        JsonNode node = scalar(key, JsonNode::isBoolean, "true or false");
        return node.isBoolean() ? Optional.of(node.booleanValue()) : Optional.empty();
    }

    @Override
    public List<String> texts(String key) {
        return listed(key, JsonNode::isTextual, "texts", JsonNode::textValue);
    }

    @Override
    public List<Double> numbers(String key) {
        return listed(key, JsonNode::isNumber, "numbers", JsonNode::doubleValue);
    }

    @Override
    public List<Boolean> flags(String key) {
        return listed(key, JsonNode::isBoolean, "true or false", JsonNode::booleanValue);
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

    /** A value of another kind would be taken for a missing one, and the default of the family for what the file says. */
    private JsonNode scalar(String key, Predicate<JsonNode> fits, String wanted) {
        JsonNode node = find(key);
        if (node.isValueNode() && !node.isNull() && !fits.test(node)) {
            throw wrong(key, node, wanted);
        }
        return node;
    }

    private <T> List<T> listed(String key, Predicate<JsonNode> fits, String wanted, Function<JsonNode, T> value) {
        var values = new ArrayList<T>();
        JsonNode list = find(key);
        for (JsonNode node : list) {
            if (!fits.test(node)) {
                throw wrong(key, list, "a list of " + wanted);
            }
            values.add(value.apply(node));
        }
        return values;
    }

    private IllegalArgumentException wrong(String key, JsonNode found, String wanted) {
        return new IllegalArgumentException(
                "%s: '%s' is %s, expected %s".formatted(source, key.replace('.', '/'), found, wanted));
    }

    private JsonNode find(String key) {
        return root.at("/" + key.replace('.', '/'));
    }
}
