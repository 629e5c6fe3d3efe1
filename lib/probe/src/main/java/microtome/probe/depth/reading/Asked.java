package microtome.probe.depth.reading;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import microtome.display.Cell;
import microtome.display.Column;
import microtome.display.Explanation;
import microtome.display.Table;
import microtome.probe.data.Depths;
import microtome.probe.data.Provenance;

/**
 * What a result over layers and tokens remembers of its question, without the model.
 *
 * @param provenance of what was run: the prompt, and the answer but for its last token
 * @param answer its tokens with every character visible
 * @param first the position after which the first of them is expected
 * @param stopped why not all is there; empty if all is
 */
record Asked(Provenance provenance, List<String> answer, int first, String stopped) {
    static final String MISSING = "not computed: the work was stopped before";

    Asked {
        answer = List.copyOf(answer);
    }

    String answerText() {
        return String.join(" ", answer);
    }

    /** A row per depth, a column per position (the last ones if there are many). */
    Table table(List<Integer> depths, double[][] values, String pattern) {
        List<Integer> positions = provenance.inTable(0);
        var columns = new ArrayList<Column>();
        columns.add(Column.text("depth"));
        positions.forEach(position -> columns.add(Column.number(provenance.label(position), pattern)));
        Table table = Table.of(columns.toArray(Column[]::new))
                .rows(IntStream.range(0, depths.size())
                        .mapToObj(row -> row(depths.get(row), positions, values[row]))
                        .toList());
        return noted(provenance.noted(table, 0));
    }

    private static List<Object> row(int depth, List<Integer> positions, double[] values) {
        var row = new ArrayList<Object>();
        row.add(Depths.label(depth));
        positions.forEach(position -> row.add(cell(values[position])));
        return row;
    }

    static Object cell(double value) {
        return Double.isNaN(value) ? Cell.missing(MISSING) : value;
    }

    private Table noted(Table table) {
        return stopped.isEmpty() ? table : table.note(stopped);
    }

    /** The title of a picture, which says if some of it is missing. */
    String title(String words) {
        return stopped.isEmpty() ? words : words + " — STOPPED, grey is not computed";
    }

    Explanation on(Explanation explanation) {
        Explanation full = provenance
                .on(explanation)
                .fact("answer", answerText())
                .fact("read at positions", "%d to %d".formatted(first, first + answer.size() - 1));
        full = provenance.positions() == 1
                ? full.note("the prompt has one token, which is also the first: read it with care")
                : full;
        return stopped.isEmpty() ? full : full.note(stopped);
    }
}
