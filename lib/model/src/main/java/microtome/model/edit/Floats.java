package microtome.model.edit;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import microtome.model.Values;
import microtome.tensor.Shape;

/** Arrays of numbers in JSON: a shape and the little-endian bytes of their F32 values in base 64, so that no bit is lost. */
final class Floats {
    private static final String BYTES = "f32_base64";

    private Floats() {}

    static Map<String, Object> tree(Values values) {
        return tree(values.array(), values.shape().extents());
    }

    static Map<String, Object> tree(Direction direction) {
        return tree(direction.numbers(), direction.width());
    }

    static Values values(JsonFields fields) {
        long[] extents =
                fields.integers("shape").stream().mapToLong(Integer::longValue).toArray();
        if (extents.length == 0 || Arrays.stream(extents).anyMatch(extent -> extent < 1)) {
            throw fields.wrong("shape", Arrays.toString(extents), "extents of at least 1");
        }
        float[] numbers = numbers(fields);
        Shape shape = Shape.of(extents);
        if (shape.elements() != numbers.length) {
            throw fields.wrong(
                    BYTES, numbers.length + " numbers", "%d numbers to fill %s".formatted(shape.elements(), shape));
        }
        return new Values(shape, numbers);
    }

    static Direction direction(JsonFields fields) {
        Values values = values(fields.child("direction"));
        if (values.shape().rank() != 1) {
            throw fields.wrong("direction", values.shape(), "one axis");
        }
        return new Direction(values.array());
    }

    private static Map<String, Object> tree(float[] numbers, long... extents) {
        var bytes = ByteBuffer.allocate(Math.multiplyExact(Float.BYTES, numbers.length))
                .order(ByteOrder.LITTLE_ENDIAN);
        bytes.asFloatBuffer().put(numbers);
        var tree = new LinkedHashMap<String, Object>();
        tree.put("shape", List.copyOf(Arrays.stream(extents).boxed().toList()));
        tree.put(BYTES, Base64.getEncoder().encodeToString(bytes.array()));
        return tree;
    }

    private static float[] numbers(JsonFields fields) {
        byte[] bytes;
        try {
            bytes = Base64.getDecoder().decode(fields.text(BYTES));
        } catch (IllegalArgumentException notBase64) {
            throw new IllegalArgumentException(
                    "%s: \"%s\" cannot be read: %s".formatted(fields.what(), BYTES, notBase64.getMessage()), notBase64);
        }
        var numbers = new float[bytes.length / Float.BYTES];
        ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN).asFloatBuffer().get(numbers);
        if (bytes.length % Float.BYTES != 0) {
            throw fields.wrong(BYTES, bytes.length + " bytes", "a multiple of 4");
        }
        return numbers;
    }
}
