package microtome.probe.attention;

import java.util.List;
import java.util.stream.IntStream;
import microtome.display.Column;
import microtome.display.Explanation;
import microtome.display.Figure;
import microtome.display.Table;
import microtome.probe.data.Copies;
import microtome.probe.data.ProbeResult;

/** The attention pattern of one head. */
public final class HeadPattern implements ProbeResult<float[][]> {
    private final PatternSource source;
    private final int head;
    private final float[][] pattern;

    HeadPattern(PatternSource source, int head, float[][] pattern) {
        this.source = source;
        this.head = head;
        this.pattern = pattern;
    }

    /** Query by key. */
    @Override
    public Figure plot() {
        return source.map(pattern)
                .title("Attention pattern of block %d, head %d".formatted(source.block(), head))
                .figure();
    }

    /** For every query: how spread its weights are, and where the largest is. */
    @Override
    public Table table() {
        return Table.of(
                        Column.number("position"),
                        new Column("query", Column.Align.LEFT, Object::toString),
                        Column.number("entropy (nats)", "%.4f"),
                        new Column("looks most at", Column.Align.LEFT, Object::toString),
                        Column.number("weight", "%.4f"),
                        Column.number("on the first", "%.4f"),
                        Column.number("on itself", "%.4f"))
                .rows(IntStream.range(0, pattern.length).mapToObj(this::row).toList())
                .caption("Attention pattern of block %d, head %d".formatted(source.block(), head));
    }

    /** The weights, {@code [queries, keys]}; 0 where causality forbids to look. */
    @Override
    public float[][] values() {
        return Copies.of(pattern);
    }

    /** Where the head looks on average. */
    public HeadStatistics statistics() {
        return HeadStatistics.of(pattern);
    }

    @Override
    public Explanation explain() {
        return source.explanation("attention pattern").fact("head", head);
    }

    @Override
    public String toString() {
        return plainText();
    }

    private List<Object> row(int query) {
        float[] weights = pattern[query];
        int most = 0;
        for (int key = 1; key <= query; key++) {
            most = weights[key] > weights[most] ? key : most;
        }
        return List.of(
                query,
                source.provenance().label(query),
                HeadStatistics.entropy(weights),
                "%s (%d)".formatted(source.provenance().label(most), most),
                weights[most],
                weights[0],
                weights[query]);
    }
}
