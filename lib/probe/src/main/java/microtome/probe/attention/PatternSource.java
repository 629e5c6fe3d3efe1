package microtome.probe.attention;

import java.util.List;
import java.util.stream.IntStream;
import microtome.display.Cell;
import microtome.display.ColorScale;
import microtome.display.Column;
import microtome.display.Explanation;
import microtome.display.HeatMap;
import microtome.display.Table;
import microtome.probe.data.Provenance;

/** Where the pattern of a block comes from, and how heads are drawn. */
record PatternSource(Provenance provenance, int block) {
    static final String ONE_TOKEN = "a prompt of one token can only look at itself";

    private static final String PAPER = "https://arxiv.org/abs/1706.03762";

    /** Queries by keys; what causality forbids is a gap. */
    HeatMap map(float[][] pattern) {
        double[][] seen = IntStream.range(0, pattern.length)
                .mapToObj(query -> IntStream.range(0, pattern.length)
                        .mapToDouble(key -> key <= query ? pattern[query][key] : Double.NaN)
                        .toArray())
                .toArray(double[][]::new);
        return HeatMap.of(seen)
                .rowLabels(provenance.labels())
                .columnLabels(provenance.labels())
                .axisTitles("query", "key")
                .valueTitle("weight")
                .scale(ColorScale.BLUES)
                .range(0, 1)
                .square();
    }

    /** One row of statistics per head. */
    Table table(List<String> heads, List<HeadStatistics> statistics) {
        return Table.of(
                        Column.text("head"),
                        Column.number("entropy (nats)", "%.4f"),
                        Column.number("on the first", "%.4f"),
                        Column.number("on the previous", "%.4f"),
                        Column.number("on itself", "%.4f"))
                .rows(IntStream.range(0, heads.size())
                        .mapToObj(i -> row(heads.get(i), statistics.get(i)))
                        .toList())
                .note("means over the queries from position 1 on, n = %d".formatted(provenance.positions() - 1));
    }

    Explanation explanation(String name) {
        return provenance
                .on(Explanation.of(
                                name,
                                "softmax over keys k <= q of query[q] . key[k] / sqrt(headWidth); entropy = -sum(p ln p); means over q >= 1")
                        .n(provenance.positions() - 1L)
                        .fact("block", block))
                .paper(PAPER);
    }

    private static List<Object> row(String head, HeadStatistics statistics) {
        return List.of(
                head,
                cell(statistics.entropy()),
                cell(statistics.first()),
                cell(statistics.previous()),
                cell(statistics.itself()));
    }

    private static Cell cell(double value) {
        return Double.isNaN(value) ? Cell.missing(ONE_TOKEN) : Cell.of(value);
    }
}
