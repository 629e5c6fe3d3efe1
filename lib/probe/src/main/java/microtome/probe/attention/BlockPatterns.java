package microtome.probe.attention;

import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import microtome.display.Explanation;
import microtome.display.Figure;
import microtome.display.HeatMapGrid;
import microtome.display.Table;
import microtome.probe.data.Copies;
import microtome.probe.data.ProbeResult;

/** The attention patterns of all heads of a block. */
public final class BlockPatterns implements ProbeResult<float[][][]> {
    private final PatternSource source;
    private final float[][][] patterns;

    BlockPatterns(PatternSource source, float[][][] patterns) {
        this.source = source;
        this.patterns = patterns;
    }

    /** One panel for each head. */
    @Override
    public Figure plot() {
        return HeatMapGrid.of(IntStream.range(0, patterns.length)
                        .mapToObj(head -> source.map(patterns[head]).title("head " + head))
                        .toList())
                .title("Attention patterns of block " + source.block())
                .figure();
    }

    /** One row for each head. */
    @Override
    public Table table() {
        List<String> heads =
                IntStream.range(0, patterns.length).mapToObj(Integer::toString).toList();
        return source.table(heads, statistics()).caption("Attention of block %d by head".formatted(source.block()));
    }

    /** The weights, {@code [heads, queries, keys]}; 0 where causality forbids to look. */
    @Override
    public float[][][] values() {
        return Copies.of(patterns);
    }

    /** Where every head looks on average. */
    public List<HeadStatistics> statistics() {
        return Arrays.stream(patterns).map(HeadStatistics::of).toList();
    }

    @Override
    public Explanation explain() {
        return source.explanation("attention patterns of a block").fact("heads", patterns.length);
    }

    @Override
    public String toString() {
        return plainText();
    }
}
