package microtome.model.corpus;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import microtome.display.Displayable;
import microtome.display.Displays;
import microtome.model.LanguageModel;
import microtome.model.Site;
import microtome.model.corpus.document.Documents;
import microtome.model.corpus.fold.Both;
import microtome.model.corpus.fold.ColumnMoments;
import microtome.model.corpus.fold.Covariance;
import microtome.model.corpus.fold.Fold;
import microtome.model.corpus.fold.Folds;
import microtome.model.corpus.fold.RowPlaces;
import microtome.model.corpus.fold.TopExamples;
import microtome.model.token.TokenSequence;
import microtome.tensor.Engine;
import microtome.tensor.Tensor;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CorpusHarvestTest {
    private static final List<Site> SITES = List.of(Site.residual(1), Site.residual(3));

    private static LanguageModel model;

    @TempDir
    private Path folder;

    @BeforeAll
    static void load() {
        model = TinyModel.load();
    }

    @AfterAll
    static void close() {
        model.close();
    }

    @Test
    void anEmptyCorpusIsRefused() throws IOException {
        assertThatThrownBy(() -> moments(Documents.ofTokens(List.of())))
                .hasMessage("0 sequences: the corpus is empty; give at least one text");
        Path file = Files.writeString(folder.resolve("blank.txt"), "\n  \n");
        assertThatThrownBy(() -> moments(Documents.lines(file)))
                .hasMessage("lines of %s: all 2 documents are empty; give at least one text".formatted(file));
    }

    @Test
    void emptyLinesAreSkippedAndCountedAndLongOnesCut() throws IOException {
        try (var withTokenizer =
                TinyModel.load(TinyModel.withTokenizer(folder.resolve("model")).toString())) {
            Path file = Files.writeString(folder.resolve("lines.txt"), "ab\n\n" + "x".repeat(150) + "\n \n");
            Coverage coverage = CorpusHarvest.of(withTokenizer, Documents.lines(file))
                    .fold(SITES, Folds::moments)
                    .coverage();
            assertThat(coverage.documents()).isEqualTo(2);
            assertThat(coverage.empty()).isEqualTo(2);
            assertThat(coverage.tokens()).isEqualTo(152);
            assertThat(coverage.toString()).startsWith("2 of 4 documents, 2 empty ones skipped, 152 tokens, 152 rows");
            assertThatThrownBy(() -> CorpusHarvest.of(withTokenizer, Documents.of("ab", "\u00e9"))
                            .fold(SITES, Folds::moments))
                    .hasMessageStartingWith("document 1: ");
        }
    }

    @Test
    void textsNeedATokenizerAndTokensMustExist() {
        assertThatThrownBy(() -> moments(Documents.of("a"))).hasMessageContaining("came without a tokenizer");
        assertThatThrownBy(() -> moments(Documents.ofTokens(List.of(TokenSequence.ofIds(1, 97)))))
                .hasMessage("document 0: token id 97 at position 1; this model has ids 0..96");
    }

    @Test
    void textsThatAreAllSkippedAreSaidToBeTooShort() {
        Folded<ColumnMoments> nothing = CorpusHarvest.of(model, Documents.ofTokens(TinyModel.sequences(3, 5, 1)))
                .with(CorpusOptions.DEFAULT.length(64).skipFirst(20))
                .fold(SITES, Folds::moments);
        assertThatThrownBy(() -> nothing.at(Site.residual(1)))
                .hasMessage(
                        "site residual.1: no text is longer than the first positions that are skipped; give longer texts or a smaller skipFirst");
    }

    @Test
    void sitesThatCannotBeFoldedAreNamed() {
        CorpusHarvest harvest = CorpusHarvest.of(model, Documents.ofTokens(TinyModel.sequences(3, 5, 1)));
        assertThatThrownBy(() -> harvest.fold(List.of(Site.residual(4)), Folds::moments))
                .hasMessageContaining("this model has residual.0 to residual.3");
        assertThatThrownBy(() -> harvest.fold(List.of(Site.pattern(0)), Folds::moments))
                .hasMessageContaining("rows belong to pairs of positions");
        assertThatThrownBy(() -> harvest.fold(List.of(), Folds::moments)).hasMessageContaining("no sites given");
        Folded<ColumnMoments> folded = harvest.fold(SITES, Folds::moments);
        assertThatThrownBy(() -> folded.at(Site.residual(0)))
                .hasMessage("site residual.0 was not folded; folded were [residual.1, residual.3]");
    }

    @Test
    void theExplanationSaysHowTextsAreCutAndHowManyWereRead() {
        CorpusHarvest harvest = CorpusHarvest.of(model, Documents.ofTokens(TinyModel.sequences(30, 50, 1)));
        assertThat(harvest.explain().plainText())
                .contains(
                        "corpus = 30 sequences",
                        "length 64, long texts chunked",
                        "batches of one length and at most 2,048 tokens out of 32,768")
                .contains("length 512 was asked for; the model's context is 64")
                .contains("without overlap", "padding stands behind");
        Folded<ColumnMoments> folded = harvest.fold(SITES, Folds::moments);
        assertThat(folded.explain().plainText())
                .contains(
                        "read = 30 of 30 documents",
                        "n = %d".formatted(folded.coverage().rows()));
    }

    @Test
    void anEncoderIsNeverPadded() {
        try (var encoder = TinyModel.encoder()) {
            List<TokenSequence> sequences = TinyModel.sequences(40, 30, 8);
            Site site = Site.residual(3);
            CorpusHarvest harvest = CorpusHarvest.of(encoder, Documents.ofTokens(sequences));
            assertThat(harvest.explain().plainText()).contains("batches hold sequences of exactly one length");
            Folded<ColumnMoments> folded = harvest.fold(List.of(site), Folds::moments);
            assertThat(folded.coverage().padding()).isZero();
            var mean = new double[encoder.config().width()];
            for (TokenSequence sequence : sequences) {
                float[] values =
                        encoder.activations(sequence, List.of(site)).at(site).array();
                for (int at = 0; at < values.length; at++) {
                    mean[at % mean.length] +=
                            values[at] / (double) folded.coverage().rows();
                }
            }
            for (int i = 0; i < mean.length; i++) {
                // The bound of the reference data of this model, which other batches of the same F32 sums keep.
                assertThat(folded.at(site).mean()[i]).isCloseTo(mean[i], within(2e-5));
            }
        }
    }

    @Test
    void anInterruptKeepsWhatWasFoldedAndSaysHowMuch() {
        var endless =
                Documents.stream("endless", () -> Stream.generate(() -> "x").iterator());
        var tokens = Documents.streamOfTokens(
                "endless",
                () -> Stream.generate(() -> TokenSequence.ofIds(1, 2, 3)).iterator());
        assertThat(endless.count()).isEmpty();
        Thread cell = Thread.currentThread();
        var seen = new AtomicInteger();
        long[] interrupted = new long[1];
        Folded<Integer> folded = CorpusHarvest.of(model, tokens).fold(SITES, () -> new Fold<Integer>() {
            private int rows;

            @Override
            public void begin(Engine engine, int features) {}

            @Override
            public void accept(Tensor given, RowPlaces places) {
                rows += places.rows();
                if (seen.incrementAndGet() == 9) { // the first of the two sites, in the middle of a batch
                    interrupted[0] = System.nanoTime();
                    cell.interrupt();
                }
            }

            @Override
            public Integer result() {
                return rows;
            }
        });
        assertThat(System.nanoTime() - interrupted[0]).isLessThan(1_000_000_000L);
        assertThat(Thread.currentThread().isInterrupted()).isFalse();
        Coverage coverage = folded.coverage();
        assertThat(coverage.complete()).isFalse();
        assertThat(coverage.toString()).endsWith("stopped before the end");
        // Both sites have every row of every batch that counts.
        assertThat(folded.results().values()).containsOnly((int) coverage.rows());
        assertThat(coverage.documents() * 3).isEqualTo(coverage.tokens()).isEqualTo(coverage.rows());
        assertThat(coverage.documents()).isPositive();
    }

    @Test
    void aLongCorpusTakesNoMoreMemoryThanAShortOne() {
        List<TokenSequence> some = TinyModel.sequences(500, 60, 5);
        CorpusHarvest short500 = CorpusHarvest.of(model, Documents.ofTokens(some));
        short500.fold(SITES, CorpusHarvestTest::everything);
        Engine engine = model.engine();
        System.gc();
        long tensors = engine.liveTensors();
        long bytes = engine.liveBytes();
        var most = new long[2];
        Documents many = Documents.streamOfTokens(
                "the same again",
                () -> Stream.generate(() -> some)
                        .limit(16)
                        .flatMap(List::stream)
                        .iterator());
        Folded<Both<Both<Covariance, TopExamples>, Integer>> folded =
                CorpusHarvest.of(model, many).fold(SITES, () -> everything().and(new MostAlive(most)));
        assertThat(folded.coverage().documents()).isEqualTo(8000);
        assertThat(most[0]).as("early").isPositive();
        // Batches of the two halves are not quite the same: windows begin at other documents.
        assertThat(most[1]).as("late").isLessThanOrEqualTo(most[0] + most[0] / 10);
        assertThat(engine.liveTensors()).isLessThanOrEqualTo(tensors);
        assertThat(engine.liveBytes()).isLessThanOrEqualTo(bytes);
    }

    private static Fold<Both<Covariance, TopExamples>> everything() {
        return Folds.covariance().and(Folds.examples(4));
    }

    /** The most bytes alive while the first 4,000 documents are folded, and after. */
    private static final class MostAlive implements Fold<Integer> {
        private final long[] most;
        private Engine engine;
        private int batches;

        MostAlive(long[] most) {
            this.most = most;
        }

        @Override
        public void begin(Engine used, int features) {
            engine = used;
        }

        @Override
        public void accept(Tensor rows, RowPlaces places) {
            batches++;
            int half = places.documents()[0] < 4000 ? 0 : 1;
            most[half] = Math.max(most[half], engine.liveBytes());
        }

        @Override
        public Integer result() {
            return batches;
        }
    }

    @Test
    void progressIsOneLineWithTokensPerSecondAndTimeLeft() {
        var lines = new java.util.concurrent.CopyOnWriteArrayList<String>();
        Displays.install(new Displays.Sink() {
            @Override
            public void display(String id, Displayable value) {
                lines.add(value.plainText());
            }

            @Override
            public void update(String id, Displayable value) {
                lines.add(value.plainText());
            }
        });
        try {
            moments(Documents.ofTokens(TinyModel.sequences(2, 5, 1)));
            assertThat(lines).isEmpty();
            CorpusHarvest.of(model, Documents.ofTokens(TinyModel.sequences(400, 60, 1)))
                    .with(CorpusOptions.DEFAULT.batchTokens(60))
                    .fold(SITES, Slow::new);
            assertThat(lines.getFirst()).matches("harvest: [█░]+ \\d+/400, [\\d.k]+/s, [\\d,]+ tokens/s, .* left");
            assertThat(lines.getLast()).startsWith("harvest: done 400/400 in ");
        } finally {
            Displays.uninstall();
        }
    }

    private static final class Slow implements Fold<Map<Site, Long>> {
        @Override
        public void begin(Engine engine, int features) {}

        @Override
        public void accept(Tensor rows, RowPlaces places) {
            try {
                Thread.sleep(5);
            } catch (InterruptedException impossible) {
                throw new AssertionError(impossible);
            }
        }

        @Override
        public Map<Site, Long> result() {
            return Map.of();
        }
    }

    private static void moments(Documents documents) {
        CorpusHarvest.of(model, documents).fold(SITES, Folds::moments);
    }
}
