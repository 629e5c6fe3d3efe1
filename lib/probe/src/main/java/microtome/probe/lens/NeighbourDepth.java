package microtome.probe.lens;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import microtome.display.BarChart;
import microtome.display.Cell;
import microtome.display.Column;
import microtome.display.Explanation;
import microtome.display.Figure;
import microtome.display.LineChart;
import microtome.display.Table;
import microtome.probe.data.Average;
import microtome.probe.data.Copies;
import microtome.probe.data.Origin;
import microtome.probe.data.ProbeResult;
import microtome.probe.data.prompt.PromptStates;

/**
 * From which layer on the nearest neighbours of a labelled prompt, among all others, vote for its class as they do in the
 * end: at that layer and all later ones.
 *
 * @see <a href="https://arxiv.org/abs/2106.09647">Baldock et al. 2021</a>
 */
public final class NeighbourDepth implements ProbeResult<NeighbourDepth.Values> {
    /** Neighbours that vote in the paper. */
    public static final int NEIGHBOURS = 30;

    private static final String NONE = "the neighbours in the last layer vote otherwise";

    /**
     * The numbers.
     *
     * @param depths index of the earliest layer from which on the vote is the prediction, {@code [prompts]}; the number of
     *     layers where it is not even in the last
     * @param votes index of the class that the neighbours vote for, {@code [layers, prompts]}
     * @param predictions index of the class that counts as predicted, {@code [prompts]}
     * @param accuracy share of votes for the label, {@code [layers]}
     */
    public record Values(int[] depths, int[][] votes, int[] predictions, double[] accuracy) {}

    private final List<String> layers;
    private final List<String> texts;
    private final List<String> classes;
    private final int[] labels;
    private final int[] predictions;
    private final int[][] votes;
    private final int neighbours;
    private final boolean predictedByModel;
    private final Origin origin;

    NeighbourDepth(
            List<String> layers,
            List<String> texts,
            List<String> classes,
            int[] labels,
            int[] predictions,
            int[][] votes,
            int neighbours,
            boolean predictedByModel,
            Origin origin) {
        this.layers = List.copyOf(layers);
        this.texts = List.copyOf(texts);
        this.classes = List.copyOf(classes);
        this.labels = labels;
        this.predictions = predictions;
        this.votes = votes;
        this.neighbours = neighbours;
        this.predictedByModel = predictedByModel;
        this.origin = origin;
    }

    /**
     * What the neighbours in the last layer vote for counts as predicted. So many of them vote: 30, or as many as the
     * smallest class has beside the prompt itself.
     *
     * @throws IllegalArgumentException if there is one class only, or a class of one prompt
     */
    public static NeighbourDepth of(PromptStates states) {
        return new NeighbourVote(states).result(List.of());
    }

    /**
     * As {@link #of(PromptStates)}, with what the model itself predicted.
     *
     * @param predictions a label for each prompt
     */
    public static NeighbourDepth of(PromptStates states, List<String> predictions) {
        if (predictions.size() != states.prompts().size()) {
            throw new IllegalArgumentException("%d predictions for %d prompts; give one for each"
                    .formatted(predictions.size(), states.prompts().size()));
        }
        return new NeighbourVote(states).result(predictions);
    }

    /** How many prompts of each class are settled from each layer on. */
    @Override
    public Figure plot() {
        BarChart chart = BarChart.over(layers);
        int[] depths = depths();
        for (int label = 0; label < classes.size(); label++) {
            var counts = new double[layers.size()];
            for (int prompt = 0; prompt < labels.length; prompt++) {
                if (labels[prompt] == label && depths[prompt] < layers.size()) {
                    counts[depths[prompt]]++;
                }
            }
            chart = chart.bars(classes.get(label), counts);
        }
        return chart.axisTitles("prediction depth", "prompts")
                .title("From which layer on %d neighbours vote as in the end".formatted(neighbours))
                .figure();
    }

    /** The share of votes for the label, layer by layer. */
    public Figure accuracyPlot() {
        var chance = new double[layers.size()];
        Arrays.fill(chance, largestClass() / (double) labels.length);
        return LineChart.over(layers)
                .line("vote of neighbours", accuracy())
                .baseline("largest class", chance)
                .range(0, 1)
                .axisTitles("layer", "share right")
                .title("How often %d neighbours vote for the label".formatted(neighbours))
                .figure();
    }

    @Override
    public Table table() {
        int[] depths = depths();
        return Table.of(Column.text("prompt"), Column.text("label"), Column.text("prediction"), Column.text("depth"))
                .rows(IntStream.range(0, labels.length)
                        .mapToObj(prompt -> List.<Object>of(
                                texts.get(prompt),
                                classes.get(labels[prompt]),
                                classes.get(predictions[prompt]),
                                depths[prompt] < layers.size() ? layers.get(depths[prompt]) : Cell.missing(NONE)))
                        .toList())
                .caption("From which layer on %d neighbours vote as in the end".formatted(neighbours));
    }

    @Override
    public Values values() {
        return new Values(depths(), Copies.of(votes), predictions.clone(), accuracy());
    }

    /** The mean depth, as an index of layers. */
    public Average mean() {
        return Average.of(Arrays.stream(depths())
                .mapToDouble(depth -> depth < layers.size() ? depth : Double.NaN)
                .toArray());
    }

    @Override
    public Explanation explain() {
        Average mean = mean();
        var notes = new ArrayList<String>();
        notes.add(
                "neighbours are those of least Euclidean distance among all other prompts; of classes with equally many votes the one with the nearest voter wins");
        if (!predictedByModel) {
            notes.add(
                    "the vote in the last layer counts as predicted; in the paper it is what the model itself predicts");
        }
        Explanation explanation = Explanation.of(
                        "prediction depth by neighbours",
                        "the earliest layer l such that the vote of the %d nearest neighbours is the prediction at all layers from l on"
                                .formatted(neighbours))
                .n(mean.n())
                .fact("left out", mean.leftOut())
                .fact("neighbours", neighbours)
                .fact("mean depth", mean.value())
                .paper("https://arxiv.org/abs/2106.09647");
        for (String note : notes) {
            explanation = explanation.note(note);
        }
        return origin.on(explanation);
    }

    @Override
    public String toString() {
        return plainText();
    }

    private int[] depths() {
        return IntStream.range(0, labels.length)
                .map(prompt -> SettledDepth.of(layers.size(), layer -> votes[layer][prompt] == predictions[prompt]))
                .toArray();
    }

    private double[] accuracy() {
        return Arrays.stream(votes)
                .mapToDouble(layer -> IntStream.range(0, labels.length)
                                .filter(prompt -> layer[prompt] == labels[prompt])
                                .count()
                        / (double) labels.length)
                .toArray();
    }

    private long largestClass() {
        return IntStream.range(0, classes.size())
                .mapToLong(label ->
                        Arrays.stream(labels).filter(own -> own == label).count())
                .max()
                .orElseThrow();
    }
}
