package microtome.probe;

import java.util.List;
import java.util.stream.IntStream;
import microtome.probe.data.Provenance;

/** Provenances for results that no model made. */
public final class Prompts {
    private Prompts() {}

    /** A prompt of this many made-up tokens. */
    public static Provenance ofTokens(int count) {
        List<Integer> ids = IntStream.range(0, count).boxed().toList();
        List<String> labels = ids.stream().map(id -> "t" + id).toList();
        return new Provenance("made up", "", "F32", "none", "0", ids, labels);
    }
}
