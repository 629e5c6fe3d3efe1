package microtome.model;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Tiny random models written by another program: every tensor within 2e-5, as their page demands. */
class ArchitectureReferenceTest {

    @ParameterizedTest
    @MethodSource("microtome.model.Architectures#onEveryBackend")
    void everyTensorAgreesWithTheReference(String folder, String backend) {
        Backends.assume(backend);
        var differences = ReferenceComparison.differences(ReferenceData.path("architectures/" + folder), backend);
        assertThat(differences)
                .allSatisfy((name, difference) ->
                        assertThat(difference).as(name).isLessThanOrEqualTo(ReferenceComparison.BOUND));
    }
}
