package microtome.probe.geometry.prompts;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import microtome.display.Cell;
import microtome.display.Column;
import microtome.display.Explanation;
import microtome.display.Figure;
import microtome.display.HeatMap;
import microtome.display.LineChart;
import microtome.display.Table;
import microtome.probe.data.Average;
import microtome.probe.data.ProbeResult;
import microtome.probe.data.Vectors;
import microtome.probe.data.statistics.MannWhitney;

/**
 * Where two contexts of one ambiguous word part: the distance of the two states of the word, layer by layer, beside that of
 * control pairs, whose word means the same in both contexts.
 */
public final class Bifurcation implements ProbeResult<List<Fork>> {
    private static final int LINES = 6;
    private static final String SAME = "the two states are the same at every layer but perhaps the last";

    private final Setting setting;
    private final List<Fork> forks;
    private final Resampling resampling;

    Bifurcation(Setting setting, List<Fork> forks, Resampling resampling) {
        this.setting = setting;
        this.forks = List.copyOf(forks);
        this.resampling = resampling;
    }

    static Bifurcation of(PromptPaths paths, Resampling resampling) {
        var prompts = paths.states().prompts();
        if (prompts.pairs().isEmpty()) {
            throw new IllegalArgumentException(
                    "bifurcation: prompt set '%s' has no pairs; give it pairs of contexts of one word, such as new Pairing(0, 1, \"bank\", false)"
                            .formatted(prompts.name()));
        }
        List<Fork> forks = prompts.pairs().stream()
                .map(pair -> new Fork(
                        pair.name(),
                        prompts.prompts().get(pair.first()).group(),
                        pair.isControl(),
                        prompts.prompts().get(pair.first()).text(),
                        prompts.prompts().get(pair.second()).text(),
                        IntStream.range(0, paths.layers())
                                .mapToDouble(layer -> Vectors.unitDistance(
                                        paths.row(layer, pair.first()), paths.row(layer, pair.second())))
                                .toArray()))
                .toList();
        return new Bifurcation(paths.setting(), forks, resampling);
    }

    /** The mean over the pairs in its band, and the controls in grey; each control alone if there are few. */
    @Override
    public Figure plot() {
        LineChart chart = LineChart.over(setting.layers());
        if (!chosen(false).isEmpty()) {
            Band band =
                    Band.of("ambiguous", deltas(chosen(false)), setting.layers().size(), resampling);
            chart = band.on(chart);
        }
        List<Fork> controls = chosen(true);
        if (controls.size() <= LINES) {
            for (Fork control : controls) {
                chart = chart.baseline("control: " + control.name(), control.delta());
            }
        } else {
            chart = chart.baseline("controls, mean of %d".formatted(controls.size()), mean(controls));
        }
        return chart.axisTitles("depth", "distance on the unit sphere")
                .title(setting.title("Bifurcation"))
                .figure();
    }

    /**
     * One pair, with its control in grey.
     *
     * @throws IllegalArgumentException if no pair has this name
     */
    public Figure plot(String name) {
        Fork fork = fork(name);
        LineChart chart = LineChart.over(setting.layers()).line(name, fork.delta());
        double[] control = control(fork);
        return (control == null ? chart : chart.baseline(controlName(fork), control))
                .axisTitles("depth", "distance on the unit sphere")
                .title("%s: %s"
                        .formatted(
                                setting.title("Bifurcation of '" + name + "'"),
                                verdict(fork).label()))
                .figure();
    }

    /** Every pair as a row; controls last. */
    public Figure pairPlot() {
        var ordered = new ArrayList<>(chosen(false));
        ordered.addAll(chosen(true));
        return HeatMap.of(deltas(ordered))
                .rowLabels(ordered.stream()
                        .map(fork -> fork.isControl() ? fork.name() + " (control)" : fork.name())
                        .toList())
                .columnLabels(setting.layers())
                .axisTitles("pair", "depth")
                .valueTitle("distance on the unit sphere")
                .title(setting.title("Bifurcation by pair"))
                .figure();
    }

    @Override
    public Table table() {
        Table table = Table.of(
                        Column.text("pair"),
                        Column.text("kind"),
                        Column.number("first layer"),
                        Column.number("last layer"),
                        Column.text("base"),
                        Column.number("ratio"),
                        Column.text("onset"),
                        Column.number("control at the last layer"),
                        Column.text("verdict"))
                .caption(setting.title("Bifurcation"));
        for (Fork fork : forks) {
            double[] control = control(fork);
            table = table.row(
                    fork.name(),
                    fork.isControl() ? "control" : "ambiguous",
                    Shown.cell(fork.delta()[0], Shown.NO_DIRECTION),
                    Shown.cell(last(fork.delta()), Shown.NO_DIRECTION),
                    layer(fork.base()),
                    Shown.cell(fork.ratio(), SAME),
                    layer(fork.onset()),
                    ofControl(fork, control),
                    fork.isControl() ? "" : verdict(fork).label());
        }
        return table;
    }

    /** Every pair with its distances, in the order of the set. */
    @Override
    public List<Fork> values() {
        return forks.stream()
                .map(fork -> new Fork(
                        fork.name(),
                        fork.group(),
                        fork.isControl(),
                        fork.first(),
                        fork.second(),
                        fork.delta().clone()))
                .toList();
    }

    /** What a pair shows beside its control. */
    public Fork.Verdict verdict(String name) {
        return verdict(fork(name));
    }

    /** Distances of ambiguous pairs against those of controls, at the last layer. */
    public MannWhitney test() {
        return MannWhitney.of(lasts(chosen(false)), lasts(chosen(true)));
    }

    @Override
    public Explanation explain() {
        MannWhitney test = test();
        long separate = chosen(false).stream()
                .filter(fork -> verdict(fork) == Fork.Verdict.SEPARATES)
                .count();
        return setting.explanation(
                        "bifurcation",
                        "delta(l) = |u1 - u2|, states of the word in two contexts, each brought to length 1; ratio = delta(last) / delta(base), base = first layer with delta > 1e-6; "
                                + "onset = first l with delta(l) > delta(first) + 0.1 (max - min)")
                .n(chosen(false).size())
                .seed(resampling.seed())
                .fact("controls", chosen(true).size())
                .fact("pairs that separate", separate)
                .fact(
                        "last layer against controls",
                        test.reason().isEmpty()
                                ? "U = %s, p = %.4g (%s), rank-biserial %.3g"
                                        .formatted(
                                                test.u1(),
                                                test.p(),
                                                test.method().label(),
                                                test.rankBiserial())
                                : test.reason())
                .note(
                        "a pair separates if its control, that of the same group or name or else the mean of all, stays below it from the onset on");
    }

    @Override
    public String toString() {
        return plainText();
    }

    private static Object ofControl(Fork fork, double[] control) {
        if (fork.isControl()) {
            return "";
        }
        return control == null
                ? Cell.missing("the set has no control pairs")
                : Shown.cell(last(control), Shown.NO_DIRECTION);
    }

    private Fork.Verdict verdict(Fork fork) {
        return fork.beside(control(fork));
    }

    /** The mean of the controls made for it, or of all if there is none; null without controls, and for a control. */
    private double[] control(Fork fork) {
        List<Fork> all = chosen(true);
        if (all.isEmpty() || fork.isControl()) {
            return null;
        }
        List<Fork> same = all.stream().filter(fork::matches).toList();
        return mean(same.isEmpty() ? all : same);
    }

    private String controlName(Fork fork) {
        return chosen(true).stream().anyMatch(fork::matches)
                ? "its control"
                : "controls, mean of " + chosen(true).size();
    }

    private Fork fork(String name) {
        return chosen(false).stream()
                .filter(fork -> fork.name().equals(name))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("bifurcation: no pair '%s'; there are %s"
                        .formatted(
                                name,
                                String.join(
                                        ", ",
                                        chosen(false).stream().map(Fork::name).toList()))));
    }

    private List<Fork> chosen(boolean control) {
        return forks.stream().filter(fork -> fork.isControl() == control).toList();
    }

    private Object layer(int index) {
        return index < 0 ? Cell.of("none") : setting.layers().get(index);
    }

    private double[] mean(List<Fork> some) {
        return IntStream.range(0, setting.layers().size())
                .mapToDouble(
                        layer -> Average.of(Band.column(deltas(some), layer)).value())
                .toArray();
    }

    private static double[][] deltas(List<Fork> some) {
        return some.stream().map(Fork::delta).toArray(double[][]::new);
    }

    private static double[] lasts(List<Fork> some) {
        return some.stream().mapToDouble(fork -> last(fork.delta())).toArray();
    }

    private static double last(double[] values) {
        return values[values.length - 1];
    }
}
