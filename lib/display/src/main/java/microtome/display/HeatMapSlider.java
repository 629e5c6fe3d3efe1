package microtome.display;

import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;

/**
 * Heat maps of the same shape behind a slider, such as one attention pattern for each layer. All steps share one colour
 * scale, so that they compare. The static picture shows the step that is active at first and says which one it is.
 *
 * @param steps at least one; all with equally many panels of equal shapes and labels
 * @param names of the steps, one for each, no two alike
 * @param stepTitle what the steps are, for example {@code layer}
 * @param active index of the step shown at first
 */
public record HeatMapSlider(List<HeatMapGrid> steps, List<String> names, String stepTitle, int active)
        implements Chart {
    /** Checks that the steps fit together. */
    public HeatMapSlider {
        steps = List.copyOf(steps);
        names = List.copyOf(names);
        Objects.requireNonNull(stepTitle, "title of the steps");
        if (steps.isEmpty()
                || names.size() != steps.size()
                || names.stream().distinct().count() != names.size()) {
            throw new IllegalArgumentException("slider with %d steps and names %s: need one name for each, no two alike"
                    .formatted(steps.size(), names));
        }
        if (active < 0 || active >= steps.size()) {
            throw new IllegalArgumentException(
                    "slider: active step %d; valid are 0..%d".formatted(active, steps.size() - 1));
        }
        for (int step = 1; step < steps.size(); step++) {
            checkAlike(steps.getFirst(), steps.get(step), names.get(step));
        }
        HeatMapGrid.checkSize(steps.stream()
                .mapToLong(step -> HeatMapGrid.cells(step.panels()))
                .sum());
    }

    /** A slider over single heat maps, the first one active. */
    public static HeatMapSlider of(String stepTitle, List<String> names, List<HeatMap> maps) {
        return new HeatMapSlider(maps.stream().map(HeatMap::asGrid).toList(), names, stepTitle, 0);
    }

    /** A slider over grids of heat maps, the first one active. */
    public static HeatMapSlider ofGrids(String stepTitle, List<String> names, List<HeatMapGrid> grids) {
        return new HeatMapSlider(grids, names, stepTitle, 0);
    }

    /** This slider with another step shown at first. */
    public HeatMapSlider active(int step) {
        return new HeatMapSlider(steps, names, stepTitle, step);
    }

    @Override
    public Figure figure() {
        return HeatMapFrames.figure(this);
    }

    @Override
    public String description() {
        var first = steps.getFirst().panels().getFirst();
        return "%d steps of %d heat map%s %d x %d, %s"
                .formatted(
                        steps.size(),
                        steps.getFirst().panels().size(),
                        steps.getFirst().panels().size() == 1 ? "" : "s",
                        first.rows(),
                        first.columns(),
                        HeatMapCells.summary(panels()));
    }

    @Override
    public String toString() {
        return plainText();
    }

    /** The active step under the colour range of all steps, its title naming the step. */
    HeatMapGrid still() {
        var grid = ranged(active, range());
        var step = "%s %s of %s..%s".formatted(stepTitle, names.get(active), names.getFirst(), names.getLast());
        return grid.title(grid.title().isEmpty() ? step : grid.title() + ", " + step);
    }

    Range range() {
        return panels().map(HeatMap::range).reduce(Range::union).orElseThrow();
    }

    HeatMapGrid ranged(int index, Range range) {
        var grid = steps.get(index);
        var panels = grid.panels().stream()
                .map(panel -> panel.range(range.low(), range.high()))
                .toList();
        return new HeatMapGrid(panels, grid.across(), grid.title());
    }

    private Stream<HeatMap> panels() {
        return steps.stream().flatMap(step -> step.panels().stream());
    }

    private static void checkAlike(HeatMapGrid first, HeatMapGrid other, String name) {
        var same = first.panels().size() == other.panels().size() && first.across() == other.across();
        for (int index = 0; same && index < first.panels().size(); index++) {
            var one = first.panels().get(index);
            var two = other.panels().get(index);
            same = one.rowLabels().equals(two.rowLabels())
                    && one.columnLabels().equals(two.columnLabels())
                    && one.scale() == two.scale()
                    && one.isFirstRowAtBottom() == two.isFirstRowAtBottom();
        }
        if (!same) {
            throw new IllegalArgumentException(
                    "slider: step %s differs from the first in its panels, labels or colour scale; all must be alike"
                            .formatted(name));
        }
    }
}
