package microtome.probe.similarity;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.util.Random;
import java.util.stream.IntStream;
import microtome.probe.Goldens;
import org.assertj.core.data.Offset;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Against what {@code environment/peers/similarity_references.py} computed by other ways. */
class ReferencesTest {
    private static final double RELATIVE = 1e-9; // both sides compute in double precision

    @ParameterizedTest
    @ValueSource(strings = {"tall", "wide", "square", "narrow"})
    void agreesWithNumpy(String name) throws IOException {
        JsonNode expected = read().get(name);
        int width = expected.get("width").intValue();
        var random = new Random(expected.get("seed").intValue());
        double[][] x = Golden.uniform(random, expected.get("rows").intValue(), width);
        double[][] y = Golden.uniform(random, x.length, expected.get("other").intValue());
        for (int row = 0; row < x.length; row++) {
            for (int i = 0; i < y[row].length; i++) {
                y[row][i] = x[row][i % width] + 0.5 * y[row][i] + 10;
            }
        }
        Cka cka = Cka.of(x, y);
        assertThat(cka.biased()).isCloseTo(number(expected, "biased"), near(expected, "biased"));
        assertThat(cka.debiased()).isCloseTo(number(expected, "debiased"), near(expected, "debiased"));
        assertThat(Procrustes.of(x, y).similarity())
                .isCloseTo(number(expected, "procrustes"), near(expected, "procrustes"));
        double[] correlations = Goldens.numbers(expected.get("correlations"));
        if (correlations.length > 0) {
            double[] ours = CanonicalCorrelations.of(x, y).correlations();
            assertThat(ours).hasSameSizeAs(correlations);
            IntStream.range(0, ours.length)
                    .forEach(i -> assertThat(ours[i]).isCloseTo(correlations[i], within(RELATIVE)));
        }
    }

    private static double number(JsonNode node, String name) {
        return node.get(name).doubleValue();
    }

    private static Offset<Double> near(JsonNode node, String name) {
        return within(RELATIVE * Math.abs(number(node, name)));
    }

    private static JsonNode read() throws IOException {
        try (var stream = ReferencesTest.class.getResourceAsStream("/goldens/similarity.json")) {
            return new ObjectMapper().readTree(stream);
        }
    }
}
