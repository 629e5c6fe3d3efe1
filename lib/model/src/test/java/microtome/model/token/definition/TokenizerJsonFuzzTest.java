package microtome.model.token.definition;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import microtome.model.format.Fuzz;
import microtome.model.format.FuzzTarget;
import microtome.model.token.TokenResources;
import org.junit.jupiter.api.Test;

/** What Java reads of a {@code tokenizer.json}, before the native library sees anything of it. */
class TokenizerJsonFuzzTest {
    private static final int CASES = 100_000;

    @Test
    void damagedDefinitionsAreRefusedOrReadInTimeAndMemoryOfTheirSize() {
        Fuzz.Report report = Fuzz.run(new Definitions(), CASES);
        assertThat(report.accepted()).as(report.toString()).isBetween(CASES / 50, CASES - CASES / 50);
    }

    private static final class Definitions implements FuzzTarget {
        private static final Path PATH = Path.of("folder", "tokenizer.json");
        private static final List<byte[]> SEEDS = Stream.of("unigram.json", "wordpiece.json")
                .map(Definitions::bytes)
                .toList();

        private static byte[] bytes(String resource) {
            try {
                return Files.readAllBytes(TokenResources.path(resource));
            } catch (IOException failure) {
                throw new UncheckedIOException(failure);
            }
        }

        @Override
        public List<byte[]> seeds() {
            return SEEDS;
        }

        @Override
        public List<String> words() {
            return List.of(
                    "\"id\":16777215,",
                    "\"vocab\":{",
                    "[\"a\",0.5],",
                    "\"unk_id\":0,",
                    "null",
                    "{",
                    "}",
                    "[",
                    "]",
                    "\\ud800");
        }

        @Override
        public Runnable open(byte[] content) {
            var file = JsonTokenizerFile.parse(PATH, new String(content, StandardCharsets.UTF_8));
            assertThat(file.kind()).isNotNull();
            return () -> assertThat(file.pieces()).isNotEmpty().doesNotContainNull();
        }
    }
}
