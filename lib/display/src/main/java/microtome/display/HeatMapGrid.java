package microtome.display;

import java.util.List;
import java.util.Objects;

/**
 * Several heat maps side by side on one colour scale, such as all heads of an attention layer. Each panel's own title
 * stands above it; its labels are drawn at the grid's edge only when all panels share them.
 *
 * @param panels at least one, in reading order, all with the same colour scale
 * @param across panels in a row
 * @param title a line above all, empty for none
 */
public record HeatMapGrid(List<HeatMap> panels, int across, String title) implements Chart {
    /** Cells that a figure may hold: a notebook page with more of them stops answering. */
    static final long LARGEST = 1_000_000;

    /** Checks the panels. */
    public HeatMapGrid {
        panels = List.copyOf(panels);
        Objects.requireNonNull(title, "title");
        if (panels.isEmpty() || across < 1) {
            throw new IllegalArgumentException(
                    "grid of %d heat maps, %d across: need at least one of each".formatted(panels.size(), across));
        }
        if (panels.stream().map(HeatMap::scale).distinct().count() > 1) {
            throw new IllegalArgumentException("grid of heat maps: panels have different colour scales %s; give all one"
                    .formatted(panels.stream().map(HeatMap::scale).distinct().toList()));
        }
        checkSize(cells(panels));
    }

    /** A grid without a title, about as many panels across as down. */
    public static HeatMapGrid of(List<HeatMap> panels) {
        return new HeatMapGrid(panels, Math.max(1, (int) Math.ceil(Math.sqrt(panels.size()))), "");
    }

    /** This grid with another number of panels in a row. */
    public HeatMapGrid across(int count) {
        return new HeatMapGrid(panels, count, title);
    }

    /** This grid with a line above it. */
    public HeatMapGrid title(String words) {
        return new HeatMapGrid(panels, across, words);
    }

    @Override
    public Figure figure() {
        return HeatMapPlot.figure(this, this);
    }

    @Override
    public String description() {
        var first = panels.getFirst();
        return "%d heat maps %d x %d, %s"
                .formatted(panels.size(), first.rows(), first.columns(), HeatMapCells.summary(panels.stream()));
    }

    @Override
    public String toString() {
        return plainText();
    }

    int down() {
        return Math.ceilDiv(panels.size(), across);
    }

    /** One range for all panels. */
    Range range() {
        return panels.stream().map(HeatMap::range).reduce(Range::union).orElseThrow();
    }

    boolean sharesLabels() {
        var first = panels.getFirst();
        return panels.stream()
                .allMatch(panel -> panel.rowLabels().equals(first.rowLabels())
                        && panel.columnLabels().equals(first.columnLabels())
                        && panel.isFirstRowAtBottom() == first.isFirstRowAtBottom());
    }

    static long cells(List<HeatMap> maps) {
        return maps.stream().mapToLong(map -> (long) map.rows() * map.columns()).sum();
    }

    static void checkSize(long cells) {
        if (cells > LARGEST) {
            throw new IllegalArgumentException(
                    "%,d cells in one figure; at most %,d. Show fewer layers, heads or positions"
                            .formatted(cells, LARGEST));
        }
    }
}
