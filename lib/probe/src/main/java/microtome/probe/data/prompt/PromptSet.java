package microtome.probe.data.prompt;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;

/**
 * Prompts with labels, and pairs of them.
 *
 * @param name what it is called in results
 * @param prompts in order; at least one
 * @param pairs prompts that belong together; may be empty
 */
public record PromptSet(String name, List<Prompt> prompts, List<Pairing> pairs) {
    /** Checks that there are prompts, and that pairs name some of them. */
    public PromptSet {
        prompts = List.copyOf(prompts);
        pairs = List.copyOf(pairs);
        if (prompts.isEmpty()) {
            throw new IllegalArgumentException("prompt set '%s' is empty; give at least one prompt".formatted(name));
        }
        for (Pairing pair : pairs) {
            if (Math.min(pair.first(), pair.second()) < 0 || Math.max(pair.first(), pair.second()) >= prompts.size()) {
                throw new IllegalArgumentException("prompt set '%s': the pair '%s' is of %d and %d; prompts are 0..%d"
                        .formatted(name, pair.name(), pair.first(), pair.second(), prompts.size() - 1));
            }
        }
    }

    /** A set of texts by their classes, in the order of the map. */
    public static PromptSet of(String name, Map<String, List<String>> textsByLabel) {
        var prompts = new ArrayList<Prompt>();
        textsByLabel.forEach((label, texts) -> texts.forEach(text -> prompts.add(Prompt.of(text, label))));
        return new PromptSet(name, prompts, List.of());
    }

    /** Number of prompts. */
    public int size() {
        return prompts.size();
    }

    /** The texts, in order. */
    public List<String> texts() {
        return prompts.stream().map(Prompt::text).toList();
    }

    /** The label of every prompt, in order. */
    public List<String> labels() {
        return prompts.stream().map(Prompt::label).toList();
    }

    /** The different labels, in the order in which they first stand. */
    public List<String> classes() {
        return labels().stream().distinct().toList();
    }

    /**
     * Some of these prompts, with the pairs of which both are among them.
     *
     * @param indices of prompts, each at most once, in the order in which they shall stand
     */
    public PromptSet at(int... indices) {
        var places = new HashMap<Integer, Integer>();
        var chosen = new ArrayList<Prompt>();
        for (int index : indices) {
            if (index < 0 || index >= size()) {
                throw new IllegalArgumentException(
                        "prompt set '%s' has no prompt %d; prompts are 0..%d".formatted(name, index, size() - 1));
            }
            if (places.put(index, chosen.size()) != null) {
                throw new IllegalArgumentException(
                        "prompt set '%s': prompt %d is chosen twice; choose it once".formatted(name, index));
            }
            chosen.add(prompts.get(index));
        }
        List<Pairing> both = pairs.stream()
                .filter(pair -> places.containsKey(pair.first()) && places.containsKey(pair.second()))
                .map(pair ->
                        new Pairing(places.get(pair.first()), places.get(pair.second()), pair.name(), pair.isControl()))
                .toList();
        return new PromptSet(name, chosen, both);
    }

    /** SHA-256 of all texts, labels, groups, words and pairs, in hexadecimal digits. */
    public String sha256() {
        try {
            byte[] everything = (prompts + "\n" + pairs).getBytes(StandardCharsets.UTF_8);
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(everything));
        } catch (NoSuchAlgorithmException impossible) {
            throw new IllegalStateException(impossible);
        }
    }
}
