package microtome.model.corpus;

import java.nio.file.Path;
import java.util.List;
import microtome.model.LanguageModel;
import microtome.model.Site;
import microtome.model.corpus.document.Documents;
import microtome.model.format.StoredType;

/** A harvest to disk as a process of its own, so that a test can kill it. */
final class StoredHarvest {
    static final List<Site> SITES = List.of(Site.residual(0), Site.headOutput(1), Site.residual(3));
    /** 3 x 32 numbers and 16 bytes a row; some windows of several shards. */
    static final ShardOptions SHARDS = new ShardOptions(100_000, StoredType.F32);

    static final CorpusOptions OPTIONS =
            CorpusOptions.DEFAULT.length(40).batchTokens(200).windowTokens(1500).skipFirst(1);

    private StoredHarvest() {}

    public static void main(String[] arguments) {
        try (var model = TinyModel.load()) {
            into(Path.of(arguments[0]), model);
        }
    }

    static CorpusHarvest of(LanguageModel model) {
        return CorpusHarvest.of(model, Documents.ofTokens(TinyModel.sequences(4000, 60, 6)))
                .with(OPTIONS);
    }

    static ActivationShards into(Path folder, LanguageModel model) {
        return of(model).store(folder, SITES, SHARDS);
    }
}
