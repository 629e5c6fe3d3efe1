package microtome.probe.data.prompt;

import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import microtome.display.Card;
import microtome.probe.data.statistics.MannWhitney;

/** The card of a set: what its source says, and what can be counted. */
final class SetCard {
    private static final int SHOWN = 12;
    private static final int ENOUGH = 10;

    private SetCard() {}

    static Card of(PromptSet set) {
        PromptSource source = set.source();
        Card card = Card.of(set.name())
                .row("what", source.what())
                .row("prompts", set.size())
                .row("classes", classes(set))
                .row("groups", groups(set));
        if (!set.pairs().isEmpty()) {
            long controls = set.pairs().stream().filter(Pairing::isControl).count();
            card = card.row("pairs", set.pairs().size(), controls == 0 ? "" : controls + " of them are controls");
        }
        card = card.row("length", length(set), "in characters")
                .row("written", source.written())
                .row("licence", source.licence());
        for (String weakness : source.weaknesses()) {
            card = card.row("beware", weakness);
        }
        return card.row("sha256", set.sha256());
    }

    private static String classes(PromptSet set) {
        List<String> labels = set.classes();
        String counted = labels.stream()
                .limit(SHOWN)
                .map(label -> "%s %d".formatted(label.isEmpty() ? "no label" : label, lengths(set, label).length))
                .collect(Collectors.joining(", "));
        return "%d: %s%s".formatted(labels.size(), counted, labels.size() > SHOWN ? ", …" : "");
    }

    private static String groups(PromptSet set) {
        List<String> groups = set.groups();
        return groups.isEmpty()
                ? "none"
                : "%d: %s%s"
                        .formatted(
                                groups.size(),
                                groups.stream().limit(SHOWN).collect(Collectors.joining(", ")),
                                groups.size() > SHOWN ? ", …" : "");
    }

    private static String length(PromptSet set) {
        var all = set.texts().stream().mapToInt(String::length).summaryStatistics();
        String range = "%d to %d".formatted(all.getMin(), all.getMax());
        LengthLeak leak = lengthLeak(set);
        return leak == null
                ? range
                : String.format(
                        Locale.ROOT,
                        "%s; telling '%s' from '%s' by length alone has an AUC of %.2f, more than any other two classes",
                        range,
                        leak.first(),
                        leak.second(),
                        leak.auc());
    }

    /**
     * Two classes, and how well the number of characters tells them apart.
     *
     * @param auc 0.5 if it does not, 1 if every text of one class is longer
     */
    record LengthLeak(String first, String second, double auc) {}

    /** The two classes that their lengths tell apart best, of those with enough prompts to say so; null if there are none. */
    static LengthLeak lengthLeak(PromptSet set) {
        LengthLeak worst = null;
        List<String> labels = set.classes().stream()
                .filter(label -> lengths(set, label).length >= ENOUGH)
                .toList();
        for (int i = 0; i < labels.size(); i++) {
            for (int j = i + 1; j < labels.size(); j++) {
                var test = MannWhitney.of(lengths(set, labels.get(i)), lengths(set, labels.get(j)));
                double auc = (1 + Math.abs(test.rankBiserial())) / 2;
                if (worst == null || auc > worst.auc()) {
                    worst = new LengthLeak(labels.get(i), labels.get(j), auc);
                }
            }
        }
        return worst;
    }

    private static double[] lengths(PromptSet set, String label) {
        return set.prompts().stream()
                .filter(prompt -> prompt.label().equals(label))
                .mapToDouble(prompt -> prompt.text().length())
                .toArray();
    }
}
