package microtome.model;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import microtome.model.store.ModelStore;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class EndOfTextTest {
    @TempDir
    private Path folder;

    private List<Integer> endOfText(String generationConfig) throws IOException {
        try (Stream<Path> files = Files.list(ReferenceData.path("architectures/llama-tied"))) {
            for (Path file : files.toList()) {
                Files.copy(file, folder.resolve(file.getFileName().toString()));
            }
        }
        if (generationConfig != null) {
            Files.writeString(folder.resolve("generation_config.json"), generationConfig);
        }
        var files = ModelStore.standard().resolve(folder.toString());
        try (var model = LanguageModel.load(files, LoadOptions.DEFAULT.backend("reference"))) {
            return model.endOfText();
        }
    }

    @Test
    void theConfigurationOfTheModelSaysWhichTokenEndsAText() throws IOException {
        assertThat(endOfText(null)).containsExactly(2);
    }

    @Test
    void theConfigurationOfGenerationComesFirstAndMayListSeveral() throws IOException {
        assertThat(endOfText("{\"eos_token_id\": [9, 5, 5000]}")).containsExactly(5, 9);
    }

    @Test
    void aModelWithoutSuchATokenHasNone() throws IOException {
        assertThat(endOfText("{\"eos_token_id\": null}")).isEmpty();
    }

    @Test
    void theBundledModelEndsATurn() {
        try (var model = LanguageModel.load(BundledModelFile.files(), LoadOptions.DEFAULT)) {
            assertThat(model.endOfText()).containsExactly(2);
        }
    }
}
