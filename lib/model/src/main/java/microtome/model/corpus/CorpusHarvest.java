package microtome.model.corpus;

import java.nio.file.Path;
import java.util.Collection;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Supplier;
import microtome.display.Explanation;
import microtome.model.LanguageModel;
import microtome.model.ModelCard;
import microtome.model.Site;
import microtome.model.corpus.document.Documents;
import microtome.model.corpus.fold.Fold;

/**
 * A plan to send a corpus through a model and to keep what folds find in it, or the activations themselves on disk.
 * Nothing is read before one of them is asked for.
 *
 * <pre>{@code
 * var harvest = CorpusHarvest.of(model, Documents.lines(file)).with(CorpusOptions.DEFAULT.skipFirst(1));
 * var covariance = harvest.fold(List.of(Site.residual(15)), Folds::covariance).at(Site.residual(15));
 * }</pre>
 */
public final class CorpusHarvest {
    private static final Set<Site.Kind> OF_PAIRS = EnumSet.of(Site.Kind.SCORES, Site.Kind.PATTERN);

    private final LanguageModel model;
    private final Documents documents;
    private final CorpusOptions options;

    private CorpusHarvest(LanguageModel model, Documents documents, CorpusOptions options) {
        this.model = model;
        this.documents = documents;
        this.options = options;
    }

    /** A plan with {@link CorpusOptions#DEFAULT}. */
    public static CorpusHarvest of(LanguageModel model, Documents documents) {
        return new CorpusHarvest(model, documents, CorpusOptions.DEFAULT);
    }

    /** This plan with other options. */
    public CorpusHarvest with(CorpusOptions other) {
        return new CorpusHarvest(model, documents, other);
    }

    /** The options of this plan. */
    public CorpusOptions options() {
        return options;
    }

    /** The model of this plan. */
    public LanguageModel model() {
        return model;
    }

    /** The corpus of this plan. */
    public Documents documents() {
        return documents;
    }

    /**
     * Reads the corpus once and gives the rows of every site to a fold of its own. An interrupt stops it within a second and
     * gives what was folded by then; {@link Coverage#complete} tells.
     *
     * @param folds makes one fold per site, such as {@code Folds::moments}
     * @throws IllegalArgumentException for an empty corpus, a file that is not UTF-8, or a site that the model lacks or whose
     *     rows belong to pairs of positions
     */
    public <R> Folded<R> fold(Collection<Site> sites, Supplier<? extends Fold<R>> folds) {
        List<Site> ordered = checked(sites);
        try (var folding = new Folding<R>(model.engine(), ordered, folds);
                var streaming = new Streaming(model, documents, fitting(), ordered)) {
            Coverage coverage = streaming.read(window -> window.batches().forEach(batch -> {
                streaming.run(batch, folding::take);
                streaming.count(batch);
                streaming.show();
            }));
            return new Folded<>(folding.results(), coverage, explanation(ordered, coverage));
        }
    }

    /** As {@link #store(Path, Collection, ShardOptions)} in F32 and shards of at most 128 MiB. */
    public ActivationShards store(Path folder, Collection<Site> sites) {
        return store(folder, sites, ShardOptions.DEFAULT);
    }

    /**
     * Writes the activations of a corpus into a folder, shard by shard. A harvest that was stopped or killed goes on after its
     * last complete shard when the same call is made again, and gives the same bytes as one that was not.
     *
     * @throws IllegalArgumentException when the folder holds another harvest; the message names what differs
     */
    public ActivationShards store(Path folder, Collection<Site> sites, ShardOptions shards) {
        return new ShardedHarvest(model, documents, fitting(), checked(sites), shards).into(folder);
    }

    /** What would be done: the corpus, the options, and how texts are cut and put together. */
    public Explanation explain() {
        return described(
                Explanation.of(
                        "harvest of a corpus",
                        "every document is tokenised, cut to length and read once; the rows of its positions go to folds or to disk"));
    }

    private CorpusOptions fitting() {
        return options.fitting(model.config());
    }

    private List<Site> checked(Collection<Site> sites) {
        if (sites.isEmpty()) {
            throw new IllegalArgumentException("no sites given; give at least one, such as Site.residual(%d)"
                    .formatted(model.config().blocks() / 2));
        }
        var ordered = new TreeSet<Site>();
        for (Site site : sites) {
            if (OF_PAIRS.contains(site.kind())) {
                throw new IllegalArgumentException(
                        "site %s: its rows belong to pairs of positions and are as wide as the text is long; read it per text, with model.activations(tokens, sites)"
                                .formatted(site));
            }
            ordered.add(site.checkedFor(model.config()));
        }
        return List.copyOf(ordered);
    }

    private Explanation explanation(List<Site> sites, Coverage coverage) {
        ModelCard card = model.card();
        return explain()
                .n(coverage.rows())
                .fact("read", coverage.toString())
                .fact("padding", "%.1f %% of %,d batches".formatted(100 * coverage.paddingPart(), coverage.batches()))
                .fact("sites", sites.toString())
                .fact("sha256", card.sha256().isEmpty() ? "not computed" : card.sha256());
    }

    private Explanation described(Explanation plan) {
        ModelCard card = model.card();
        CorpusOptions fitting = fitting();
        Explanation described = plan.fact("model", card.name())
                .fact("computes in", card.computation())
                .fact("device", card.device())
                .fact("corpus", documents.toString())
                .fact("options", fitting.toString())
                .note(
                        switch (fitting.longTexts()) {
                            case CHUNKED ->
                                "documents longer than %d tokens are cut into pieces without overlap; what the tokenizer puts in front of a text stands in front of every piece, and its repeated rows are dropped"
                                        .formatted(fitting.length());
                            case CUT ->
                                "of documents longer than %d tokens only the beginning is read"
                                        .formatted(fitting.length());
                        })
                .note(
                        fitting.batching().padding() == 0
                                ? "batches hold sequences of exactly one length"
                                : "padding stands behind the shorter sequences of a batch, where no earlier position sees it, and its rows are dropped");
        return fitting.length() == options.length()
                ? described
                : described.note("length %d was asked for; the model's context is %d"
                        .formatted(options.length(), fitting.length()));
    }

    @Override
    public String toString() {
        return "harvest of %s through %s: %s".formatted(documents, model.card().name(), fitting());
    }
}
