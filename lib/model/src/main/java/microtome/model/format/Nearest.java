package microtome.model.format;

import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;

/** The names most like a name that does not exist, for error messages. */
public final class Nearest {
    private static final int SHOWN = 3;

    private Nearest() {}

    /** Up to three of these names, the nearest first, by the number of edits that separate them from the given one. */
    public static List<String> names(String given, Collection<String> known) {
        String wanted = given.toLowerCase(Locale.ROOT);
        record Candidate(String name, int edits) {}
        return known.stream()
                .map(name -> new Candidate(name, edits(wanted, name.toLowerCase(Locale.ROOT))))
                .sorted(Comparator.comparingInt(Candidate::edits).thenComparing(Candidate::name))
                .limit(SHOWN)
                .map(Candidate::name)
                .toList();
    }

    /** A clause such as {@code nearest: a, b, c}, or {@code there are none} when nothing is known. */
    public static String clause(String given, Collection<String> known) {
        return known.isEmpty() ? "there are none" : "nearest: " + String.join(", ", names(given, known));
    }

    /** Levenshtein distance: insertions, deletions and replacements that turn one name into the other. */
    private static int edits(String from, String to) {
        int[] previous = new int[to.length() + 1];
        int[] current = new int[to.length() + 1];
        for (int column = 0; column <= to.length(); column++) {
            previous[column] = column;
        }
        for (int row = 1; row <= from.length(); row++) {
            current[0] = row;
            for (int column = 1; column <= to.length(); column++) {
                int replaced = previous[column - 1] + (from.charAt(row - 1) == to.charAt(column - 1) ? 0 : 1);
                current[column] = Math.min(replaced, 1 + Math.min(previous[column], current[column - 1]));
            }
            int[] swap = previous;
            previous = current;
            current = swap;
        }
        return previous[to.length()];
    }
}
