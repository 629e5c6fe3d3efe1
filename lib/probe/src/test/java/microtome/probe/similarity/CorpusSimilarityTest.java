package microtome.probe.similarity;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.List;
import microtome.model.LanguageModel;
import microtome.model.Site;
import microtome.model.Values;
import microtome.model.corpus.CorpusHarvest;
import microtome.model.corpus.document.Documents;
import microtome.model.token.TokenSequence;
import microtome.probe.data.Origin;
import microtome.probe.data.RoundTrip;
import org.junit.jupiter.api.Test;

/** On a model of 3 blocks and width 32 whose corpus is small enough to keep. */
class CorpusSimilarityTest {
    private static final LanguageModel MODEL = Fixture.load("llama-tied");
    private static final List<TokenSequence> TEXTS = Fixture.sequences(40, 30, 5);

    @Test
    void oneBatchIsTheAlignmentOfAllTokens() {
        SimilarityMatrix folded = plan().batches(100_000).cka();
        double[][] expected =
                Similarity.of(stored(), Origin.given("stored")).cka().values().matrix();
        assertClose(folded.values().matrix(), expected);
        assertThat(folded.explain().facts().get("inputs")).contains("1 batches");
        assertThat(folded.explain().facts()).containsEntry("layers", "[emb, 1, 2, 3]");
        RoundTrip.check(folded);
    }

    @Test
    void batchesAverageEachCriterionBeforeDividing() {
        int size = 64;
        var criteria = new ArrayList<GramSums>();
        var rows = new RowBatches(
                sites(),
                size,
                batch -> criteria.add(
                        HostGrams.of(batch.stream().map(Centred::new).toList())));
        harvest().fold(sites(), rows::next);
        rows.finish(GramSums.LEAST_ROWS);
        double[] sums = new double[3];
        for (GramSums batch : criteria) {
            sums[0] += batch.rows() * batch.unbiased(0, 3);
            sums[1] += batch.rows() * batch.unbiased(0, 0);
            sums[2] += batch.rows() * batch.unbiased(3, 3);
        }
        SimilarityMatrix folded = plan().batches(size).cka();
        assertThat(criteria).hasSizeGreaterThan(3);
        // other batches of tokens, so other rows beside each other: equal in expectation, not in numbers
        assertThat(folded.values().matrix()[0][3]).isCloseTo(sums[0] / Math.sqrt(sums[1] * sums[2]), within(0.1));
        assertThat(folded.explain().name()).isEqualTo("batched debiased CKA");
    }

    @Test
    void smallBatchesAgreeWithTheWholeWithinTheirSpread() {
        double[][] whole = plan().batches(100_000).cka().values().matrix();
        double[][] small = plan().batches(50).cka().values().matrix();
        for (int a = 0; a < whole.length; a++) {
            for (int b = 0; b < whole.length; b++) {
                assertThat(small[a][b]).isCloseTo(whole[a][b], within(0.1));
            }
        }
    }

    @Test
    void productsAddUpToTheBiasedAlignmentOfAllTokens() {
        double[][] expected = Similarity.of(stored(), Origin.given("stored"))
                .biasedCka()
                .values()
                .matrix();
        assertClose(plan().biasedCka().values().matrix(), expected);
        assertClose(plan().batches(64).biasedCka().values().matrix(), expected);
    }

    @Test
    void keptRowsStandInTheOrderOfTheCorpus() {
        CorpusSimilarity.Sampled sampled = plan().sampled(100_000);
        List<Representation> stored = stored();
        var ours = new double[32];
        var theirs = new double[32];
        assertThat(sampled.layers().get(2).rows()).isEqualTo(stored.get(2).rows());
        for (int row = 0; row < stored.get(2).rows(); row++) {
            sampled.layers().get(2).copy(row, ours);
            stored.get(2).copy(row, theirs);
            assertThat(ours).containsExactly(theirs, within(1e-5)); // other batches add in another order
        }
        assertThat(plan().rows(50).procrustes().explain().facts().get("inputs")).endsWith("50 rows compared");
    }

    @Test
    void firstPositionsAreLeftOutUnlessAskedFor() {
        assertThat(plan().cka().explain().notes()).contains("the first position of every sequence is left out");
        long tokens = TEXTS.stream().mapToInt(TokenSequence::size).sum();
        assertThat(plan().withFirst().cka().explain().facts().get("inputs")).contains("%,d rows".formatted(tokens));
        assertThat(plan().withFirst().cka().explain().notes()).anyMatch(note -> note.contains("massive activation"));
        assertThat(plan().cka().explain().facts().get("inputs")).contains("%,d rows".formatted(tokens - 40));
    }

    @Test
    void nothingStaysOnTheEngine() {
        plan().cka();
        long tensors = MODEL.engine().liveTensors();
        plan().cka();
        plan().biasedCka();
        assertThat(MODEL.engine().liveTensors()).isEqualTo(tensors);
    }

    @Test
    void saysWhatIsMissing() {
        var one =
                CorpusSimilarity.of(CorpusHarvest.of(MODEL, Documents.ofTokens(List.of(TokenSequence.ofIds(1, 2, 3)))));
        assertThatThrownBy(one::cka)
                .hasMessageContaining("2 rows of each layer")
                .hasMessageContaining("at least 4");
        assertThatThrownBy(() -> plan().sites(List.of())).hasMessageContaining("no sites given");
        assertThatThrownBy(() -> plan().every(0)).hasMessage("every 0 layers: give 1 or more");
        assertThatThrownBy(() -> plan().batches(3)).hasMessageContaining("at least 4");
        assertThatThrownBy(() -> plan().rows(0)).hasMessage("rows(0): keep at least 1");
    }

    @Test
    void anInterruptGivesWhatWasFolded() {
        var texts = new ArrayList<TokenSequence>(TEXTS);
        var source = Documents.streamOfTokens("endless", () -> new java.util.Iterator<>() {
            private int given;

            @Override
            public boolean hasNext() {
                return true;
            }

            @Override
            public TokenSequence next() {
                if (++given == 4000) {
                    Thread.currentThread().interrupt();
                }
                return texts.get(given % texts.size());
            }
        });
        SimilarityMatrix found =
                CorpusSimilarity.of(CorpusHarvest.of(MODEL, source)).cka();
        assertThat(found.explain().notes()).contains("stopped before the end of the corpus");
        assertThat(found.values().matrix()[1][1]).isCloseTo(1, within(1e-12));
    }

    @Test
    void anEncoderIsComparedToo() {
        LanguageModel encoder = Fixture.load("bert");
        SimilarityMatrix found = CorpusSimilarity.of(CorpusHarvest.of(encoder, Documents.ofTokens(TEXTS)))
                .cka();
        assertThat(found.values().matrix()).hasDimensions(4, 4);
        assertThat(found.values().neighbours()).doesNotContain(Double.NaN);
    }

    private static CorpusSimilarity plan() {
        return CorpusSimilarity.of(harvest());
    }

    private static CorpusHarvest harvest() {
        return CorpusHarvest.of(MODEL, Documents.ofTokens(TEXTS));
    }

    private static List<Site> sites() {
        return List.of(Site.residual(0), Site.residual(1), Site.residual(2), Site.residual(3));
    }

    /** Every layer of every token but the first of each text, one text after another. */
    private static List<Representation> stored() {
        var layers = new ArrayList<Representation>();
        for (Site site : sites()) {
            var rows = new ArrayList<float[]>();
            for (TokenSequence text : TEXTS) {
                Values values = MODEL.activations(text, List.of(site)).at(site);
                for (int position = 1; position < text.size(); position++) {
                    rows.add(values.row(position));
                }
            }
            layers.add(Representation.of(RowBatches.name(site), rows.toArray(float[][]::new)));
        }
        return layers;
    }

    /** F32 sums of 32 products, over and over. */
    private static void assertClose(double[][] found, double[][] expected) {
        for (int a = 0; a < expected.length; a++) {
            assertThat(found[a]).containsExactly(expected[a], within(1e-5));
        }
    }
}
