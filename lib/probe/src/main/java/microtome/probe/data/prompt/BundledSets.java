package microtome.probe.data.prompt;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import microtome.model.format.Nearest;

/** The sets that come with the library: a file each, and sums that are drawn. */
final class BundledSets {
    private static final String ARITHMETIC = "arithmetic";
    private static final int SUMS = 100;
    private static final long SEED = 42;

    static final List<String> NAMES = List.of(
            "analogies",
            ARITHMETIC,
            "categories",
            "facts",
            "homographs",
            "languages",
            "reasoning",
            "sentiment",
            "variants");

    private BundledSets() {}

    static PromptSet get(String name) {
        if (!NAMES.contains(name)) {
            throw new IllegalArgumentException("no bundled prompt set '%s'; %s; all: %s"
                    .formatted(name, Nearest.clause(name, NAMES), String.join(", ", NAMES)));
        }
        return name.equals(ARITHMETIC)
                ? Arithmetic.sums(SUMS, SEED).named(ARITHMETIC)
                : PromptFile.parse(name, text(name));
    }

    private static String text(String name) {
        try (InputStream stream = BundledSets.class.getResourceAsStream("sets/%s.txt".formatted(name))) {
            return new String(stream.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException unreadable) {
            throw new UncheckedIOException(unreadable);
        }
    }
}
