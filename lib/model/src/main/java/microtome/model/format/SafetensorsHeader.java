package microtome.model.format;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import microtome.tensor.Shape;

/** The JSON table of contents of a safetensors file: name → dtype, shape, data_offsets. */
final class SafetensorsHeader {
    private static final String HEADER = "header";
    private static final String METADATA = "__metadata__";

    private final Map<String, Slot> slots = new LinkedHashMap<>();
    private final Map<String, String> metadata = new LinkedHashMap<>();

    private SafetensorsHeader() {}

    static SafetensorsHeader parse(Path path, String text) {
        SafetensorsHeader header = new SafetensorsHeader();
        StrictJson.read(path, HEADER, text, header::read);
        return header;
    }

    /** All tensors by name; ranges count from the end of the header. */
    Map<String, Slot> slots() {
        return slots;
    }

    Map<String, String> metadata() {
        return metadata;
    }

    private void read(StrictJson json) throws IOException {
        json.begin(HEADER);
        while (json.nextField()) {
            String name = json.field();
            if (name.equals(METADATA)) {
                readMetadata(json);
            } else {
                slots.put(name, slot(json, name));
            }
        }
    }

    private void readMetadata(StrictJson json) throws IOException {
        json.begin(METADATA);
        while (json.nextField()) {
            String key = json.field();
            metadata.put(key, json.string(METADATA + " '" + key + "'"));
        }
    }

    private static Slot slot(StrictJson json, String name) throws IOException {
        String where = "tensor '" + name + "'";
        json.begin(where);
        StoredType type = null;
        Shape shape = null;
        long[] offsets = null;
        while (json.nextField()) {
            switch (json.field()) {
                case "dtype" -> type = type(json, where + " dtype");
                case "shape" -> shape = Shape.of(json.numbers(where + " shape", Shape.MAX_RANK));
                case "data_offsets" -> offsets = json.numbers(where + " data_offsets", 2);
                default -> throw json.bad(where, "field '" + json.field() + "'", "dtype, shape, data_offsets");
            }
        }
        if (type == null || shape == null || offsets == null) {
            throw json.bad(where, "a field is missing", "all of dtype, shape, data_offsets");
        }
        if (offsets.length != 2 || offsets[0] > offsets[1]) {
            throw json.bad(where + " data_offsets", Arrays.toString(offsets), "[begin, end] with begin <= end");
        }
        Slot slot = new Slot(name, type, shape, offsets[0], offsets[1]);
        requireLength(json, slot);
        return slot;
    }

    private static StoredType type(StrictJson json, String where) throws IOException {
        String name = json.string(where);
        return StoredType.ofSafetensorsName(name)
                .orElseThrow(() -> json.bad(where, "'" + name + "'", StoredType.safetensorsNames()));
    }

    private static void requireLength(StrictJson json, Slot slot) {
        long needed;
        try {
            needed = slot.type().bytes(slot.shape());
        } catch (ArithmeticException impossible) {
            throw json.bad("tensor '%s' shape".formatted(slot.name()), slot.shape() + "", impossible.getMessage())
                    .because(impossible);
        }
        if (slot.bytes() != needed) {
            throw json.bad(
                    "tensor '%s'".formatted(slot.name()),
                    "data_offsets [%d, %d] span %d bytes".formatted(slot.start(), slot.end(), slot.bytes()),
                    "%d bytes, which %s %s takes".formatted(needed, slot.type(), slot.shape()));
        }
    }
}
