package microtome.display;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;

/**
 * Which labels along an axis are drawn, and how.
 *
 * @param step every how many are drawn, the first one always
 * @param upright true if they are turned to read from bottom to top
 * @param extent pixels that they take away from the axis
 */
record LabelPlan(int step, boolean upright, double extent) {
    static final double FONT_SIZE = 11;

    private static final double LINE = 13;
    static final int LONGEST = 22;
    private static final int[] STEPS = {1, 2, 5, 10, 20, 25, 50, 100, 200, 250, 500, 1000, 2000, 5000, 10000};

    /** Labels under columns of {@code cellWidth} pixels. */
    static LabelPlan ofColumns(List<String> labels, double cellWidth) {
        var cut = cut(labels);
        var widest = widest(cut, 1);
        if (widest + 4 <= cellWidth) {
            return new LabelPlan(1, false, LINE + 5);
        }
        if (areNumbers(cut)) {
            return new LabelPlan(step((widest + 6) / cellWidth), false, LINE + 5);
        }
        var step = step(LINE / cellWidth);
        return new LabelPlan(step, true, widest(cut, step) + 8);
    }

    /** Labels beside rows of {@code cellHeight} pixels. */
    static LabelPlan ofRows(List<String> labels, double cellHeight) {
        var cut = cut(labels);
        var step = step(LINE / cellHeight);
        return new LabelPlan(step, false, widest(cut, step) + 8);
    }

    /** Indices of the labels that are drawn, out of {@code count}. */
    List<Integer> drawn(int count) {
        return IntStream.range(0, count)
                .filter(index -> index % step == 0)
                .boxed()
                .toList();
    }

    /** The labels, each cut to a bearable length. */
    static List<String> cut(List<String> labels) {
        var cut = new ArrayList<String>();
        for (var label : labels) {
            cut.add(TextWidth.cut(label, LONGEST));
        }
        return cut;
    }

    /** True for numbers, which a reader can fill in between, except for a name or two such as {@code emb}. */
    private static boolean areNumbers(List<String> labels) {
        var words = labels.stream().filter(label -> !label.matches("-?[0-9.]+")).toList();
        return words.size() <= 2 && labels.size() > 4 && words.stream().allMatch(word -> word.length() <= 5);
    }

    private static double widest(List<String> labels, int step) {
        return IntStream.range(0, labels.size())
                .filter(index -> index % step == 0)
                .mapToDouble(index -> TextWidth.pixels(labels.get(index), FONT_SIZE))
                .max()
                .orElse(0);
    }

    private static int step(double wanted) {
        for (var step : STEPS) {
            if (step >= wanted - 1e-9) {
                return step;
            }
        }
        return (int) Math.ceil(wanted);
    }
}
