package microtome.probe.depth.mapping;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.Predicate;
import microtome.model.Harvest;
import microtome.model.LanguageModel;
import microtome.model.Site;
import microtome.model.corpus.document.Documents;
import microtome.probe.data.Depths;
import microtome.probe.depth.reading.DepthSteps;
import microtome.probe.depth.reading.ReadOptions;
import microtome.probe.depth.reading.TextBatch;
import microtome.probe.depth.reading.Texts;

/** The residual streams of one model or of two at the tokens of texts. */
final class ModelRows implements LayerRows {
    private final LanguageModel first;
    private final LanguageModel second;
    private final Documents texts;
    private final ReadOptions reading;
    private final List<Integer> sources;
    private final List<Integer> targets;
    private long documents;
    private long lonely;

    /** Source layers are those of the first model, target layers those of the second, which may be the same. */
    ModelRows(LanguageModel first, LanguageModel second, Documents texts, MapOptions options) {
        this.first = first;
        this.second = second;
        this.texts = texts;
        ReadOptions asked = options.reading();
        this.reading = new ReadOptions(
                asked.tokens(), Math.min(asked.length(), second.config().context()), asked.skipFirst());
        this.sources = depths(first, options);
        this.targets = depths(second, options);
    }

    private static List<Integer> depths(LanguageModel model, MapOptions options) {
        int blocks = model.config().blocks();
        return DepthSteps.of(blocks, options.everyOf(blocks));
    }

    @Override
    public int sourceWidth() {
        return first.config().width();
    }

    @Override
    public int targetWidth() {
        return second.config().width();
    }

    @Override
    public List<String> sources() {
        return sources.stream().map(Depths::label).toList();
    }

    @Override
    public List<String> targets() {
        return targets.stream().map(Depths::label).toList();
    }

    /** Documents of the last way through the texts. */
    long documents() {
        return documents;
    }

    /** Pieces of the last way through the texts that kept their first position, as they have no other. */
    long lonely() {
        return lonely;
    }

    @Override
    public void read(Predicate<Split> wanted, Consumer<Batch> reader) {
        for (Split split : Split.values()) {
            if (wanted.test(split)) {
                read(split, reader);
            }
        }
    }

    private void read(Split split, Consumer<Batch> reader) {
        try (var pieces = new Texts(first, texts, reading, document -> Split.of(document) == split)) {
            pieces.forEachRemaining(batch -> {
                List<float[]> own = rows(first, sources, batch);
                List<float[]> others = first == second ? own : rows(second, targets, batch);
                reader.accept(new Batch(split, batch.rows(), own, others));
            });
            documents = pieces.documents();
            lonely = pieces.lonely();
        }
    }

    private static List<float[]> rows(LanguageModel model, List<Integer> depths, TextBatch batch) {
        List<Site> sites = depths.stream().map(Site::residual).toList();
        try (var scope = model.engine().openScope()) {
            var harvest = new Harvest(scope, sites);
            model.run(batch.sequences(), harvest);
            var rows = new ArrayList<float[]>();
            for (Site site : sites) {
                float[] values = batch.rows(harvest.get(site)).toFloats();
                checkFinite(model, site, values);
                rows.add(values);
            }
            return rows;
        }
    }

    static void checkFinite(LanguageModel model, Site site, float[] values) {
        for (float value : values) {
            if (!Float.isFinite(value)) {
                throw new ArithmeticException(
                        "maps between layers: %s of %s has the value %s; run the model in F32, and check its weight file if it already does"
                                .formatted(site, model.card().name(), value));
            }
        }
    }
}
