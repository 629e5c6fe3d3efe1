package microtome.cli.bench;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.IntStream;
import microtome.model.LanguageModel;
import microtome.model.LoadOptions;
import microtome.model.Site;
import microtome.model.corpus.CorpusHarvest;
import microtome.model.corpus.CorpusOptions;
import microtome.model.corpus.Coverage;
import microtome.model.corpus.Folded;
import microtome.model.corpus.document.Documents;
import microtome.model.corpus.fold.Folds;
import microtome.model.store.ModelFiles;
import microtome.model.token.TokenSequence;

/**
 * A corpus of documents of very different lengths, folded to the moments of the last residual: what sorting by length and a
 * little padding are worth, and what is lost against documents that all have one length.
 */
final class CorpusBench implements Benchmark {
    private static final int DOCUMENTS = 60;
    private static final int LONGEST = 512;
    private static final double MEDIAN = 60;
    private static final double SPREAD = 1;
    private static final long SEED = 20261124;
    private static final Turns TURNS = new Turns(0, 3);

    private final ModelFiles files;

    CorpusBench(ModelFiles files) {
        this.files = files;
    }

    @Override
    public List<Result> run() {
        try (var model = LanguageModel.load(files, LoadOptions.DEFAULT)) {
            List<TokenSequence> mixed = mixed(model);
            int tokens = mixed.stream().mapToInt(TokenSequence::size).sum();
            List<TokenSequence> even = even(model, tokens);
            var facts = new LinkedHashMap<String, Object>();
            facts.put(
                    "documents",
                    "%d of 1 to %d tokens, half of them below %d, %,d tokens together"
                            .formatted(mixed.size(), LONGEST, (int) MEDIAN, tokens));
            CorpusOptions options = CorpusOptions.DEFAULT;
            var ways = new Ways(model, facts);
            ways.add(mixed, "the default: padding below 256 tokens only", options);
            ways.add(mixed, "exactly one length", options.padding(0, 0));
            ways.add(mixed, "10 % padding in every batch", options.padding(0.1, 2048));
            ways.add(mixed, "one by one", options.windowTokens(1));
            ways.add(even, "limit: as many tokens in documents of 128", options);
            facts.put("device", model.card().device());
            return List.of(Result.timed(
                    "corpus: the moments of the last residual over documents of many lengths",
                    TURNS.take(ways.contenders()),
                    facts));
        }
    }

    /** Ways to put documents into batches, each run once before it is timed. */
    private record Ways(LanguageModel model, Map<String, Object> facts, List<Contender> contenders) {
        Ways(LanguageModel model, Map<String, Object> facts) {
            this(model, facts, new ArrayList<>());
        }

        void add(List<TokenSequence> documents, String name, CorpusOptions options) {
            Coverage coverage = fold(model, documents, options);
            facts.put(name, "%d batches, %.1f %% padding".formatted(coverage.batches(), 100 * coverage.paddingPart()));
            contenders.add(
                    Contender.of(name, () -> fold(model, documents, options).seconds()));
        }
    }

    private static Coverage fold(LanguageModel model, List<TokenSequence> documents, CorpusOptions options) {
        Folded<?> folded = CorpusHarvest.of(model, Documents.ofTokens(documents))
                .with(options)
                .fold(List.of(Site.residual(model.config().blocks())), Folds::moments);
        return folded.coverage();
    }

    /** Lengths as those of real texts: the logarithm is normal. */
    private static List<TokenSequence> mixed(LanguageModel model) {
        var random = new Random(SEED);
        int[] passage = model.tokenizer().encode(Passage.text()).ids();
        var documents = new ArrayList<TokenSequence>();
        int from = 0;
        for (int document = 0; document < DOCUMENTS; document++) {
            int length = Math.clamp(Math.round(MEDIAN * Math.exp(SPREAD * random.nextGaussian())), 1, LONGEST);
            documents.add(cut(passage, from, length));
            from += length;
        }
        return documents;
    }

    private static List<TokenSequence> even(LanguageModel model, int tokens) {
        int[] passage = model.tokenizer().encode(Passage.text()).ids();
        return IntStream.range(0, tokens / 128)
                .mapToObj(document -> cut(passage, document * 128, 128))
                .toList();
    }

    private static TokenSequence cut(int[] passage, int from, int length) {
        return TokenSequence.ofIds(IntStream.range(from, from + length)
                .map(at -> passage[at % passage.length])
                .toArray());
    }
}
