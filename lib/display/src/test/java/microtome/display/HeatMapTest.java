package microtome.display;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class HeatMapTest {
    private static final double NAN = Double.NaN;
    private static final double INFINITY = Double.POSITIVE_INFINITY;

    @Test
    void refusesWhatIsNoGrid() {
        assertThatThrownBy(() -> HeatMap.of(new double[0][0]))
                .hasMessage("heat map of [0, 0]: need at least one row and one column");
        assertThatThrownBy(() -> HeatMap.of(new float[2][0]))
                .hasMessage("heat map of [2, 0]: need at least one row and one column");
        assertThatThrownBy(() -> HeatMap.of(new double[][] {{1, 2}, {3}}))
                .hasMessage("heat map: row 1 has 1 values, row 0 has 2; pad with NaN");
    }

    @Test
    void refusesLabelsAndTextsThatDoNotFit() {
        var map = HeatMap.of(new double[2][3]);
        assertThatThrownBy(() -> map.rowLabels(List.of("a"))).hasMessage("heat map: 1 row labels for 2 rows");
        assertThatThrownBy(() -> map.columnLabels(List.of("a"))).hasMessage("heat map: 1 column labels for 3 columns");
        assertThatThrownBy(() -> map.text(new String[1][3])).hasMessage("heat map: text has 1 rows, the values 2");
        assertThatThrownBy(() -> map.hover(new String[2][2]))
                .hasMessage("heat map: hover text has 2 entries in row 0, the values 3");
        assertThatThrownBy(() -> map.range(1, 1)).hasMessageContaining("need two finite numbers");
        assertThatThrownBy(() -> map.range(0, INFINITY)).hasMessageContaining("need two finite numbers");
    }

    @Test
    void drawsAnyValuesAtAll() {
        var grids = List.of(
                new double[][] {{3}},
                new double[][] {{0, 0}, {0, 0}},
                new double[][] {{NAN, NAN}},
                new double[][] {{INFINITY}, {-INFINITY}},
                new double[][] {{1e300, -1e300, 1e-300}},
                new double[1][700],
                new double[700][1]);
        for (var grid : grids) {
            for (var map :
                    List.of(HeatMap.of(grid), HeatMap.of(grid).diverging().square())) {
                assertThat(map.figure().png()).isNotEmpty();
                assertThat(PlotlySchema.problems(read(map))).as("%s", map).isEmpty();
            }
        }
    }

    @Test
    void keepsItsOwnCopyOfTheValues() {
        var values = new double[][] {{1, 2}};
        var map = HeatMap.of(values);
        values[0][0] = 99;
        assertThat(Json.write(trace(map).get("z"))).isEqualTo("[[1,2]]");
    }

    @Test
    void leavesGapsForNotANumber() {
        var map = HeatMap.of(new double[][] {{0.123456789, NAN}});
        assertThat(Json.write(trace(map).get("z"))).isEqualTo("[[0.12346,null]]");
        assertThat(map).hasToString("Figure[heat map 1 x 2, 0.123..0.123, 1 NaN]");
        assertThat(HeatMap.of(new double[][] {{NAN}})).hasToString("Figure[heat map 1 x 1, no finite value, 1 NaN]");
    }

    @Test
    void showsInfinityAtTheEndOfTheScaleAndTellsTheTruthInHoverText() {
        var map = HeatMap.of(new double[][] {{1, 2, INFINITY, -INFINITY}});
        assertThat(Json.write(trace(map).get("z"))).isEqualTo("[[1,2,2,1]]");
        assertThat(Json.write(trace(map).get("hovertext"))).contains("∞", "-∞");
        assertThat(map.description()).isEqualTo("heat map 1 x 4, 1..2, 2 infinite");
    }

    @Test
    void marksClippedCells() {
        var figure = HeatMap.of(new double[][] {{-5, 0.5, 7}}).range(0, 1).figure();
        var marks = traces(figure).get(1);
        assertThat(Json.write(marks.get("x"))).isEqualTo("[\"0\",\"2\"]");
        assertThat(Json.write(marks.get("marker"))).contains("[\"triangle-down\",\"triangle-up\"]");
        assertThat(Json.write(traces(figure).getFirst().get("z"))).isEqualTo("[[-5,0.5,7]]");
    }

    @Test
    void centresADivergingScaleOnZero() {
        assertThat(trace(HeatMap.of(new double[][] {{-1, 4}}).diverging()))
                .containsEntry("zmin", -4L)
                .containsEntry("zmax", 4L);
        assertThat(trace(HeatMap.of(new double[][] {{9}}).diverging().range(-3, 1)))
                .containsEntry("zmin", -3L)
                .containsEntry("zmax", 3L);
    }

    @Test
    void keepsEqualLabelsApart() {
        var trace = trace(HeatMap.of(new double[1][3]).columnLabels(List.of("the", "the", "cat")));
        assertThat(trace.get("x")).isEqualTo(List.of("0: the", "1: the", "2: cat"));
        var axis = (Map<?, ?>) layout(HeatMap.of(new double[1][3]).columnLabels(List.of("the", "the", "cat")))
                .get("xaxis");
        assertThat(axis.get("ticktext")).isEqualTo(List.of("the", "the", "cat"));
    }

    @Test
    void putsTheFirstRowWhereAsked() {
        assertThat(((Map<?, ?>) layout(HeatMap.of(new double[2][2])).get("yaxis")).get("autorange"))
                .isEqualTo("reversed");
        assertThat(((Map<?, ?>) layout(HeatMap.of(new double[2][2]).firstRowAtBottom())
                                .get("yaxis"))
                        .get("autorange"))
                .isEqualTo(true);
    }

    @Test
    void drawsSomeLabelsWhenThereAreMany() {
        var axis = (Map<?, ?>) layout(HeatMap.of(new double[3][700])).get("xaxis");
        assertThat((List<?>) axis.get("tickvals")).hasSizeBetween(5, 60);
        assertThat((List<?>) axis.get("tickvals")).element(0).isEqualTo("0");
    }

    @Test
    void aGridSharesOneScaleAndKeepsEachPanelInItsPlace() {
        var grid = HeatMapGrid.of(IntStream.range(0, 5)
                .mapToObj(panel -> HeatMap.of(new double[][] {{panel, 10}}).title("head " + panel))
                .toList());
        var traces = traces(grid.figure());
        assertThat(traces).hasSize(5).allSatisfy(trace -> assertThat(trace).containsEntry("zmin", 0L));
        assertThat(traces.stream().filter(trace -> trace.get("showscale").equals(true)))
                .hasSize(1);
        assertThat(traces).extracting(trace -> trace.get("xaxis")).containsExactly("x", "x2", "x3", "x4", "x5");
        assertThat(grid).hasToString("Figure[5 heat maps 1 x 2, 0..10]");
    }

    @Test
    void aGridRefusesWhatDoesNotBelongTogether() {
        var map = HeatMap.of(new double[1][1]);
        assertThatThrownBy(() -> HeatMapGrid.of(List.of())).hasMessageContaining("need at least one of each");
        assertThatThrownBy(() -> HeatMapGrid.of(List.of(map)).across(0)).hasMessageContaining("0 across");
        assertThatThrownBy(() -> HeatMapGrid.of(List.of(map, map.diverging())))
                .hasMessage("grid of heat maps: panels have different colour scales [VIRIDIS, BLUE_RED]; give all one");
        var large = HeatMap.of(new double[1001][500]);
        assertThatThrownBy(() -> HeatMapGrid.of(List.of(large, large)))
                .hasMessage("1,001,000 cells in one figure; at most 1,000,000. Show fewer layers, heads or positions");
    }

    @Test
    void aSliderHasOneFrameForEachStepAndOneScaleForAll() {
        var slider = HeatMapSlider.of(
                        "layer",
                        List.of("0", "1", "2"),
                        IntStream.range(0, 3)
                                .mapToObj(layer -> HeatMap.of(new double[][] {{layer, 2.0 * layer}}))
                                .toList())
                .active(1);
        var tree = slider.figure().tree();
        assertThat(Json.write(tree.get("frames"))).contains("\"z\":[[0,0]]", "\"z\":[[1,2]]", "\"z\":[[2,4]]");
        assertThat(traces(slider.figure()).getFirst()).containsEntry("zmax", 4L);
        assertThat(Json.write(traces(slider.figure()).getFirst().get("z"))).isEqualTo("[[1,2]]");
        assertThat(slider).hasToString("Figure[3 steps of 1 heat map 1 x 2, 0..4]");
    }

    @Test
    void aSliderKeepsItsClipMarksInStep() {
        var slider = HeatMapSlider.of(
                "layer",
                List.of("a", "b"),
                List.of(
                        HeatMap.of(new double[][] {{0, 1}}).range(0, 1),
                        HeatMap.of(new double[][] {{0, 3}}).range(0, 1)));
        var frames = (List<?>) slider.figure().tree().get("frames");
        assertThat(Json.write(frames.get(0))).contains("\"x\":[]");
        assertThat(Json.write(frames.get(1))).contains("\"x\":[\"1\"]");
        assertThat(PlotlySchema.problems(read(slider))).isEmpty();
    }

    @Test
    void aSliderRefusesStepsThatDiffer() {
        var one = HeatMap.of(new double[1][2]);
        var two = HeatMap.of(new double[1][3]);
        assertThatThrownBy(() -> HeatMapSlider.of("layer", List.of("a", "b"), List.of(one, two)))
                .hasMessageStartingWith("slider: step b differs from the first");
        assertThatThrownBy(() -> HeatMapSlider.of("layer", List.of("a", "a"), List.of(one, one)))
                .hasMessageContaining("no two alike");
        assertThatThrownBy(() -> HeatMapSlider.of("layer", List.of(), List.of()))
                .hasMessageContaining("0 steps");
        assertThatThrownBy(() ->
                        HeatMapSlider.of("layer", List.of("a"), List.of(one)).active(1))
                .hasMessage("slider: active step 1; valid are 0..0");
    }

    private static Map<String, Object> trace(HeatMap map) {
        return traces(map.figure()).getFirst();
    }

    @SuppressWarnings("unchecked")
    private static List<Map<String, Object>> traces(Figure figure) {
        return (List<Map<String, Object>>) figure.tree().get("data");
    }

    @SuppressWarnings("unchecked")
    private static Map<String, Object> layout(HeatMap map) {
        return (Map<String, Object>) map.figure().tree().get("layout");
    }

    @SuppressWarnings("unchecked")
    private static Map<String, Object> read(Chart chart) {
        return (Map<String, Object>) Json.read(Json.write(chart.figure().tree()));
    }
}
