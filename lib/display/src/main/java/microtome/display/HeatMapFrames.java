package microtome.display;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;

/** A slider over heat maps as a Plotly figure with one frame for each step. */
final class HeatMapFrames {
    private static final int SLIDER_HEIGHT = 80;

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
            var changed = new Attributes().with("type", trace.get("type"));
            var names = trace.get("type").equals("scatter")
                    ? List.of("x", "y", "marker")
                    : List.of("z", "text", "hovertext");
            names.stream().filter(trace::containsKey).forEach(key -> changed.put(key, trace.get(key)));
            data.add(changed);
        }
        var indices = IntStream.range(0, traces.size()).boxed().toList();
        return new Attributes().with("name", name).with("data", data).with("traces", indices);
    }

    private static void addSlider(Map<String, Object> layout, HeatMapSlider slider) {
        @SuppressWarnings("unchecked") // written by HeatMapPlot.layout
        var margin = (Map<String, Object>) layout.get("margin");
        var below = ((Number) margin.get("b")).intValue();
        margin.put("b", below + SLIDER_HEIGHT);
        layout.put("height", ((Number) layout.get("height")).intValue() + SLIDER_HEIGHT);
        layout.put("sliders", List.of(slider(slider, below)));
    }

    /** The slider itself, {@code below} pixels under the plot. */
    private static Map<String, Object> slider(HeatMapSlider slider, int below) {
        var steps = new ArrayList<Map<String, Object>>();
        for (int step = 0; step < slider.steps().size(); step++) {
            steps.add(new Attributes()
                    .with("label", Html.escapeForPlotly(slider.names().get(step)))
                    .with("method", "animate")
                    .with("args", List.of(List.of(frameName(step)), animation())));
        }
        var title = slider.stepTitle().isEmpty() ? "" : Html.escapeForPlotly(slider.stepTitle()) + " ";
        var current = new Attributes().with("prefix", title).with("xanchor", "left");
        return new Attributes()
                .with("active", slider.active())
                .with("currentvalue", current.with("font", PlotlyStyle.font(13)))
                .with("x", 0)
                .with("xanchor", "left")
                .with("len", 1)
                .with("y", 0)
                .with("yanchor", "top")
                .with("pad", PlotlyStyle.padding(0, below))
                .with("ticklen", 4)
                .with("steps", steps);
    }

    private static Map<String, Object> animation() {
        return new Attributes()
                .with("mode", "immediate")
                .with("frame", new Attributes().with("duration", 0).with("redraw", true))
                .with("transition", new Attributes().with("duration", 0));
    }

    private static String frameName(int step) {
        return "step " + step;
    }
}
