package microtome.display;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class LineChartTest {
    private static final double NAN = Double.NaN;

    private final LineChart places = LineChart.over(List.of("emb", "1", "2", "3"));

    @Test
    void refusesWhatCannotBeDrawn() {
        assertThatThrownBy(() -> LineChart.over(List.of())).hasMessage("line chart over 0 places: need at least one");
        assertThatThrownBy(() -> LineChart.over(1, NAN))
                .hasMessage("line chart over [1.0, NaN]: need at least one number, all finite");
        assertThatThrownBy(() -> places.line("cosine", 1, 2))
                .hasMessage("line chart: cosine has 2 values for 4 places; fill up with NaN");
        assertThatThrownBy(() -> places.line("c", new double[4], new double[3], new double[4]))
                .hasMessage("line chart: c, lower bounds has 3 values for 4 places; fill up with NaN");
        assertThatThrownBy(places::figure).hasMessage("line chart without lines; call line(name, values) first");
        assertThatThrownBy(() -> places.range(2, 1)).hasMessageContaining("the first below the second");
    }

    @Test
    void leavesGaps() {
        var chart = places.line("a", 1, NAN, Double.POSITIVE_INFINITY, 2.123456789);
        assertThat(Json.write(traces(chart).getFirst().get("y"))).isEqualTo("[1,null,null,2.1235]");
        assertThat(chart).hasToString("Figure[line chart 1 line x 4 points, 1..2.12, 1 NaN, 1 infinite]");
    }

    @Test
    void logarithmsHaveNoPlaceForZero() {
        var chart = places.logarithmic().line("a", 0, -1, 10, 1000);
        assertThat(Json.write(traces(chart).getFirst().get("y"))).isEqualTo("[null,null,10,1000]");
        assertThat((Map<?, ?>) layout(chart).get("yaxis")).extracting("type").isEqualTo("log");
    }

    @Test
    void breaksABandAtItsGaps() {
        var band = traces(places.line(
                        "a", new double[] {1, 2, 3, 4}, new double[] {0, NAN, 2, 3}, new double[] {2, 3, 4, 5}))
                .getFirst();
        assertThat(Json.write(band.get("x"))).isEqualTo("[0,0,null,2,3,3,2]");
        assertThat(Json.write(band.get("y"))).isEqualTo("[0,2,null,2,3,5,4]");
    }

    @Test
    void drawsAnyValuesAtAll() {
        for (var values : List.of(
                new double[] {NAN, NAN, NAN, NAN},
                new double[] {2, 2, 2, 2},
                new double[] {0, 1e-300, 1e300, -1e300},
                new double[] {NAN, 1, NAN, NAN})) {
            for (var chart : List.of(
                    places.line("a", values),
                    places.logarithmic().line("a", values).baseline("b", values))) {
                assertThat(chart.figure().png()).isNotEmpty();
                assertThat(PlotlySchema.problems(read(chart))).isEmpty();
            }
        }
        assertThat(LineChart.over(5).line("one point", 3).figure().png()).isNotEmpty();
    }

    @Test
    void baselinesTakeNoColourFromOtherLines() {
        var without = places.line("a", 1, 2, 3, 4).line("b", 1, 2, 3, 4);
        var with = places.baseline("chance", 0, 0, 0, 0).line("a", 1, 2, 3, 4).line("b", 1, 2, 3, 4);
        assertThat(traces(with).get(1).get("line"))
                .isEqualTo(traces(without).get(0).get("line"));
        assertThat(traces(with).get(2).get("line"))
                .isEqualTo(traces(without).get(1).get("line"));
        assertThat(traces(without).get(0).get("line"))
                .isNotEqualTo(traces(without).get(1).get("line"));
    }

    @Test
    void aValueBetweenGapsHasADotEvenWithoutMarkers() {
        var chart = places.markers(false).line("a", 1, NAN, 2, NAN);
        assertThat(Json.write(traces(chart).getFirst().get("marker"))).startsWith("{\"size\":[5,0,5,0]");
        assertThat(traces(places.markers(false).line("a", 1, 2, 3, 4)).getFirst())
                .doesNotContainKey("marker");
    }

    @Test
    void barsSayWhatIsMissing() {
        var chart = BarChart.over(List.of("a", "b")).bars("n", NAN, 3);
        assertThat(Json.write(layout(chart).get("annotations"))).contains("\"text\":\"NaN\",\"x\":0,\"y\":0");
        assertThat(Json.write(traces(chart).getFirst().get("y"))).isEqualTo("[null,3]");
    }

    @Test
    void barsRefuseWhatCannotBeDrawn() {
        assertThatThrownBy(() -> BarChart.over(List.of())).hasMessage("bar chart over 0 labels: need at least one");
        var chart = BarChart.over(List.of("a", "b"));
        assertThatThrownBy(() -> chart.bars("n", 1))
                .hasMessage("bar chart: n has 1 values for 2 labels; fill up with NaN");
        assertThatThrownBy(chart::figure).hasMessage("bar chart without bars; call bars(name, values) first");
    }

    @Test
    void barsDrawAnyValuesAtAll() {
        for (var values : List.of(new double[] {0, 0}, new double[] {NAN, NAN}, new double[] {-1, -2}, new double[] {
            Double.NEGATIVE_INFINITY, 1e300
        })) {
            var chart =
                    BarChart.over(List.of("a", "a")).bars("n", values, values).bars("m", values);
            assertThat(chart.figure().png()).isNotEmpty();
            assertThat(chart.horizontal().figure().png()).isNotEmpty();
            assertThat(PlotlySchema.problems(read(chart))).isEmpty();
        }
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
