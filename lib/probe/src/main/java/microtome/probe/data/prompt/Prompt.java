package microtome.probe.data.prompt;

import java.util.Objects;

/**
 * One text of a set.
 *
 * @param text what the model reads
 * @param label the class it belongs to, such as {@code animal} or {@code true}; empty for none
 * @param group what it shares with others that a split must not tear apart, such as a template or a topic; empty for none
 * @param word the word in the text that a probe looks at, such as an ambiguous one; empty for none
 */
public record Prompt(String text, String label, String group, String word) {
    /** Checks that there is a text, and that the word stands in it. */
    public Prompt {
        Objects.requireNonNull(label, "label");
        Objects.requireNonNull(group, "group");
        if (text.isBlank()) {
            throw new IllegalArgumentException("a prompt needs a text; this one is blank");
        }
        if (!text.contains(word)) {
            throw new IllegalArgumentException(
                    "prompt '%s': the word '%s' does not stand in it, as it is spelled".formatted(text, word));
        }
    }

    /** A text with a class. */
    public static Prompt of(String text, String label) {
        return new Prompt(text, label, "", "");
    }

    /** The same text with another class. */
    Prompt labelled(String other) {
        return new Prompt(text, other, group, word);
    }
}
