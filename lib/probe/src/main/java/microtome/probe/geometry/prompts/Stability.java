package microtome.probe.geometry.prompts;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import microtome.display.Column;
import microtome.display.Explanation;
import microtome.display.Figure;
import microtome.display.LineChart;
import microtome.display.Table;
import microtome.probe.data.Copies;
import microtome.probe.data.ProbeResult;
import microtome.probe.data.Vectors;
import microtome.probe.data.prompt.Pairing;

/** How alike the states of two wordings of one thing are, layer by layer: the mean cosine over pairs, with its band. */
public final class Stability implements ProbeResult<double[][]> {
    private final Setting setting;
    private final Sample sample;
    private final List<Pairing> pairs;
    private final double[][] cosines;
    private final List<Band> bands;
    private final Resampling resampling;

    Stability(
            Setting setting,
            Sample sample,
            List<Pairing> pairs,
            double[][] cosines,
            List<Band> bands,
            Resampling resampling) {
        this.setting = setting;
        this.sample = sample;
        this.pairs = List.copyOf(pairs);
        this.cosines = cosines;
        this.bands = List.copyOf(bands);
        this.resampling = resampling;
    }

    static Stability of(PromptPaths paths, Resampling resampling) {
        var prompts = paths.states().prompts();
        if (prompts.pairs().isEmpty()) {
            throw new IllegalArgumentException(
                    "stability: prompt set '%s' has no pairs; give it pairs of wordings, such as new Pairing(0, 1, \"cat\", false)"
                            .formatted(prompts.name()));
        }
        double[][] cosines = prompts.pairs().stream()
                .map(pair -> IntStream.range(0, paths.layers())
                        .mapToDouble(layer ->
                                Vectors.cosine(paths.row(layer, pair.first()), paths.row(layer, pair.second())))
                        .toArray())
                .toArray(double[][]::new);
        List<Band> bands = Stream.of(false, true)
                .filter(control -> prompts.pairs().stream().anyMatch(pair -> pair.isControl() == control))
                .map(control -> Band.of(
                        control ? "controls" : "pairs",
                        chosen(prompts.pairs(), cosines, control),
                        paths.layers(),
                        resampling))
                .toList();
        return new Stability(paths.setting(), paths.sample(), prompts.pairs(), cosines, bands, resampling);
    }

    /** The mean over the pairs in its band, and over the controls where there are some. */
    @Override
    public Figure plot() {
        LineChart chart = LineChart.over(setting.layers());
        for (Band band : bands) {
            chart = band.on(chart);
        }
        return chart.axisTitles("depth", "cosine of the two wordings")
                .title(Shown.because(setting.title("Stability"), reason()))
                .figure();
    }

    @Override
    public Table table() {
        var columns = new ArrayList<>(List.of(Column.text("depth")));
        for (Band band : bands) {
            columns.add(Column.number(band.name()));
            columns.add(Column.number(band.name() + " low"));
            columns.add(Column.number(band.name() + " high"));
            columns.add(Column.number(band.name() + " n"));
            columns.add(Column.number(band.name() + " left out"));
        }
        Table table = Table.of(columns.toArray(Column[]::new)).caption(setting.title("Stability"));
        for (int layer = 0; layer < setting.layers().size(); layer++) {
            var row = new ArrayList<Object>(List.of(setting.layers().get(layer)));
            for (Band band : bands) {
                row.add(Shown.cell(band.mean()[layer], Shown.NO_DIRECTION));
                row.add(Shown.cell(band.low()[layer], Shown.NO_INTERVAL));
                row.add(Shown.cell(band.high()[layer], Shown.NO_INTERVAL));
                row.add(band.n()[layer]);
                row.add(band.leftOut()[layer]);
            }
            table = table.row(row.toArray());
        }
        return table;
    }

    /** The cosine of every pair, {@code [pairs, layers]}, in the order of the set. */
    @Override
    public double[][] values() {
        return Copies.of(cosines);
    }

    @Override
    public Explanation explain() {
        Explanation explanation = setting.explanation(
                        "stability", "STAB(l) = cos(x_p(l), x_p'(l)) for two wordings p, p'; mean over the pairs")
                .n(pairs.size())
                .seed(resampling.seed())
                .fact(
                        "band",
                        "%s percentile bootstrap of the mean, %d resamples"
                                .formatted(resampling.percent(), resampling.bootstrap()))
                .fact(
                        "pairs",
                        String.join(
                                ", ",
                                pairs.stream()
                                        .map(pair -> "%s: '%s' and '%s'"
                                                .formatted(
                                                        pair.name(),
                                                        sample.name(pair.first()),
                                                        sample.name(pair.second())))
                                        .toList()));
        return reason().isEmpty() ? explanation : explanation.note("no value: " + reason());
    }

    @Override
    public String toString() {
        return plainText();
    }

    private String reason() {
        boolean none = Arrays.stream(cosines).flatMapToDouble(Arrays::stream).allMatch(Double::isNaN);
        return none ? Shown.NO_DIRECTION : "";
    }

    private static double[][] chosen(List<Pairing> pairs, double[][] cosines, boolean control) {
        return IntStream.range(0, pairs.size())
                .filter(pair -> pairs.get(pair).isControl() == control)
                .mapToObj(pair -> cosines[pair])
                .toArray(double[][]::new);
    }
}
