package microtome.display;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class PlotlySchemaTest {
    static Stream<String> charts() {
        return Demo.charts().keySet().stream();
    }

    @ParameterizedTest
    @MethodSource("charts")
    void everyKindOfChartFollowsPlotlysSchema(String name) {
        var written = Json.write(Demo.charts().get(name).figure().tree());
        @SuppressWarnings("unchecked")
        var read = (Map<String, Object>) Json.read(written); // what a front end gets, not what we meant
        assertThat(PlotlySchema.problems(read)).isEmpty();
    }

    @Test
    void everyClassOfChartIsAmongThem() {
        assertThat(Demo.charts().values().stream().<Class<?>>map(Object::getClass))
                .contains(Chart.class.getPermittedSubclasses());
    }

    @Test
    void theSchemaAcceptsWhatPlotlyAccepts() {
        assertThat(problemsOfLayout(Map.of("title", Map.of("text", "t"), "xaxis3", Map.of("domain", List.of(0, 0.5)))))
                .isEmpty();
    }

    @Test
    void theSchemaCatchesWhatPlotlyDrops() {
        assertThat(problemsOfLayout(Map.of("titlefont", Map.of("size", 3))))
                .containsExactly("layout.titlefont: unknown attribute");
        assertThat(problemsOfLayout(Map.of("title", "t"))).containsExactly("layout.title: must be an object, not t");
        assertThat(problemsOfLayout(Map.of("yaxis", Map.of("titel", "t"))))
                .containsExactly("layout.yaxis.titel: unknown attribute");
        assertThat(problemsOfLayout(Map.of("width3", 3))).containsExactly("layout.width3: unknown attribute");
        assertThat(problemsOfLayout(Map.of("barmode", "grouped")))
                .containsExactly("layout.barmode: grouped is no enumerated");
        assertThat(problemsOfLayout(Map.of("width", "wide"))).containsExactly("layout.width: wide is no number");
        assertThat(problemsOfLayout(Map.of("showlegend", 1))).containsExactly("layout.showlegend: 1 is no boolean");
        assertThat(problemsOfLayout(Map.of("xaxis", Map.of("domain", List.of(0, 2)))))
                .containsExactly("layout.xaxis.domain[1]: 2 is no number");
        assertThat(problemsOfLayout(Map.of("paper_bgcolor", "whitish")))
                .containsExactly("layout.paper_bgcolor: whitish is no color");
    }

    @Test
    void theSchemaCatchesWrongTraces() {
        assertThat(problemsOfTrace(Map.of("type", "heatmap", "z", 3))).containsExactly("data[0].z: 3 is no data_array");
        assertThat(problemsOfTrace(Map.of("type", "heatmap", "colours", "Blues")))
                .containsExactly("data[0].colours: unknown attribute");
        assertThat(problemsOfTrace(Map.of("type", "scatter", "mode", "lines+dots")))
                .containsExactly("data[0].mode: lines+dots is no flaglist");
        assertThat(problemsOfTrace(Map.of("type", "bar", "xaxis", "y2")))
                .containsExactly("data[0].xaxis: y2 is no subplotid");
        assertThat(problemsOfTrace(Map.of("type", "heatmap", "colorscale", List.of(List.of(0, "#000000")))))
                .hasSize(1);
        assertThat(problemsOfTrace(Map.of("type", "heatmaps"))).containsExactly("data[0].type: unknown trace heatmaps");
    }

    private static List<String> problemsOfLayout(Map<String, Object> layout) {
        return PlotlySchema.problems(Map.of("data", List.of(), "layout", layout, "config", Map.of()));
    }

    private static List<String> problemsOfTrace(Map<String, Object> trace) {
        return PlotlySchema.problems(Map.of("data", List.of(trace), "layout", Map.of(), "config", Map.of()));
    }
}
