package microtome.probe.similarity;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;
import microtome.display.Displayable;
import microtome.probe.data.Origin;
import microtome.probe.data.prompt.PromptStates;
import microtome.tensor.Engine;

/**
 * A plan to compare layers row by row: those of one model with each other, or those of two models that read the same
 * inputs. Nothing is computed before one of the measures is asked for; as the value of a cell it shows {@link #cka()}.
 *
 * <pre>{@code
 * Similarity.of(states).cka().plot();
 * Similarity.between(statesOfOne, statesOfAnother).procrustes().table();
 * }</pre>
 */
public final class Similarity implements Displayable {
    /** Multiplications that the host does in a second or two; what is more goes to the engine, where there is one. */
    private static final double HOST_WORK = 2e9;

    private static final double SVCCA_VARIANCE = 0.99;

    private final List<Representation> rows;
    private final List<Representation> columns;
    private final List<String> titles;
    private final Origin origin;
    private final Optional<Engine> engine;

    private Similarity(
            List<Representation> rows,
            List<Representation> columns,
            List<String> titles,
            Origin origin,
            Optional<Engine> engine) {
        this.rows = List.copyOf(rows);
        this.columns = List.copyOf(columns);
        this.titles = titles;
        this.origin = origin;
        this.engine = engine;
        requireSameRows(all());
    }

    /** The layers of labelled prompts with each other; rows are prompts. */
    public static Similarity of(PromptStates states) {
        return of(Representation.of(states), states.origin());
    }

    /**
     * Layers with each other.
     *
     * @throws IllegalArgumentException if there is none, or they differ in rows
     */
    public static Similarity of(List<Representation> layers, Origin origin) {
        return new Similarity(layers, layers, List.of("layer", "layer"), origin, Optional.empty());
    }

    /**
     * The layers of two models that read the same prompts; rows are prompts, so tokens need not be the same.
     *
     * @throws IllegalArgumentException if the prompts differ; the message names the first that does
     */
    public static Similarity between(PromptStates first, PromptStates second) {
        List<String> texts = first.prompts().texts();
        List<String> others = second.prompts().texts();
        for (int i = 0; i < Math.min(texts.size(), others.size()); i++) {
            if (!texts.get(i).equals(others.get(i))) {
                throw new IllegalArgumentException(
                        "prompt %d is '%s' for the first model and '%s' for the second; send the same prompt set through both"
                                .formatted(i, texts.get(i), others.get(i)));
            }
        }
        var models = new ArrayList<>(first.origin().models());
        models.addAll(second.origin().models());
        var remarks = new ArrayList<>(first.origin().remarks());
        second.origin().remarks().stream()
                .filter(remark -> !remarks.contains(remark))
                .forEach(remarks::add);
        var both = new Origin(models, first.origin().inputs(), first.origin().sha256(), remarks);
        return between(Representation.of(first), Representation.of(second), both);
    }

    /**
     * Layers with other layers; row i of all belongs to the same input.
     *
     * @throws IllegalArgumentException if they differ in rows
     */
    public static Similarity between(List<Representation> first, List<Representation> second, Origin origin) {
        return new Similarity(first, second, titles(origin), origin, Optional.empty());
    }

    private static List<String> titles(Origin origin) {
        return origin.models().size() == 2
                ? origin.models().stream()
                        .map(model -> "layer of " + model.name())
                        .toList()
                : List.of("layer of the first", "layer of the second");
    }

    /** This plan with an engine for large products; many rows take minutes without. */
    public Similarity on(Engine other) {
        return new Similarity(rows, columns, titles, origin, Optional.of(other));
    }

    /** This plan with every so many layers, the last included; pairs of wide layers take about a second each. */
    public Similarity every(int step) {
        if (step < 1) {
            throw new IllegalArgumentException("every %d layers: give 1 or more".formatted(step));
        }
        List<Representation> fewer = every(rows, step);
        return new Similarity(fewer, isOfOne() ? fewer : every(columns, step), titles, origin, engine);
    }

    private static List<Representation> every(List<Representation> layers, int step) {
        return IntStream.range(0, layers.size())
                .filter(index -> (layers.size() - 1 - index) % step == 0)
                .mapToObj(layers::get)
                .toList();
    }

    /** Debiased linear CKA. */
    public SimilarityMatrix cka() {
        int least = GramSums.LEAST_ROWS;
        if (rowCount() < least) {
            throw new IllegalArgumentException(
                    "debiased CKA of %d rows: needs at least %d; give more inputs, or take biasedCka()"
                            .formatted(rowCount(), least));
        }
        return aligned(true);
    }

    /** Linear CKA with its bias: the fewer rows for the width, the nearer to 1. */
    public SimilarityMatrix biasedCka() {
        return aligned(false);
    }

    /** Mean canonical correlation over all directions (CCA). */
    public SimilarityMatrix cca() {
        return new PairedMatrix(this, new SimilarityMeasure.CanonicalMean(1)).result();
    }

    /** Mean canonical correlation of the principal components with 99 % of the variance. */
    public SimilarityMatrix svcca() {
        return svcca(SVCCA_VARIANCE);
    }

    /**
     * Mean canonical correlation of the principal components with a part of the variance.
     *
     * @param variance above 0 and at most 1
     */
    public SimilarityMatrix svcca(double variance) {
        return new PairedMatrix(this, new SimilarityMeasure.CanonicalMean(variance)).result();
    }

    /** Canonical correlations weighted by the layer of the row (PWCCA). */
    public SimilarityMatrix pwcca() {
        return new PairedMatrix(this, new SimilarityMeasure.WeightedCanonical()).result();
    }

    /** Similarity after the best turn: 1 for the same shape. */
    public SimilarityMatrix procrustes() {
        return new PairedMatrix(this, new SimilarityMeasure.OrthogonalProcrustes()).result();
    }

    private SimilarityMatrix aligned(boolean isDebiased) {
        List<Centred> centred = all().stream().map(Centred::new).toList();
        GramSums sums = engine.map(found -> sums(centred, found)).orElseGet(() -> HostGrams.of(centred));
        var alignments = isDebiased ? Alignments.debiased(sums) : Alignments.biased(sums);
        var massive = new MassiveRows();
        massive.look(centred);
        return alignments.result(this, new SimilarityMeasure.Alignment(isDebiased), massive.on(wary(isDebiased)));
    }

    /** By the engine where that is worth it. */
    static GramSums sums(List<Centred> layers, Engine engine) {
        return HostGrams.workByRows(layers) > HOST_WORK ? EngineGrams.of(engine, layers) : HostGrams.of(layers);
    }

    private Origin wary(boolean isDebiased) {
        Origin said = compared();
        int widest = all().stream().mapToInt(Representation::width).max().orElseThrow();
        return isDebiased || widest < rowCount()
                ? said
                : said.remark("%d rows of width %d: biased CKA of unrelated layers is far above 0 here; compare cka()"
                        .formatted(rowCount(), widest));
    }

    /** The origin with what was compared. */
    Origin compared() {
        return new Origin(
                origin.models(),
                "%s; %,d rows compared".formatted(origin.inputs(), rowCount()),
                origin.sha256(),
                origin.remarks());
    }

    List<Representation> rows() {
        return rows;
    }

    List<Representation> columns() {
        return columns;
    }

    List<String> titles() {
        return titles;
    }

    boolean isOfOne() {
        return rows.equals(columns);
    }

    int rowCount() {
        return rows.getFirst().rows();
    }

    /** Every layer once. */
    private List<Representation> all() {
        if (isOfOne()) {
            return rows;
        }
        var all = new ArrayList<>(rows);
        all.addAll(columns);
        return all;
    }

    static void requireSameRows(List<Representation> layers) {
        if (layers.isEmpty()) {
            throw new IllegalArgumentException("no layers given; need at least one");
        }
        Representation first = layers.getFirst();
        for (Representation other : layers) {
            if (other.rows() != first.rows()) {
                throw new IllegalArgumentException(
                        "%s has %d rows and %s has %d; row i of both must belong to the same input"
                                .formatted(first.name(), first.rows(), other.name(), other.rows()));
            }
        }
    }

    static List<String> names(List<Representation> layers) {
        return Arrays.asList(layers.stream().map(Representation::name).toArray(String[]::new));
    }

    @Override
    public Map<String, Object> mimeBundle() {
        return cka().mimeBundle();
    }

    @Override
    public String toString() {
        return "similarity of %d by %d layers over %,d rows; ask for cka(), svcca(), pwcca() or procrustes()"
                .formatted(rows.size(), columns.size(), rowCount());
    }
}
