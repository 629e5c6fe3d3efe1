package microtome.probe.geometry.prompts;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import microtome.display.BarChart;
import microtome.display.Column;
import microtome.display.Explanation;
import microtome.display.Figure;
import microtome.display.Table;
import microtome.probe.data.ProbeResult;
import microtome.probe.data.statistics.CohensD;
import microtome.probe.data.statistics.Correction;
import microtome.probe.data.statistics.MannWhitney;
import microtome.probe.data.statistics.PermutationTest;

/** Whether classes differ in one number of their paths: every pair of classes, by two tests and two effect sizes. */
public final class GroupComparison implements ProbeResult<List<GroupComparison.Pair>> {
    /**
     * Two classes.
     *
     * @param first a class
     * @param second another
     * @param test Mann-Whitney, with the rank-biserial effect size
     * @param effect Cohen's d with the pooled standard deviation
     * @param permutation difference of the means
     * @param adjusted the p-value of {@code test} after correction over all pairs
     */
    public record Pair(
            String first,
            String second,
            MannWhitney test,
            CohensD effect,
            PermutationTest permutation,
            double adjusted) {
        String name() {
            return "%s, %s".formatted(Sample.called(first), Sample.called(second));
        }
    }

    private final PathScalar scalar;
    private final Setting setting;
    private final Correction correction;
    private final List<Pair> pairs;

    GroupComparison(PathScalar scalar, Setting setting, Correction correction, List<Pair> pairs) {
        this.scalar = scalar;
        this.setting = setting;
        this.correction = correction;
        this.pairs = List.copyOf(pairs);
    }

    static GroupComparison of(PathScalar scalar, PromptPaths paths, ComparisonOptions options) {
        double[] values = Band.column(paths.each(path -> new double[] {scalar.of(path)}), 0);
        return new GroupComparison(
                scalar, paths.setting(), options.correction(), pairs(paths.sample(), values, options));
    }

    static List<Pair> pairs(Sample sample, double[] values, ComparisonOptions options) {
        List<String> classes = sample.classes();
        if (classes.size() < 2) {
            throw new IllegalArgumentException(
                    "groups: all %d prompts have the label '%s'; give prompts of at least two labels"
                            .formatted(sample.size(), Sample.called(classes.getFirst())));
        }
        var found = new ArrayList<Pair>();
        for (int i = 0; i < classes.size(); i++) {
            for (int j = i + 1; j < classes.size(); j++) {
                double[] x = sample.of(classes.get(i), values);
                double[] y = sample.of(classes.get(j), values);
                Resampling draws = options.resampling();
                found.add(new Pair(
                        classes.get(i),
                        classes.get(j),
                        MannWhitney.of(x, y),
                        CohensD.of(x, y),
                        PermutationTest.ofMeans(x, y, draws.permutations(), draws.seed()),
                        Double.NaN));
            }
        }
        return adjusted(found, options.correction());
    }

    /** The rank-biserial effect size of every pair, with its corrected p-value. */
    @Override
    public Figure plot() {
        return BarChart.over(pairs.stream()
                        .map(pair -> String.format(Locale.ROOT, "%s (p = %.2g)", pair.name(), pair.adjusted()))
                        .toList())
                .bars(
                        "rank-biserial",
                        pairs.stream()
                                .mapToDouble(pair -> pair.test().rankBiserial())
                                .toArray())
                .axisTitles("pair of classes", "rank-biserial effect size")
                .horizontal()
                .title(setting.title("Groups by " + scalar.label()))
                .figure();
    }

    @Override
    public Table table() {
        Table table = Table.of(
                        Column.text("first"),
                        Column.text("second"),
                        Column.number("n first"),
                        Column.number("n second"),
                        Column.number("U"),
                        Column.number("p"),
                        Column.number("p, " + correction.label()),
                        Column.number("rank-biserial"),
                        Column.number("Cohen's d"),
                        Column.number("difference of means"),
                        Column.number("p by permutation"),
                        Column.text("method"))
                .caption(setting.title("Groups by " + scalar.label()));
        for (Pair pair : pairs) {
            MannWhitney test = pair.test();
            table = table.row(
                    Sample.called(pair.first()),
                    Sample.called(pair.second()),
                    test.n1(),
                    test.n2(),
                    Shown.cell(test.u1(), test.reason()),
                    Shown.cell(test.p(), test.reason()),
                    Shown.cell(pair.adjusted(), test.reason()),
                    Shown.cell(test.rankBiserial(), test.reason()),
                    Shown.cell(pair.effect().value(), pair.effect().reason()),
                    Shown.cell(
                            pair.permutation().difference(), pair.permutation().reason()),
                    Shown.cell(pair.permutation().p(), pair.permutation().reason()),
                    test.method().label());
        }
        return pairs.stream().allMatch(pair -> Double.isNaN(pair.test().p()))
                ? table.note("no value: " + scalar.reason(setting.layers().size()))
                : table;
    }

    @Override
    public List<Pair> values() {
        return pairs;
    }

    @Override
    public Explanation explain() {
        PermutationTest draws = pairs.getFirst().permutation();
        return setting.explanation(
                        "groups by " + scalar.label(),
                        "U = pairs with the first larger, ties half; two-sided p; rank-biserial = 2 U / (n1 n2) - 1; d = difference of means / pooled standard deviation; "
                                + scalar.label() + " = " + scalar.formula())
                .n(pairs.size())
                .seed(draws.seed())
                .fact("correction", correction.label() + " over all pairs")
                .fact("permutations", draws.permutations());
    }

    @Override
    public String toString() {
        return plainText();
    }

    private static List<Pair> adjusted(List<Pair> pairs, Correction correction) {
        double[] p = correction.adjust(
                pairs.stream().mapToDouble(pair -> pair.test().p()).toArray());
        var all = new ArrayList<Pair>();
        for (int i = 0; i < p.length; i++) {
            Pair pair = pairs.get(i);
            all.add(new Pair(pair.first(), pair.second(), pair.test(), pair.effect(), pair.permutation(), p[i]));
        }
        return all;
    }
}
