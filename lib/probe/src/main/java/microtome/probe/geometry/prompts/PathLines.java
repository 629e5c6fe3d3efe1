package microtome.probe.geometry.prompts;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import microtome.display.Column;
import microtome.display.Explanation;
import microtome.display.Figure;
import microtome.display.LineChart;
import microtome.display.Table;
import microtome.probe.data.Copies;
import microtome.probe.data.ProbeResult;
import microtome.probe.geometry.Curvature;

/** One quantity along the paths of many prompts: the mean of every class, layer by layer, with its bootstrap band. */
public final class PathLines implements ProbeResult<PathLines.Values> {
    /**
     * The numbers.
     *
     * @param classes the labels, in the order of the bands
     * @param byPrompt {@code [prompts, places]}
     * @param mean of every class, {@code [classes, places]}
     * @param low lower ends of the bootstrap intervals
     * @param high upper ends
     */
    public record Values(List<String> classes, double[][] byPrompt, double[][] mean, double[][] low, double[][] high) {}

    private final PathMetric metric;
    private final Setting setting;
    private final Sample sample;
    private final double[][] byPrompt;
    private final List<Band> bands;
    private final Resampling resampling;

    PathLines(
            PathMetric metric,
            Setting setting,
            Sample sample,
            double[][] byPrompt,
            List<Band> bands,
            Resampling resampling) {
        this.metric = metric;
        this.setting = setting;
        this.sample = sample;
        this.byPrompt = byPrompt;
        this.bands = List.copyOf(bands);
        this.resampling = resampling;
    }

    static PathLines of(PathMetric metric, PromptPaths paths, Resampling resampling) {
        double[][] byPrompt = paths.each(metric::of);
        int places = metric.places(paths.setting().layers()).size();
        List<Band> bands = paths.sample().classes().stream()
                .map(label -> Band.of(label, members(byPrompt, paths.sample(), label), places, resampling))
                .toList();
        return new PathLines(metric, paths.setting(), paths.sample(), byPrompt, bands, resampling);
    }

    /** The mean of every class in its band; velocities on a logarithmic axis. */
    @Override
    public Figure plot() {
        List<String> places = places();
        LineChart chart = Shown.over(places, setting.layers(), metric.label());
        if (!places.isEmpty()) {
            for (Band band : bands) {
                chart = band.on(chart);
            }
        }
        if (metric == PathMetric.CURVATURE) {
            int wide = places.isEmpty() ? setting.layers().size() : places.size();
            chart = chart.baseline("independent points, 2π/3", Shown.repeated(Curvature.ISOTROPIC, wide));
        }
        chart = metric == PathMetric.VELOCITY ? chart.logarithmic() : chart;
        return chart.axisTitles(metric.placeTitle(), metric.valueTitle())
                .title(Shown.because(setting.title(capitalised()), reason()))
                .figure();
    }

    @Override
    public Table table() {
        var columns = new ArrayList<>(List.of(Column.text("place")));
        for (Band band : bands) {
            String name = Sample.called(band.name());
            columns.add(Column.number(name));
            columns.add(Column.number(name + " low"));
            columns.add(Column.number(name + " high"));
            columns.add(Column.number(name + " n"));
        }
        Table table = Table.of(columns.toArray(Column[]::new)).caption(setting.title(capitalised()));
        List<String> places = places();
        for (int place = 0; place < places.size(); place++) {
            table = table.row(row(places.get(place), place));
        }
        return reason().isEmpty() ? table : table.note("no value: " + reason());
    }

    @Override
    public Values values() {
        return new Values(
                bands.stream().map(Band::name).toList(),
                Copies.of(byPrompt),
                rows(bands.stream().map(Band::mean)),
                rows(bands.stream().map(Band::low)),
                rows(bands.stream().map(Band::high)));
    }

    @Override
    public Explanation explain() {
        long leftOut = Stream.of(byPrompt)
                .flatMapToDouble(Arrays::stream)
                .filter(Double::isNaN)
                .count();
        Explanation explanation = setting.explanation(
                        metric.label() + " by class",
                        metric.formula() + " for every prompt; mean over the prompts of a class")
                .n(sample.size())
                .seed(resampling.seed())
                .fact(
                        "band",
                        "%s percentile bootstrap of the mean, %d resamples"
                                .formatted(resampling.percent(), resampling.bootstrap()))
                .fact("values left out", leftOut);
        return reason().isEmpty() ? explanation : explanation.note("no value: " + reason());
    }

    @Override
    public String toString() {
        return plainText();
    }

    private Object[] row(String place, int index) {
        var row = new ArrayList<Object>(List.of(place));
        for (Band band : bands) {
            row.add(Shown.cell(band.mean()[index], Shown.NO_DIRECTION));
            row.add(Shown.cell(band.low()[index], Shown.NO_INTERVAL));
            row.add(Shown.cell(band.high()[index], Shown.NO_INTERVAL));
            row.add(band.n()[index]);
        }
        return row.toArray();
    }

    private List<String> places() {
        return metric.places(setting.layers());
    }

    private String reason() {
        return metric.reasonAgainst(setting.layers().size());
    }

    private String capitalised() {
        String label = metric.label();
        return Character.toUpperCase(label.charAt(0)) + label.substring(1);
    }

    private static double[][] members(double[][] byPrompt, Sample sample, String label) {
        return Arrays.stream(sample.members(label))
                .mapToObj(prompt -> byPrompt[prompt])
                .toArray(double[][]::new);
    }

    private static double[][] rows(Stream<double[]> lines) {
        return lines.map(double[]::clone).toArray(double[][]::new);
    }
}
