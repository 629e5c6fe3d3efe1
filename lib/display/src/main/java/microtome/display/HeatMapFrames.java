package microtome.display;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;

/** A slider over heat maps as a Plotly figure with one frame for each step. */
final class HeatMapFrames {
    private static final int SLIDER_HEIGHT = 74;

    private HeatMapFrames() {}

    static Figure figure(HeatMapSlider slider) {
        var range = slider.range();
        var plots = IntStream.range(0, slider.steps().size())
                .mapToObj(step -> new HeatMapPlot(slider.ranged(step, range)))
                .toList();
        var marks = plots.stream().anyMatch(HeatMapPlot::hasClipped);
        var active = plots.get(slider.active());
        var layout = active.layout();
        addSlider(layout, slider);
        var frames = new ArrayList<Map<String, Object>>();
        for (int step = 0; step < plots.size(); step++) {
            frames.add(frame(frameName(step), plots.get(step).traces(marks)));
        }
        return Figure.of(slider, active.traces(marks), layout).frames(frames);
    }

    /** Only what differs from step to step. */
    private static Map<String, Object> frame(String name, List<Map<String, Object>> traces) {
        var data = new ArrayList<Map<String, Object>>();
        for (var trace : traces) {
            var changed = Json.object("type", trace.get("type"));
            var names = trace.get("type").equals("scatter") ? List.of("x", "y", "marker") : List.of("z", "text", "hovertext");
            names.stream().filter(trace::containsKey).forEach(key -> changed.put(key, trace.get(key)));
            data.add(changed);
        }
        var indices = IntStream.range(0, traces.size()).boxed().toList();
        return Json.object("name", name, "data", data, "traces", indices);
    }

    private static void addSlider(Map<String, Object> layout, HeatMapSlider slider) {
        @SuppressWarnings("unchecked") // written by HeatMapPlot.layout
        var margin = (Map<String, Object>) layout.get("margin");
        var below = ((Number) margin.get("b")).intValue();
        margin.put("b", below + SLIDER_HEIGHT);
        layout.put("height", ((Number) layout.get("height")).intValue() + SLIDER_HEIGHT);
        var steps = new ArrayList<Map<String, Object>>();
        for (int step = 0; step < slider.steps().size(); step++) {
            steps.add(Json.object(
                    "label", Html.escapeForPlotly(slider.names().get(step)),
                    "method", "animate",
                    "args", List.of(List.of(frameName(step)), animation())));
        }
        var title = slider.stepTitle().isEmpty() ? "" : Html.escapeForPlotly(slider.stepTitle()) + " ";
        layout.put(
                "sliders",
                List.of(Json.object(
                        "active", slider.active(),
                        "currentvalue", Json.object("prefix", title, "xanchor", "left", "font", Json.object("size", 13)),
                        "x", 0,
                        "xanchor", "left",
                        "len", 1,
                        "y", 0,
                        "yanchor", "top",
                        "pad", Json.object("t", below, "b", 0, "l", 0, "r", 0),
                        "ticklen", 4,
                        "steps", steps)));
    }

    private static Map<String, Object> animation() {
        return Json.object(
                "mode", "immediate",
                "frame", Json.object("duration", 0, "redraw", true),
                "transition", Json.object("duration", 0));
    }

    private static String frameName(int step) {
        return "step " + step;
    }
}
