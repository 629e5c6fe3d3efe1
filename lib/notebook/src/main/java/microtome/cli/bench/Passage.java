package microtome.cli.bench;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;

/** A fixed passage of English prose, so that every benchmark runs the same real tokens. */
final class Passage {
    private Passage() {}

    /** Opening paragraphs of Charles Darwin, On the Origin of Species (1859). */
    static String text() {
        try (var stream = Passage.class.getResourceAsStream("passage.txt")) {
            return new String(stream.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException failure) {
            throw new UncheckedIOException("the passage inside the library cannot be read", failure);
        }
    }
}
