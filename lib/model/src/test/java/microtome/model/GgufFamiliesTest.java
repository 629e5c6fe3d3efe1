package microtome.model;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Every fixture, converted to GGUF in F32, gives the numbers that it gives from safetensors. */
class GgufFamiliesTest {
    @TempDir
    private Path folder;

    static Stream<String> everyFamily() {
        return Architectures.all();
    }

    @ParameterizedTest
    @MethodSource("everyFamily")
    void everyTensorAgreesWithTheReference(String architecture) {
        Backends.assume("cpu");
        assertAgrees(SmallModel.of(architecture), architecture);
    }

    /** Three layers of which the last looks at everything: a period of three says the same as a truth value for each. */
    @Test
    void aWindowPatternMayBeAPeriod() {
        Backends.assume("cpu");
        assertAgrees(SmallModel.of("gemma3").set(ConvertedKeys.PERIOD, "3"), "gemma3");
    }

    private void assertAgrees(SmallModel model, String architecture) {
        Path converted = GgufConverter.write(model, folder);
        assertNear(
                ReferenceComparison.differences(converted, ReferenceData.path("architectures/" + architecture), "cpu"));
    }

    private static void assertNear(Map<String, Float> differences) {
        assertThat(differences)
                .allSatisfy((name, difference) ->
                        assertThat(difference).as(name).isLessThanOrEqualTo(ReferenceComparison.BOUND));
    }
}
