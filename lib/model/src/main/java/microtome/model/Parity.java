package microtome.model;

import java.util.Map;
import java.util.Optional;

/** How far the numbers of known weight files were compared with a reference; each line is held by a test. */
final class Parity {
    private static final String UNKNOWN =
            "not compared with a reference; 'environment/microtome parity DIR' compares a model "
                    + "with values written by another program";

    /** By SHA-256 of the weight file. Held by {@code SmolLm2ReferenceTest}. */
    private static final Map<String, String> STATEMENTS = Map.of(
            "b179c9523d0e6a0f98a330c7562b682750a6f8c8c15e5bc70ea373728110db53",
            "transformers 5.23.0 in float32, 4 prompts: residual stream within 1e-5 relative, logits within 3e-4, "
                    + "patterns within 1e-5, token ids and 20 greedy tokens equal");

    private Parity() {}

    /** What is known of a weight file, loaded in this way: rounded weights give other numbers than the file's. */
    static String statement(Optional<String> sha256, LoadOptions options) {
        String known = sha256.map(STATEMENTS::get).orElse(null);
        if (known == null) {
            return UNKNOWN;
        }
        return options.weights().isRounded()
                ? "not compared with weights in %s; with those of the file: %s".formatted(options.weights(), known)
                : known;
    }
}
