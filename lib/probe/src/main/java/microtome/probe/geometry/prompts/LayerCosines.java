package microtome.probe.geometry.prompts;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import microtome.display.Column;
import microtome.display.Explanation;
import microtome.display.Figure;
import microtome.display.HeatMap;
import microtome.display.Table;
import microtome.probe.data.Average;
import microtome.probe.data.ProbeResult;

/** The cosine between the states of any two layers, mean over the prompts. */
public final class LayerCosines implements ProbeResult<double[][]> {
    private final Setting setting;
    private final int prompts;
    private final Average[][] means;

    LayerCosines(Setting setting, int prompts, Average[][] means) {
        this.setting = setting;
        this.prompts = prompts;
        this.means = means;
    }

    static LayerCosines of(PromptPaths paths) {
        int layers = paths.layers();
        double[][] each = paths.each(path -> Arrays.stream(path.cosineMatrix())
                .flatMapToDouble(Arrays::stream)
                .toArray());
        var means = new Average[layers][layers];
        for (int row = 0; row < layers; row++) {
            for (int column = 0; column < layers; column++) {
                means[row][column] = Average.of(Band.column(each, row * layers + column));
            }
        }
        return new LayerCosines(paths.setting(), paths.sample().size(), means);
    }

    @Override
    public Figure plot() {
        return HeatMap.of(values())
                .rowLabels(setting.layers())
                .columnLabels(setting.layers())
                .axisTitles("depth", "depth")
                .valueTitle("mean cosine")
                .diverging()
                .range(-1, 1)
                .firstRowAtBottom()
                .square()
                .title(setting.title("Cosine between layers"))
                .figure();
    }

    @Override
    public Table table() {
        var columns = new ArrayList<>(List.of(Column.text("depth")));
        setting.layers().forEach(layer -> columns.add(Column.number(layer, "%.3f")));
        Table table = Table.of(columns.toArray(Column[]::new)).caption(setting.title("Cosine between layers"));
        for (int row = 0; row < means.length; row++) {
            var cells = new ArrayList<Object>(List.of(setting.layers().get(row)));
            for (Average mean : means[row]) {
                cells.add(Shown.cell(mean.value(), Shown.NO_DIRECTION));
            }
            table = table.row(cells.toArray());
        }
        return table;
    }

    /** {@code [layers, layers]}. */
    @Override
    public double[][] values() {
        return IntStream.range(0, means.length)
                .mapToObj(row -> IntStream.range(0, means.length)
                        .mapToDouble(column -> means[row][column].value())
                        .toArray())
                .toArray(double[][]::new);
    }

    @Override
    public Explanation explain() {
        int leftOut = IntStream.range(0, means.length)
                .map(layer -> means[layer][layer].leftOut())
                .max()
                .orElse(0);
        return setting.explanation("cosine between layers", "mean over prompts of cos(x[i], x[j])")
                .n(prompts)
                .fact("prompts left out, at most", leftOut);
    }

    @Override
    public String toString() {
        return plainText();
    }
}
