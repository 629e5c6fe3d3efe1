package microtome.display;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;

class ScatterChartTest {
    private static final double NAN = Double.NaN;

    @Test
    void refusesWhatCannotBeDrawn() {
        var chart = ScatterChart.of();
        assertThatThrownBy(chart::figure).hasMessage("scatter chart without points; call points(name, x, y) first");
        assertThatThrownBy(() -> chart.points("a", new double[2], new double[3]))
                .hasMessage("scatter chart: a, y has 3 values for 2 points; fill up with NaN or empty texts");
        assertThatThrownBy(() -> chart.path("a", new double[2], new double[2], List.of("1")))
                .hasMessageContaining("a, labels has 1 values for 2 points");
        assertThatThrownBy(() -> chart.points("a", new double[2], new double[2]).hover("b", List.of()))
                .hasMessage("scatter chart: no series \"b\" for hover texts; there is a");
        assertThatThrownBy(() -> chart.points("a", new double[20_001], new double[20_001]))
                .hasMessage("scatter chart of 20,001 points; at most 20,000. Show a sample of them");
        assertThatThrownBy(() -> chart.lineAtX(NAN, "")).hasMessageContaining("a line at NaN");
        assertThatThrownBy(() -> chart.points("a", new double[2], new double[2])
                        .equalAspect()
                        .logarithmicX()
                        .figure())
                .hasMessageContaining("equal aspect needs two linear or two logarithmic axes; only x is logarithmic");
    }

    @Test
    void countsWhatHasNoPlace() {
        var chart =
                ScatterChart.of().points("a", new double[] {1, NAN, 3}, new double[] {Double.POSITIVE_INFINITY, 2, 3});
        var trace = traces(chart).getFirst();
        assertThat(Json.write(trace.get("x"))).isEqualTo("[null,null,3]");
        assertThat(Json.write(trace.get("y"))).isEqualTo("[null,null,3]");
        assertThat(trace.get("name")).isEqualTo("a (2 missing)");
        assertThat(layout(chart)).containsEntry("showlegend", true);
        assertThat(chart)
                .hasToString("Figure[scatter chart 3 points in 1 group, x 1..3, 1 NaN, y 2..3, 1 infinite, "
                        + "2 without a place]");
    }

    @Test
    void logarithmsHaveNoPlaceForZero() {
        var chart = ScatterChart.of().logarithmicX().points("a", new double[] {0, 10}, new double[] {-1, -1});
        assertThat(Json.write(traces(chart).getFirst().get("x"))).isEqualTo("[null,10]");
        assertThat((Map<?, ?>) layout(chart).get("xaxis")).extracting("type").isEqualTo("log");
        assertThat(layout(chart).get("yaxis").toString()).doesNotContain("log");
    }

    @Test
    void seriesOfOneNameShareColourAndLegend() {
        var one = new double[] {1};
        var chart =
                ScatterChart.of().points("a", one, one).points("b", one, one).path("a", one, one, List.of("x"));
        var traces = traces(chart);
        assertThat(color(traces.get(2))).isEqualTo(color(traces.get(0))).isNotEqualTo(color(traces.get(1)));
        assertThat(traces).extracting(trace -> trace.get("showlegend")).containsExactly(true, true, false);
    }

    @Test
    void marksStartAndEndOfAPathAndSkipsMissingOnes() {
        var chart = ScatterChart.of()
                .path("p", new double[] {NAN, 1, 2, 3}, new double[] {1, 1, 2, 3}, List.of("a", "b", "c", "d"));
        var trace = traces(chart).getFirst();
        assertThat(Json.write(((Map<?, ?>) trace.get("marker")).get("symbol")))
                .isEqualTo("[\"circle\",\"circle-open\",\"circle\",\"square\"]");
        assertThat(Json.write(trace.get("text"))).isEqualTo("[\"\",\"b\",\"c\",\"d\"]");
        assertThat(Json.write(trace.get("hovertext"))).isEqualTo("[\"p: a\",\"p: b\",\"p: c\",\"p: d\"]");
    }

    @Test
    void labelsNeverCoverEachOtherAndTheEndsAreAmongThem() {
        var x = new double[100];
        var labels = new ArrayList<String>();
        for (int point = 0; point < 100; point++) {
            x[point] = point / 100.0;
            labels.add("label " + point);
        }
        var drawn = labels(ScatterChart.of().path("p", x, x, labels));
        assertThat(drawn.getFirst()).isEqualTo("label 0");
        assertThat(drawn.getLast()).isEqualTo("label 99");
        assertThat(drawn.stream().filter(label -> !label.isEmpty()).count()).isBetween(8L, 60L);
        var same = labels(ScatterChart.of().path("p", x, x, Collections.nCopies(100, "label")));
        assertThat(same.stream().filter(label -> !label.isEmpty()).count()).isBetween(4L, 8L);
    }

    @Test
    void manyPathsLetEachOtherThrough() {
        var few = ScatterChart.of();
        for (int path = 0; path < 12; path++) {
            few = few.path("p", new double[] {path, 1}, new double[] {0, path}, List.of("", ""));
        }
        assertThat(traces(few).getFirst()).containsEntry("opacity", 1L);
        var many = few.path("p", new double[] {1, 2}, new double[] {0, 3}, List.of("", ""));
        assertThat(traces(many).getFirst()).containsEntry("opacity", 0.45);
        assertThat(PlotlySchema.problems(read(many))).isEmpty();
        assertThat(many.figure().png()).isNotEmpty();
    }

    @Test
    void theHoverTextsThatWereGivenAreShown() {
        var chart = ScatterChart.of()
                .points("a", new double[] {1, 2}, new double[] {1, 2})
                .hover("a", List.of("<one>", "two"));
        assertThat(Json.write(traces(chart).getFirst().get("hovertext"))).isEqualTo("[\"&lt;one&gt;\",\"two\"]");
    }

    @Test
    void manyPointsAreDrawnByTheGraphicsCard() {
        var few = ScatterChart.of().points("a", new double[2_000], new double[2_000]);
        var many = few.points("b", new double[18_000], new double[18_000]);
        assertThat(traces(few).getFirst()).containsEntry("type", "scatter");
        assertThat(traces(many)).allSatisfy(trace -> assertThat(trace).containsEntry("type", "scattergl"));
    }

    @Test
    void aPixelIsWorthTheSameOnBothAxesWhenAsked() {
        var chart = ScatterChart.of().equalAspect().points("a", new double[] {0, 1}, new double[] {0, 50});
        var geometry = ScatterGeometry.of(chart);
        assertThat(geometry.x(1) - geometry.x(0)).isCloseTo(geometry.y(0) - geometry.y(1), within(1e-9));
        assertThat(layout(chart).get("yaxis")).extracting("scaleanchor").isEqualTo("x");
        var logarithmic = ScatterGeometry.of(ScatterChart.of()
                .equalAspect()
                .logarithmicX()
                .logarithmicY()
                .points("a", new double[] {1, 10}, new double[] {1, 1e5}));
        assertThat(logarithmic.x(10) - logarithmic.x(1)).isCloseTo(logarithmic.y(1) - logarithmic.y(10), within(1e-9));
    }

    @Test
    void theDiagonalIsWhereBothCoordinatesAreEqual() {
        var chart = ScatterChart.of().diagonal().points("a", new double[] {0, 1}, new double[] {0, 2});
        var line = traces(chart).getFirst();
        assertThat(line.get("x")).isEqualTo(line.get("y"));
        assertThat(line).containsEntry("showlegend", false);
        var outside = ScatterChart.of().diagonal().points("a", new double[] {0, 1}, new double[] {7, 8});
        assertThat(Json.write(traces(outside).getFirst().get("x"))).isEqualTo("[]");
        assertThat(outside.figure().png()).isNotEmpty();
    }

    @Test
    void drawsAnyValuesAtAll() {
        for (var values : List.of(
                new double[] {NAN, NAN, NAN},
                new double[] {2, 2, 2},
                new double[] {0, 1e300, -1e300},
                new double[] {NAN, 1, NAN},
                new double[0])) {
            var labels = Collections.nCopies(values.length, "<s>");
            var chart = ScatterChart.of()
                    .points("a", values, values)
                    .path("b", values, values, labels)
                    .lineAtX(3, "x")
                    .lineAtY(1, "y");
            for (var variant :
                    List.of(chart, chart.equalAspect(), chart.logarithmicX().logarithmicY())) {
                assertThat(variant.figure().png()).isNotEmpty();
                assertThat(PlotlySchema.problems(read(variant))).isEmpty();
            }
        }
    }

    @Test
    void paintsPointsWhereTheyAre() throws IOException {
        var chart = ScatterChart.of()
                .points("a", new double[] {1, 3}, new double[] {1, 3})
                .xRange(0, 4)
                .yRange(0, 4);
        var box = ScatterGeometry.of(chart).area().box();
        var image = ImageIO.read(new ByteArrayInputStream(chart.figure().png()));
        for (var share : new double[] {0.25, 0.75}) {
            var x = (int) ((box.x() + share * box.width()) * Canvas.RESOLUTION);
            var y = (int) ((box.bottom() - share * box.height()) * Canvas.RESOLUTION);
            var color = Palette.color(0, 1).mix(Rgb.PAPER, 1 - ScatterGeometry.opacity(chart));
            var painted = image.getRGB(x, y);
            assertThat(Math.abs((painted >> 16 & 0xff) - color.red())).isLessThan(8);
            assertThat(Math.abs((painted & 0xff) - color.blue())).isLessThan(8);
        }
    }

    @Test
    void longTitlesLeaveRoomForTheButtons() {
        var title = String.join(" ", Collections.nCopies(30, "word"));
        for (var chart : List.<Chart>of(
                ScatterDemo.groups().title(title),
                ScatterDemo.histogram().title(title),
                LineChart.over(1, 2).line("a", 1, 2).title(title),
                BarChart.over(List.of("a")).bars("b", 1).title(title))) {
            var lines = ((Map<?, ?>) layout(chart).get("title")).get("text").toString();
            var widest = Arrays.stream(lines.replaceAll("</?b>", "").split("<br>"))
                    .mapToDouble(TitleLines::width)
                    .max()
                    .orElseThrow();
            assertThat(widest).isLessThan(chart.figure().width() - TitleLines.BUTTONS);
            assertThat(new HashSet<>(List.of(lines.split("<br>")))).hasSizeGreaterThan(1);
        }
    }

    private static List<String> labels(ScatterChart chart) {
        return ScatterGeometry.of(chart).labels().getFirst();
    }

    private static Object color(Map<String, Object> trace) {
        return ((Map<?, ?>) trace.get("marker")).get("color");
    }

    @SuppressWarnings("unchecked")
    private static List<Map<String, Object>> traces(Chart chart) {
        return (List<Map<String, Object>>) chart.figure().tree().get("data");
    }

    @SuppressWarnings("unchecked")
    private static Map<String, Object> layout(Chart chart) {
        return (Map<String, Object>) chart.figure().tree().get("layout");
    }

    @SuppressWarnings("unchecked")
    private static Map<String, Object> read(Chart chart) {
        return (Map<String, Object>) Json.read(Json.write(chart.figure().tree()));
    }
}
