package microtome.probe.data;

import java.util.List;
import java.util.stream.IntStream;

/** How the depths of the residual stream are called: {@code emb, 1 .. L, final}. */
public final class Depths {
    /** The output of the embedding, depth 0. */
    public static final String EMBEDDING = "emb";

    /** The stream after the final norm, which is not a depth of its own. */
    public static final String FINAL_NORM = "final";

    private Depths() {}

    /** The name of a depth; 0 is the embedding output and {@code l} what stands after {@code l} blocks. */
    public static String label(int depth) {
        return depth == 0 ? EMBEDDING : Integer.toString(depth);
    }

    /** The names of the depths from {@code first} to {@code last}, both included. */
    public static List<String> labels(int first, int last) {
        return IntStream.rangeClosed(first, last).mapToObj(Depths::label).toList();
    }

    /** The names of the steps between neighbours, such as {@code emb→1}. */
    public static List<String> between(List<String> labels) {
        return IntStream.range(1, labels.size())
                .mapToObj(index -> labels.get(index - 1) + "→" + labels.get(index))
                .toList();
    }

    /** The names of the turns between two steps, such as {@code emb→1→2}. */
    public static List<String> around(List<String> labels) {
        return IntStream.range(1, labels.size() - 1)
                .mapToObj(
                        index -> "%s→%s→%s".formatted(labels.get(index - 1), labels.get(index), labels.get(index + 1)))
                .toList();
    }
}
