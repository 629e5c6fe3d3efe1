package microtome.tensor.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

class ConformancesTest {
    private static final Path SOURCES = Path.of("src/main/java/microtome/tensor/conformance");

    @Test
    void everyClassOfTheSuiteIsListed() throws IOException {
        try (var files = Files.list(SOURCES)) {
            var written = files.map(file -> file.getFileName().toString().replace(".java", ""))
                    .filter(name -> name.endsWith("Conformance") && !name.equals("BackendConformance"));
            assertThat(Conformances.all())
                    .extracting(Class::getSimpleName)
                    .containsExactlyInAnyOrderElementsOf(written.toList());
        }
    }

    @Test
    void aClassThatABackendLeavesOutIsFound() {
        assertThat(Conformances.missingFrom(OneOnly.class))
                .hasSize(Conformances.all().size() - 1)
                .doesNotContain(CastConformance.class);
    }

    private static final class OneOnly {
        abstract static class Casts extends CastConformance {}
    }
}
