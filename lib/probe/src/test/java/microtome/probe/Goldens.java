package microtome.probe;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.stream.IntStream;
import java.util.stream.StreamSupport;

/** The numbers of {@code goldens/smollm2.json}, which {@code goldens.py} beside it wrote. */
public final class Goldens {
    private static final JsonNode ALL = read();

    private Goldens() {}

    public static JsonNode at(String... path) {
        JsonNode node = ALL;
        for (String key : path) {
            node = node.path(key);
        }
        if (node.isMissingNode()) {
            throw new IllegalArgumentException("no golden numbers at " + String.join(".", path));
        }
        return node;
    }

    public static double[] numbers(JsonNode array) {
        return StreamSupport.stream(array.spliterator(), false)
                .mapToDouble(JsonNode::doubleValue)
                .toArray();
    }

    public static int[] integers(JsonNode array) {
        return StreamSupport.stream(array.spliterator(), false)
                .mapToInt(JsonNode::intValue)
                .toArray();
    }

    public static double[][] rows(JsonNode array) {
        return IntStream.range(0, array.size())
                .mapToObj(row -> numbers(array.get(row)))
                .toArray(double[][]::new);
    }

    private static JsonNode read() {
        try (var stream = Goldens.class.getResourceAsStream("/goldens/smollm2.json")) {
            return new ObjectMapper().readTree(stream);
        } catch (IOException missing) {
            throw new UncheckedIOException(missing);
        }
    }
}
