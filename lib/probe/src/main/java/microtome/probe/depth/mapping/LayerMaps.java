package microtome.probe.depth.mapping;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.stream.IntStream;
import microtome.display.Cell;
import microtome.display.Column;
import microtome.display.Explanation;
import microtome.display.Figure;
import microtome.display.HeatMap;
import microtome.display.Table;
import microtome.model.LanguageModel;
import microtome.model.corpus.CorpusHarvest;
import microtome.model.corpus.document.Documents;
import microtome.probe.data.Copies;
import microtome.probe.data.Origin;
import microtome.probe.data.ProbeResult;
import microtome.probe.depth.reading.ReadOptions;

/**
 * How well an affine map predicts each layer of a model from each layer of another, or of its own, at tokens of documents it
 * never saw. A dark diagonal between two models says that the deeper one computes what the shallower one does, stretched.
 *
 * @see <a href="https://arxiv.org/abs/2505.13898">Csordás, Manning and Potts 2025</a>
 */
public final class LayerMaps implements ProbeResult<LayerMaps.Values> {
    private static final String PAPER = "https://arxiv.org/abs/2505.13898";

    /**
     * The numbers; NaN where they were not computed.
     *
     * @param error {@code [sources][targets]}: the mean over reported positions of ‖error‖ / ‖target‖
     * @param lambda {@code [sources][targets]}: what was chosen, as a share of the mean variance of the source's features
     * @param meanAlone the error of knowing nothing but the target's mean, per target
     * @param fitted positions that maps were fitted to
     * @param chosen positions that chose lambda
     * @param reported positions that errors are means of
     */
    public record Values(
            double[][] error, double[][] lambda, double[] meanAlone, long fitted, long chosen, long reported) {
        static Values nothing(int sources, int targets) {
            var nothing = new Values(
                    new double[sources][targets], new double[sources][targets], new double[targets], 0, 0, 0);
            Arrays.stream(nothing.error).forEach(row -> Arrays.fill(row, Double.NaN));
            Arrays.stream(nothing.lambda).forEach(row -> Arrays.fill(row, Double.NaN));
            Arrays.fill(nothing.meanAlone, Double.NaN);
            return nothing;
        }
    }

    private final Origin origin;
    private final MapOptions options;
    private final List<String> sources;
    private final List<String> targets;
    private final Values found;
    private final int passes;
    private final String stopped;

    LayerMaps(
            Origin origin,
            MapOptions options,
            List<String> sources,
            List<String> targets,
            Values found,
            int passes,
            String stopped) {
        this.origin = origin;
        this.options = options;
        this.sources = List.copyOf(sources);
        this.targets = List.copyOf(targets);
        this.found = found;
        this.passes = passes;
        this.stopped = stopped;
    }

    /** Maps from the layers of a model to its own, over a corpus that is read as its options say, without first positions. */
    public static LayerMaps within(CorpusHarvest corpus) {
        MapOptions plain = MapOptions.DEFAULT;
        return within(
                corpus.model(),
                corpus.documents(),
                plain.reading(ReadOptions.of(corpus.options(), plain.reading().tokens())));
    }

    /** Maps from the layers of a model to its own, with the default options. */
    public static LayerMaps within(LanguageModel model, Documents texts) {
        return within(model, texts, MapOptions.DEFAULT);
    }

    /**
     * Maps from the layers of a model to its own.
     *
     * @throws IllegalArgumentException for fewer than ten documents with tokens, of which two are held out
     * @throws ArithmeticException if a value is not finite; the message names the site
     */
    public static LayerMaps within(LanguageModel model, Documents texts, MapOptions options) {
        return between(model, model, texts, options);
    }

    /** Maps from the layers of the first model to those of the second, with the default options. */
    public static LayerMaps between(LanguageModel first, LanguageModel second, Documents texts) {
        return between(first, second, texts, MapOptions.DEFAULT);
    }

    /**
     * Maps from the layers of the first model to those of the second, which reads the same tokens. No token's activations
     * are kept: sums of their products are, of as many source layers at a time as fit into 256 MiB.
     *
     * @throws IllegalArgumentException if the tokenizers differ, or there are fewer than ten documents with tokens
     * @throws ArithmeticException if a value is not finite; the message names the site
     */
    public static LayerMaps between(LanguageModel first, LanguageModel second, Documents texts, MapOptions options) {
        SameTokens.require(first, second, texts);
        var layers = new ModelRows(first, second, texts, options);
        MapWork.Outcome outcome = MapWork.run(first.engine(), layers, options, MapWork.BUDGET);
        Origin origin = Origin.of(first, "%s, %,d read".formatted(texts, layers.documents()), "");
        origin = first == second ? origin : origin.and(second);
        if (layers.lonely() > 0) {
            origin = origin.remark("%,d pieces are too short to leave out their first position, which was kept"
                    .formatted(layers.lonely()));
        }
        if (outcome.values().fitted() <= layers.sourceWidth()) {
            origin = origin.remark(
                    "fitted to %,d positions of %d features: fewer positions than features fit anything, lambda alone holds them"
                            .formatted(outcome.values().fitted(), layers.sourceWidth()));
        }
        return new LayerMaps(
                origin,
                options,
                layers.sources(),
                layers.targets(),
                outcome.values(),
                outcome.passes(),
                outcome.stopped());
    }

    /** Source layer by target layer, both rising from the embedding; dark is well predicted. */
    @Override
    public Figure plot() {
        double largest = Arrays.stream(found.error())
                .flatMapToDouble(Arrays::stream)
                .filter(Double::isFinite)
                .max()
                .orElse(0);
        return HeatMap.of(found.error())
                .rowLabels(sources)
                .columnLabels(targets)
                .axisTitles("source layer" + of(0), "target layer" + of(1))
                .valueTitle("‖error‖ / ‖target‖")
                .hover(hover())
                .title("Affine maps between layers: error on %,d held-out positions%s"
                        .formatted(found.reported(), stopped.isEmpty() ? "" : " — STOPPED, grey is not computed"))
                .range(0, largest > 0 ? largest : 1)
                .firstRowAtBottom()
                .square()
                .figure();
    }

    private String of(int model) {
        return origin.models().size() < 2
                ? ""
                : " of " + origin.models().get(model).name();
    }

    private String[][] hover() {
        return IntStream.range(0, sources.size())
                .mapToObj(source -> IntStream.range(0, targets.size())
                        .mapToObj(target -> String.format(
                                Locale.ROOT,
                                "%s → %s\nerror %.4f, lambda %s\nmean alone %.4f",
                                sources.get(source),
                                targets.get(target),
                                found.error()[source][target],
                                found.lambda()[source][target],
                                found.meanAlone()[target]))
                        .toArray(String[]::new))
                .toArray(String[][]::new);
    }

    /** A row per source layer, a column per target layer, and what the mean alone is off. */
    @Override
    public Table table() {
        var columns = new ArrayList<Column>();
        columns.add(Column.text("source"));
        targets.forEach(target -> columns.add(Column.number("→ " + target, "%.4f")));
        Table table =
                Table.of(columns.toArray(Column[]::new)).caption("Affine maps between layers: ‖error‖ / ‖target‖");
        for (int source = 0; source < sources.size(); source++) {
            table = table.rows(List.of(row(sources.get(source), found.error()[source])));
        }
        table = table.rows(List.of(row("mean alone", found.meanAlone())));
        for (String remark : remarks()) {
            table = table.note(remark);
        }
        return table;
    }

    private static List<Object> row(String name, double[] values) {
        var row = new ArrayList<Object>();
        row.add(name);
        for (double value : values) {
            row.add(
                    Double.isNaN(value)
                            ? Cell.missing("not computed: stopped before, or no target had a length")
                            : value);
        }
        return row;
    }

    @Override
    public Values values() {
        return new Values(
                Copies.of(found.error()),
                Copies.of(found.lambda()),
                found.meanAlone().clone(),
                found.fitted(),
                found.chosen(),
                found.reported());
    }

    /** What the rows are called. */
    public List<String> sources() {
        return sources;
    }

    /** What the columns are called. */
    public List<String> targets() {
        return targets;
    }

    @Override
    public Explanation explain() {
        Explanation definition = Explanation.of(
                        "affine maps between layers",
                        "W, b = argmin Σ ‖x W + b − y‖² + λ ‖W‖², in closed form; error = mean of ‖x W + b − y‖ / ‖y‖ on documents that were held out")
                .n(found.reported())
                .fact("fitted to", "%,d positions".formatted(found.fitted()))
                .fact("lambda chosen by", "%,d positions of other documents".formatted(found.chosen()))
                .fact("lambdas, shares of the mean variance", options.lambdas())
                .fact("read", options.reading())
                .fact("ways through the texts", passes)
                .fact(
                        "split",
                        "of ten documents in a row eight are fitted to, the ninth chooses, the tenth is reported")
                .paper(PAPER)
                .note(
                        "the paper trains the maps with AdamW on far more tokens; here ridge regression gives them at once")
                .note(
                        "'mean alone' is the error of a map that knows only the target's mean: what is below it was carried over");
        for (String remark :
                remarks().subList(origin.remarks().size(), remarks().size())) {
            definition = definition.note(remark);
        }
        return origin.on(definition);
    }

    private List<String> remarks() {
        var remarks = new ArrayList<>(origin.remarks());
        if (!stopped.isEmpty()) {
            remarks.add(stopped);
        }
        return remarks;
    }

    @Override
    public String toString() {
        return plainText();
    }
}
