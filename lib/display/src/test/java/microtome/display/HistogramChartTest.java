package microtome.display;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import java.util.Map;
import java.util.stream.DoubleStream;
import org.junit.jupiter.api.Test;

class HistogramChartTest {
    private static final double NAN = Double.NaN;

    @Test
    void refusesWhatCannotBeDrawn() {
        var chart = HistogramChart.of();
        assertThatThrownBy(chart::figure).hasMessage("histogram without values; call values(name, values) first");
        assertThatThrownBy(() -> chart.bins(0)).hasMessage("histogram of 0 bins: need 1..1000");
        assertThatThrownBy(() -> chart.lineAt(NAN, "x")).hasMessage("histogram: a line at NaN; need a finite number");
        assertThatThrownBy(() -> chart.range(2, 1)).hasMessageContaining("the first below the second");
    }

    @Test
    void countsEachValueOnceWithTheUpperEdgeInTheLastBin() {
        var chart = HistogramChart.of()
                .values("a", 0, 0.99, 1, 2, 3, 4, NAN, 5)
                .range(0, 4)
                .bins(4);
        assertThat(chart.binning().counts(chart.groups().getFirst().values())).containsExactly(2, 1, 1, 2);
        assertThat(traces(chart).getFirst()).containsEntry("name", "a (2 in no bin)");
    }

    @Test
    void wholeNumbersHaveABinEach() {
        var bins = HistogramChart.of().values("a", 3, 5, 5).values("b", 4).binning();
        assertThat(bins).isEqualTo(new Bins(2.5, 5.5, 3));
        assertThat(bins.counts(new double[] {3, 5, 5})).containsExactly(1, 0, 2);
    }

    @Test
    void groupsShareTheirBinsAndSharesAddToOne() {
        var chart = ScatterDemo.histogram();
        assertThat(traces(chart).get(0).get("x")).isEqualTo(traces(chart).get(1).get("x"));
        for (var group : chart.groups()) {
            assertThat(DoubleStream.of(chart.heights(group, chart.binning())).sum())
                    .isCloseTo(1, within(1e-12));
        }
        assertThat((Map<?, ?>) layout(chart).get("yaxis"))
                .extracting("title.text")
                .isEqualTo("share");
    }

    @Test
    void drawsAnyValuesAtAll() {
        for (var values : List.of(
                new double[] {NAN, NAN},
                new double[0],
                new double[] {2.5},
                new double[] {7, 7, 7},
                new double[] {-1e300, 1e300, 0.5},
                new double[] {Double.NEGATIVE_INFINITY, 1})) {
            var chart = HistogramChart.of().values("<a>", values).values("b", 1).lineAt(0, "zero");
            for (var variant : List.of(chart, chart.shares(), chart.bins(7), chart.range(-1, 1))) {
                assertThat(variant.figure().png()).isNotEmpty();
                assertThat(PlotlySchema.problems(read(variant))).isEmpty();
            }
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
