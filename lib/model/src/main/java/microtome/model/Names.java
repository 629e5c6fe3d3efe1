package microtome.model;

import java.util.Collection;
import java.util.Comparator;
import java.util.stream.Collectors;

/** Finds the names somebody may have meant. */
public final class Names {
    private static final int SHOWN = 3;

    private Names() {}

    /** The three candidates nearest to a name by edit distance, joined by commas. */
    public static String nearest(String name, Collection<String> candidates) {
        return candidates.stream()
                .sorted(Comparator.comparingInt((String candidate) -> distance(name, candidate))
                        .thenComparing(Comparator.naturalOrder()))
                .limit(SHOWN)
                .collect(Collectors.joining(", "));
    }

    /** Levenshtein distance: insertions, deletions and substitutions. */
    static int distance(String first, String second) {
        int[] previous = new int[second.length() + 1];
        for (int column = 0; column <= second.length(); column++) {
            previous[column] = column;
        }
        for (int row = 1; row <= first.length(); row++) {
            int[] current = new int[second.length() + 1];
            current[0] = row;
            for (int column = 1; column <= second.length(); column++) {
                int substitution = previous[column - 1] + (first.charAt(row - 1) == second.charAt(column - 1) ? 0 : 1);
                current[column] = Math.min(substitution, 1 + Math.min(previous[column], current[column - 1]));
            }
            previous = current;
        }
        return previous[second.length()];
    }
}
