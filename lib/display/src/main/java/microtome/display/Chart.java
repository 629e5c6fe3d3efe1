package microtome.display;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;

/** A picture that this package can both describe to Plotly and paint by itself. */
public sealed interface Chart extends Displayable
        permits HeatMap, HeatMapGrid, HeatMapSlider, LineChart, BarChart, ScatterChart, HistogramChart {
    /** The chart as a Plotly figure with this chart as its static picture. */
    Figure figure();

    /** One line that says what is drawn and its range, for example {@code heat map 31 x 5, -0.98..1}. */
    String description();

    @Override
    default Map<String, Object> mimeBundle() {
        return figure().mimeBundle();
    }

    @Override
    default String plainText() {
        return "Figure[" + description() + "]";
    }

    /**
     * Writes the static picture.
     *
     * @throws IOException if the file cannot be written
     */
    default void savePng(Path file) throws IOException {
        figure().savePng(file);
    }

    /**
     * Writes a page that shows the static picture, and the figure itself once a script defines Plotly.
     *
     * @throws IOException if the file cannot be written
     */
    default void saveHtml(Path page) throws IOException {
        figure().saveHtml(page);
    }

    /**
     * Writes the figure's tree as JSON.
     *
     * @throws IOException if the file cannot be written
     */
    default void saveJson(Path file) throws IOException {
        figure().saveJson(file);
    }
}
