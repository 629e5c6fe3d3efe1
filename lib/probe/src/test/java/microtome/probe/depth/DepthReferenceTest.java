package microtome.probe.depth;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Against transformers, which runs every block of every pass, with hooks. */
class DepthReferenceTest {
    /** Half a step of F32, grown by the square root of 3 blocks x 7 products x 32 terms: the relative error of a stream. */
    private static final double STREAM = 6e-8 * Math.sqrt(3 * 7 * 32);

    private static final List<String> FAMILIES = List.of("llama-tied", "gpt-neox", "gemma2", "olmo2", "bert");

    static Stream<Arguments> everySkip() {
        return FAMILIES.stream()
                .flatMap(family -> Stream.of(SkipReach.values())
                        .filter(reach -> !(family.equals("bert") && reach == SkipReach.FUTURE))
                        .flatMap(reach ->
                                Stream.of(SkippedPart.values()).map(part -> Arguments.of(family, reach, part))));
    }

    @ParameterizedTest
    @MethodSource("everySkip")
    void everyEffectIsThatOfTransformers(String family, SkipReach reach, SkippedPart part) {
        JsonNode reference = Fixtures.reference(family);
        try (var model = Fixtures.model(family)) {
            var depth = DepthUse.of(model, Fixtures.prompts(reference.path("ids")));
            SkipPlan plan = depth.skip().with(SkipOptions.DEFAULT.part(part));
            SkipEffect found = switch (reach) {
                case CURRENT -> plan.current();
                case FUTURE -> plan.future();
                case LOCAL -> plan.local();
            };
            JsonNode expected = reference.path("effects").path(label(reach)).path(label(part));
            double bound = bound(depth.contributions());
            assertRows(found.values().effect(), expected.path("later"), bound);
            for (int skipped = 0; skipped < 3; skipped++) {
                double output = found.values().output()[skipped];
                if (expected.path("output").isNull()) {
                    assertThat(output).isNaN();
                } else {
                    assertThat(output)
                            .isCloseTo(expected.path("output").get(skipped).doubleValue(), within(bound));
                }
            }
        }
    }

    private static String label(Enum<?> value) {
        return value.name().toLowerCase(Locale.ROOT);
    }

    /** A change is the difference of four streams, and is divided by the shortest contribution. */
    private static double bound(Contributions contributions) {
        double longest = Arrays.stream(contributions.of(Quantity.STREAM_NORM).maxima())
                .max()
                .orElseThrow();
        double shortest = contributions.of(Quantity.BLOCK_NORM).byBlock().stream()
                .mapToDouble(Spread::median)
                .min()
                .orElseThrow();
        return 4 * STREAM * longest / shortest;
    }

    private static void assertRows(double[][] found, JsonNode expected, double bound) {
        for (int skipped = 0; skipped < found.length; skipped++) {
            for (int changed = 0; changed < found.length; changed++) {
                assertThat(found[skipped][changed])
                        .as("block %d on block %d", skipped, changed)
                        .isCloseTo(expected.get(skipped).get(changed).doubleValue(), within(bound));
            }
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"llama-tied", "gpt-neox", "gemma2", "olmo2", "bert"})
    void everyContributionIsThatOfTransformers(String family) {
        JsonNode reference = Fixtures.reference(family);
        try (var model = Fixtures.model(family)) {
            Contributions found =
                    DepthUse.of(model, Fixtures.prompts(reference.path("ids"))).contributions();
            for (Quantity quantity : Quantity.values()) {
                JsonNode expected = reference.path("contributions").path(quantity.name());
                Contributions.Measured measured = found.of(quantity);
                assertNumbers(quantity, measured.means(), expected.path("mean"));
                assertNumbers(quantity, measured.medians(), expected.path("median"));
                assertNumbers(quantity, measured.maxima(), expected.path("max"));
                assertThat(measured.byBlock()).allMatch(spread -> spread.n() == 3 * 23 && spread.leftOut() == 0);
            }
        }
    }

    private static void assertNumbers(Quantity quantity, double[] found, JsonNode expected) {
        for (int block = 0; block < found.length; block++) {
            double number = expected.get(block).doubleValue();
            assertThat(found[block])
                    .as("%s of block %d", quantity, block)
                    .isCloseTo(number, within(4 * STREAM * Math.max(1, Math.abs(number))));
        }
    }
}
