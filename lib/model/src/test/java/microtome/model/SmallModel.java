package microtome.model;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.foreign.MemorySegment;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;
import microtome.model.format.SafetensorsWriter;
import microtome.model.format.StoredType;
import microtome.model.format.WeightFormats;
import microtome.tensor.Shape;

/** A model in memory, whose configuration and tensors tests change before they write it: F32, by name. */
final class SmallModel {
    private static final JsonMapper JSON = new JsonMapper();

    /** Row-major numbers of a shape. */
    record Numbers(long[] shape, float[] values) {}

    private final ObjectNode config;
    private final Map<String, Numbers> tensors = new LinkedHashMap<>();

    private SmallModel(ObjectNode config) {
        this.config = config;
    }

    static SmallModel empty() {
        return new SmallModel(JSON.createObjectNode());
    }

    /** One of the fixtures. */
    static SmallModel of(String architecture) {
        return in(ReferenceData.path("architectures/" + architecture));
    }

    /** One of any folder, in one file. */
    static SmallModel in(Path folder) {
        try (var weights = WeightFormats.open(folder);
                var values = ReferenceData.open(folder)) {
            var model = new SmallModel(
                    (ObjectNode) JSON.readTree(folder.resolve("config.json").toFile()));
            for (String name : weights.names()) {
                model.put(name, values.floats(name), values.shape(name).extents());
            }
            return model;
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }

    ObjectNode config() {
        return config;
    }

    Map<String, Numbers> tensors() {
        return tensors;
    }

    SmallModel config(Consumer<ObjectNode> change) {
        change.accept(config);
        return this;
    }

    /** A key with a value written as JSON. */
    SmallModel set(String key, String json) {
        try {
            JsonNode value = JSON.readTree(json);
            config.set(key, value);
            return this;
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }

    SmallModel without(String... keys) {
        for (String key : keys) {
            config.remove(key);
        }
        return this;
    }

    SmallModel put(String name, float[] values, long... shape) {
        tensors.put(name, new Numbers(shape, values));
        return this;
    }

    SmallModel withoutTensor(String name) {
        tensors.remove(name);
        return this;
    }

    SmallModel renamed(UnaryOperator<String> names) {
        var old = new LinkedHashMap<>(tensors);
        tensors.clear();
        old.forEach((name, numbers) -> tensors.put(names.apply(name), numbers));
        return this;
    }

    /** Writes {@code model.safetensors} and {@code config.json}. */
    Path write(Path folder) {
        try {
            Files.createDirectories(folder);
            JSON.writeValue(folder.resolve("config.json").toFile(), config);
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
        try (var writer = SafetensorsWriter.to(folder.resolve("model.safetensors"))) {
            tensors.forEach((name, numbers) -> writer.declare(name, StoredType.F32, Shape.of(numbers.shape())));
            tensors.forEach((name, numbers) -> writer.write(name, MemorySegment.ofArray(numbers.values())));
            writer.finish();
        }
        return folder;
    }
}
