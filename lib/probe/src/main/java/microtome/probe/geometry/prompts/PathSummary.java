package microtome.probe.geometry.prompts;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import microtome.display.BarChart;
import microtome.display.Column;
import microtome.display.Explanation;
import microtome.display.Figure;
import microtome.display.Table;
import microtome.probe.data.Copies;
import microtome.probe.data.ProbeResult;
import microtome.probe.data.statistics.Bootstrap;

/** The whole path of every prompt in five numbers, with the mean of every class and its bootstrap interval. */
public final class PathSummary implements ProbeResult<PathSummary.Values> {
    /**
     * The numbers.
     *
     * @param byPrompt {@code [scalars, prompts]}, scalars in the order of {@link PathScalar}
     * @param classes the labels
     * @param mean of every class, {@code [scalars, classes]}
     * @param low lower ends of the bootstrap intervals
     * @param high upper ends
     */
    public record Values(double[][] byPrompt, List<String> classes, double[][] mean, double[][] low, double[][] high) {}

    private final Setting setting;
    private final Sample sample;
    private final double[][] byPrompt;
    private final List<Band> bands;
    private final Resampling resampling;

    PathSummary(Setting setting, Sample sample, double[][] byPrompt, List<Band> bands, Resampling resampling) {
        this.setting = setting;
        this.sample = sample;
        this.byPrompt = byPrompt;
        this.bands = List.copyOf(bands);
        this.resampling = resampling;
    }

    static PathSummary of(PromptPaths paths, Resampling resampling) {
        double[][] each = paths.each(path -> Stream.of(PathScalar.values())
                .mapToDouble(scalar -> scalar.of(path))
                .toArray());
        Sample sample = paths.sample();
        List<Band> bands = sample.classes().stream()
                .map(label -> Band.of(
                        label,
                        Arrays.stream(sample.members(label))
                                .mapToObj(prompt -> each[prompt])
                                .toArray(double[][]::new),
                        PathScalar.values().length,
                        resampling))
                .toList();
        double[][] byPrompt = IntStream.range(0, PathScalar.values().length)
                .mapToObj(scalar -> Band.column(each, scalar))
                .toArray(double[][]::new);
        return new PathSummary(paths.setting(), sample, byPrompt, bands, resampling);
    }

    /** The mean length on the unit sphere of every class; {@link #plot(PathScalar)} shows the others. */
    @Override
    public Figure plot() {
        return plot(PathScalar.UNIT_LENGTH);
    }

    /** The mean of every class; bars of error reach to the farther end of the interval. */
    public Figure plot(PathScalar scalar) {
        int index = scalar.ordinal();
        double[] mean = bands.stream().mapToDouble(band -> band.mean()[index]).toArray();
        double[] errors = bands.stream()
                .mapToDouble(band ->
                        Math.max(band.high()[index] - band.mean()[index], band.mean()[index] - band.low()[index]))
                .toArray();
        List<String> names = bands.stream()
                .map(band -> "%s (n = %d)".formatted(Sample.called(band.name()), band.n()[index]))
                .toList();
        boolean nothing = Arrays.stream(mean).allMatch(Double::isNaN);
        return BarChart.over(names)
                .bars(scalar.label(), mean, errors)
                .axisTitles("class", scalar.label())
                .title(Shown.because(
                        setting.title("Mean and %s interval".formatted(resampling.percent())),
                        nothing ? scalar.reason(setting.layers().size()) : ""))
                .figure();
    }

    /** Every prompt, then the mean of every class with its interval. */
    @Override
    public Table table() {
        var columns = new ArrayList<>(List.of(Column.text("prompt"), Column.text("class")));
        for (PathScalar scalar : PathScalar.values()) {
            columns.add(Column.number(scalar.label()));
        }
        Table table = Table.of(columns.toArray(Column[]::new)).caption(setting.title("Paths of prompts"));
        for (int prompt = 0; prompt < sample.size(); prompt++) {
            table = table.row(row(sample.name(prompt), sample.labels().get(prompt), Band.column(byPrompt, prompt)));
        }
        for (Band band : bands) {
            String name = Sample.called(band.name());
            table = table.row(row("mean of " + Band.largest(band.n()), name, band.mean()))
                    .row(row("%s low".formatted(resampling.percent()), name, band.low()))
                    .row(row("%s high".formatted(resampling.percent()), name, band.high()));
        }
        return table;
    }

    @Override
    public Values values() {
        return new Values(
                Copies.of(byPrompt),
                bands.stream().map(Band::name).toList(),
                byScalar(bands.stream().map(Band::mean).toArray(double[][]::new)),
                byScalar(bands.stream().map(Band::low).toArray(double[][]::new)),
                byScalar(bands.stream().map(Band::high).toArray(double[][]::new)));
    }

    /** One number for each prompt. */
    public double[] of(PathScalar scalar) {
        return byPrompt[scalar.ordinal()].clone();
    }

    /** The mean over all prompts. */
    public Bootstrap mean(PathScalar scalar) {
        return Bootstrap.ofMean(byPrompt[scalar.ordinal()], resampling.forMeans());
    }

    @Override
    public Explanation explain() {
        Explanation explanation = setting.explanation(
                        "paths of prompts",
                        String.join(
                                "; ",
                                Stream.of(PathScalar.values())
                                        .map(scalar -> scalar.label() + " = " + scalar.formula())
                                        .toList()))
                .n(sample.size())
                .seed(resampling.seed())
                .fact(
                        "interval",
                        "%s percentile bootstrap of the mean, %d resamples"
                                .formatted(resampling.percent(), resampling.bootstrap()));
        for (PathScalar scalar : PathScalar.values()) {
            long missing = Arrays.stream(byPrompt[scalar.ordinal()])
                    .filter(Double::isNaN)
                    .count();
            explanation = missing == 0
                    ? explanation
                    : explanation.note("%s: %d of %d prompts left out: %s"
                            .formatted(
                                    scalar.label(),
                                    missing,
                                    sample.size(),
                                    scalar.reason(setting.layers().size())));
        }
        return explanation;
    }

    @Override
    public String toString() {
        return plainText();
    }

    private Object[] row(String name, String label, double[] values) {
        var row = new ArrayList<Object>(List.of(name, label));
        for (PathScalar scalar : PathScalar.values()) {
            row.add(Shown.cell(values[scalar.ordinal()], reason(name, scalar)));
        }
        return row.toArray();
    }

    private String reason(String row, PathScalar scalar) {
        boolean noValues = Arrays.stream(byPrompt[scalar.ordinal()]).allMatch(Double::isNaN);
        boolean isInterval = row.endsWith(" low") || row.endsWith(" high");
        return isInterval && !noValues
                ? Shown.NO_INTERVAL
                : scalar.reason(setting.layers().size());
    }

    private static double[][] byScalar(double[][] byClass) {
        return IntStream.range(0, PathScalar.values().length)
                .mapToObj(scalar -> Band.column(byClass, scalar))
                .toArray(double[][]::new);
    }
}
