package microtome.display;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;

/** What the cells of heat maps hold: their summary, and which are clipped. */
final class HeatMapCells {
    private HeatMapCells() {}

    /** A value beyond the range, at a row and a column. */
    record Clipped(int row, int column, boolean above) {}

    static List<Clipped> clipped(HeatMap map, Range range) {
        var clipped = new ArrayList<Clipped>();
        for (int row = 0; row < map.rows(); row++) {
            for (int column = 0; column < map.columns(); column++) {
                var value = map.values()[row][column];
                if (!Double.isNaN(value) && !range.contains(value)) {
                    clipped.add(new Clipped(row, column, value > range.high()));
                }
            }
        }
        return clipped;
    }

    /** Hover text of every cell, for maps whose values JSON cannot hold. */
    static List<List<String>> hover(HeatMap map) {
        var texts = new ArrayList<List<String>>();
        for (int row = 0; row < map.rows(); row++) {
            var line = new ArrayList<String>();
            for (int column = 0; column < map.columns(); column++) {
                line.add("%s\n%s\n%s"
                        .formatted(
                                map.rowLabels().get(row),
                                map.columnLabels().get(column),
                                Significant.text(map.values()[row][column], Significant.JSON_DIGITS)));
            }
            texts.add(line);
        }
        return texts;
    }

    /** The finite values' range and the number of others, for example {@code -0.98..1, 2 NaN}. */
    static String summary(Stream<HeatMap> maps) {
        return SeriesValues.summary(
                maps.flatMap(map -> Arrays.stream(map.values())).toList());
    }
}
