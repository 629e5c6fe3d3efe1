package microtome.probe.data.prompt;

import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;

/**
 * What a set of prompts is for, and what to be wary of.
 *
 * @param what is in it, in one line
 * @param written how and by whom it was made
 * @param licence of its texts
 * @param weaknesses that are known, one line each
 */
public record PromptSource(String what, String written, String licence, List<String> weaknesses) {
    /** A set that its user made, of which nothing more is known. */
    public static final PromptSource OWN = new PromptSource("your own prompts", "by you", "yours", List.of());

    /** Keeps a copy. */
    public PromptSource {
        Objects.requireNonNull(what, "what");
        Objects.requireNonNull(written, "written");
        Objects.requireNonNull(licence, "licence");
        weaknesses = List.copyOf(weaknesses);
    }

    /** Of two sets put together. */
    PromptSource and(PromptSource other) {
        return new PromptSource(
                joined(what, other.what),
                joined(written, other.written),
                joined(licence, other.licence),
                Stream.concat(weaknesses.stream(), other.weaknesses.stream())
                        .distinct()
                        .toList());
    }

    private static String joined(String first, String second) {
        return first.equals(second) ? first : first + "; " + second;
    }
}
