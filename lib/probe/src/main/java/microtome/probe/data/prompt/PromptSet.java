package microtome.probe.data.prompt;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import microtome.display.Card;
import microtome.display.Displayable;

/**
 * Prompts with labels, and pairs of them. As the value of a cell it shows its card.
 *
 * <pre>{@code
 * var animals = PromptSet.bundled("categories").select("animal", "vehicle").sample(20, 42);
 * var mine = PromptSet.read(Path.of("reviews.csv"));   // columns text, label and, if there are any, group, word
 * var parts = mine.splitByGroup(0.3, 42);              // parts.train(), parts.test()
 * model.prompts(animals).at(PositionRule.LAST).states();
 * }</pre>
 *
 * @param name what it is called in results
 * @param prompts in order; at least one
 * @param pairs prompts that belong together; may be empty
 * @param source what it is for, and what to be wary of
 */
public record PromptSet(String name, List<Prompt> prompts, List<Pairing> pairs, PromptSource source)
        implements Displayable {
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

    /** A set of one's own. */
    public PromptSet(String name, List<Prompt> prompts, List<Pairing> pairs) {
        this(name, prompts, pairs, PromptSource.OWN);
    }

    /** A set of texts by their classes, in the order of the map. */
    public static PromptSet of(String name, Map<String, List<String>> textsByLabel) {
        var prompts = new ArrayList<Prompt>();
        textsByLabel.forEach((label, texts) -> texts.forEach(text -> prompts.add(Prompt.of(text, label))));
        return new PromptSet(name, prompts, List.of());
    }

    /**
     * A set that comes with the library; {@link #card()} says what is in it.
     *
     * @param name one of {@link #bundledNames()}
     * @throws IllegalArgumentException if there is none of this name; the message lists the nearest
     */
    public static PromptSet bundled(String name) {
        return BundledSets.get(name);
    }

    /** The names of the sets that come with the library. */
    public static List<String> bundledNames() {
        return BundledSets.NAMES;
    }

    /**
     * A set from a file of comma-separated values in UTF-8: a line with the names of the columns, {@code text} and
     * {@code label} and, if there are any, {@code group} and {@code word}, in any order; then one line per prompt. Fields with
     * commas, quotes or line ends stand in double quotes, in which a quote is written twice.
     *
     * @throws IOException if the file cannot be read
     * @throws IllegalArgumentException if something is wrong with it; the message says in which line, and what to do
     */
    public static PromptSet read(Path csv) throws IOException {
        return CsvPrompts.read(csv);
    }

    /** Sums that are right and as many that are wrong, two additions of two-digit numbers at a time, drawn from a seed. */
    public static PromptSet arithmetic(int pairs, long seed) {
        return Arithmetic.sums(pairs, seed);
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

    /** The different groups, in the order in which they first stand; without the empty one. */
    public List<String> groups() {
        return prompts.stream()
                .map(Prompt::group)
                .filter(group -> !group.isEmpty())
                .distinct()
                .toList();
    }

    /** What is in it, how much, how it was written, its licence, its weaknesses, and whether length gives its classes away. */
    public Card card() {
        return SetCard.of(this);
    }

    /**
     * The prompts with one of these labels.
     *
     * @throws IllegalArgumentException if no prompt has one of them; the message lists the nearest
     */
    public PromptSet select(String... labels) {
        return Choice.labels(this, List.of(labels));
    }

    /**
     * So many prompts of every class, drawn without replacement, in their order.
     *
     * @throws IllegalArgumentException if a class has fewer
     */
    public PromptSet sample(int perClass, long seed) {
        return Choice.sample(this, perClass, seed);
    }

    /**
     * A part to fit on and a part to test on; prompts of one group stay together. A prompt without a group is one of its own.
     *
     * @param testShare about which share of every class shall be in the test part, between 0 and 1
     * @throws IllegalArgumentException if a class would be missing in one of the parts; the message names it
     */
    public PromptSplit splitByGroup(double testShare, long seed) {
        return PromptSplit.byGroup(this, testShare, seed);
    }

    /** The same prompts with their labels dealt to them by chance: what a probe finds then, it would find in anything. */
    public PromptSet shuffledLabels(long seed) {
        int[] order = Choice.shuffled(size(), seed);
        List<Prompt> dealt = IntStream.range(0, size())
                .mapToObj(i -> prompts.get(i).labelled(prompts.get(order[i]).label()))
                .toList();
        return new PromptSet("%s (labels shuffled, seed %d)".formatted(name, seed), dealt, pairs, source);
    }

    /** The same prompts, all with this label: to compare whole sets with each other by {@link #and}. */
    public PromptSet labelled(String label) {
        return new PromptSet(
                name, prompts.stream().map(prompt -> prompt.labelled(label)).toList(), pairs, source);
    }

    /** These prompts and those of another set behind them, with the pairs of both. */
    public PromptSet and(PromptSet other) {
        List<Pairing> moved = other.pairs.stream()
                .map(pair -> new Pairing(pair.first() + size(), pair.second() + size(), pair.name(), pair.isControl()))
                .toList();
        return new PromptSet(
                name + " and " + other.name,
                Stream.concat(prompts.stream(), other.prompts.stream()).toList(),
                Stream.concat(pairs.stream(), moved.stream()).toList(),
                source.and(other.source));
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
        return new PromptSet(name, chosen, both, source);
    }

    /** The same set under another name. */
    public PromptSet named(String other) {
        return new PromptSet(other, prompts, pairs, source);
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

    @Override
    public Map<String, Object> mimeBundle() {
        return card().mimeBundle();
    }

    @Override
    public String toString() {
        return "%d prompts of '%s'".formatted(size(), name);
    }
}
