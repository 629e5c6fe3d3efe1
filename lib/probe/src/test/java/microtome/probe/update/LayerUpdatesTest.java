package microtome.probe.update;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import microtome.display.InterruptedWorkException;
import microtome.model.LanguageModel;
import microtome.model.Site;
import microtome.model.corpus.CorpusHarvest;
import microtome.model.corpus.CorpusOptions;
import microtome.model.corpus.document.Documents;
import microtome.probe.BundledModel;
import microtome.probe.LetterModel;
import microtome.probe.MiniLm;
import microtome.probe.data.Origin;
import microtome.probe.data.RoundTrip;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LayerUpdatesTest {
    private static final UpdateOptions SMALL = UpdateOptions.DEFAULT.rank(3).neighbours(12);

    private static LanguageModel model;

    @BeforeAll
    static void open(@TempDir Path folder) {
        model = LetterModel.open(folder, "cpu");
    }

    @AfterAll
    static void close() {
        model.close();
    }

    /** Texts of 4 to 13 letters. */
    static List<String> texts(long seed, int count) {
        var random = new SplittableRandom(seed);
        var texts = new ArrayList<String>();
        for (int i = 0; i < count; i++) {
            var text = new StringBuilder();
            for (int letter = random.nextInt(4, 14); letter > 0; letter--) {
                text.append((char) ('a' + random.nextInt(26)));
            }
            texts.add(text.toString());
        }
        return texts;
    }

    private static LayerUpdates updates(List<String> texts) {
        return LayerUpdates.of(CorpusHarvest.of(model, Documents.of(texts))).with(SMALL);
    }

    @Test
    void sumsOverACorpusAreThoseOfItsStates() {
        List<String> texts = texts(1, 60);
        var structure = updates(texts).structure();
        var before = new ArrayList<float[]>();
        var after = new ArrayList<float[]>();
        var documents = new ArrayList<Long>();
        for (int document = 0; document < texts.size(); document++) {
            var tokens = model.tokenizer().encode(texts.get(document));
            var states = model.activations(tokens, List.of(Site.residual(1), Site.residual(2)));
            for (int position = 1; position < tokens.size(); position++) {
                before.add(row(states.at(Site.residual(1)).array(), position));
                after.add(row(states.at(Site.residual(2)).array(), position));
                documents.add((long) document);
            }
        }
        var pairs = new UpdatePairs(
                before.toArray(float[][]::new),
                after.toArray(float[][]::new),
                documents.stream().mapToLong(Long::longValue).toArray());
        var given = LayerUpdates.between(model.engine(), pairs, SMALL);
        BlockUpdates block = structure.values().get(1);
        assertThat(block.fitTokens()).isEqualTo(given.values().getFirst().fitTokens());
        for (int kind = 0; kind < SMALL.classes().size(); kind++) {
            Measured measured = block.classes().get(kind);
            Measured expected = given.values().getFirst().classes().get(kind);
            assertThat(measured.tokens()).isEqualTo(expected.tokens());
            // batches of another shape differ in the last bits of F32
            assertThat(measured.explained()).isCloseTo(expected.explained(), within(1e-4));
            assertThat(measured.stateAlignment()).isCloseTo(expected.stateAlignment(), within(1e-4));
        }
    }

    private static float[] row(float[] rows, int position) {
        return Arrays.copyOfRange(rows, position * 8, (position + 1) * 8);
    }

    @Test
    void batchesDoNotMatter() {
        var harvest = CorpusHarvest.of(model, Documents.of(texts(2, 40)));
        var options = SMALL.samples(50, 50);
        var first = LayerUpdates.of(harvest).with(options).structure();
        var second = LayerUpdates.of(
                        harvest.with(CorpusOptions.DEFAULT.batchTokens(20).windowTokens(40)))
                .with(options)
                .structure();
        for (int block = 0; block < 2; block++) {
            for (int kind = 0; kind < options.classes().size(); kind++) {
                Measured one = first.values().get(block).classes().get(kind);
                Measured other = second.values().get(block).classes().get(kind);
                assertThat(one.tokens()).isEqualTo(50).isEqualTo(other.tokens());
                assertThat(one.energyRatio()).isCloseTo(other.energyRatio(), within(1e-4));
            }
        }
    }

    @Test
    void everyMapSplitsTheEnergyOfTheUpdate() {
        var fitted = new UpdateCollector(SMALL, List.of(0));
        CorpusHarvest.of(model, Documents.of(texts(3, 40)))
                .with(CorpusOptions.DEFAULT.skipFirst(1))
                .fold(fitted.sites(), fitted.folds());
        float[] before = fitted.heldOutRows().get(0);
        float[] after = fitted.heldOutRows().get(1);
        var fit = new UpdateFit(
                fitted.sums(0), fitted.fitRows().get(0), fitted.fitRows().get(1));
        for (UpdateClass kind : SMALL.classes()) {
            double[][] tokenwise = fit.fit(kind).map().updates(model.engine(), before);
            for (int token = 0; token < tokenwise.length; token++) {
                double[] x = Rows.row(before, token, 8);
                double[] y = Rows.row(after, token, 8);
                double[] t = tokenwise[token];
                double updates = 0;
                double parts = 0;
                for (int i = 0; i < 8; i++) {
                    double mapped = x[i] + t[i];
                    double r = y[i] - mapped;
                    updates += (y[i] - x[i]) * (y[i] - x[i]);
                    parts += t[i] * t[i] + r * r + 2 * t[i] * r;
                }
                assertThat(parts).isCloseTo(updates, within(1e-12));
            }
        }
    }

    @Test
    void theFirstPositionIsLeftOutUnlessItIsAskedFor() {
        List<String> texts = texts(4, 20);
        long tokens = texts.stream()
                .mapToLong(text -> model.tokenizer().encode(text).size())
                .sum();
        assertThat(counted(updates(texts).structure())).isEqualTo(tokens - 20);
        var all = updates(texts).with(SMALL.withFirstPosition()).structure();
        assertThat(counted(all)).isEqualTo(tokens);
        assertThat(all.explain().notes()).anyMatch(note -> note.contains("massive activation"));
    }

    private static long counted(UpdateStructure structure) {
        BlockUpdates block = structure.values().getFirst();
        return block.fitTokens() + block.classes().getFirst().tokens();
    }

    @Test
    void blocksAreChosenAndNamedByTheirDepths() {
        var structure = updates(texts(5, 20)).with(SMALL.blocks(1)).structure();
        assertThat(structure.labels()).containsExactly("1→2");
        assertThat(updates(texts(5, 20)).structure().labels()).containsExactly("emb→1", "1→2");
        assertThatThrownBy(() -> updates(texts(5, 20)).with(SMALL.blocks(2)).fit())
                .hasMessage("block 2: this model has blocks 0..1");
    }

    @Test
    void aCorpusOfOneDocumentOrOfSingleTokensIsRefused() {
        assertThatThrownBy(() -> updates(List.of("abcdefgh")).fit())
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("at least two documents");
        assertThatThrownBy(() -> updates(List.of("a", "b", "c")).fit())
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("0 fit tokens and 0 held-out tokens");
    }

    @Test
    void aValueThatIsNotFiniteIsNamedWithItsSite() {
        var texts = texts(6, 10);
        texts.set(7, "abc#d");
        assertThatThrownBy(() -> updates(texts).fit())
                .isInstanceOf(ArithmeticException.class)
                .hasMessageContaining("residual.0, document 7, position 3, element 5 is NaN");
    }

    @Test
    void anInterruptLeavesWhatWasDone() {
        Thread.currentThread().interrupt();
        var done = BlocksAtOnce.each("waiting", 3, index -> index);
        assertThat(done.results()).hasSizeLessThan(2); // the first may be done before the interrupt is heard
        assertThat(done.stopped())
                .isEqualTo("waiting: stopped after %d of 3 blocks"
                        .formatted(done.results().size()));
        assertThat(Thread.interrupted()).isFalse();
        var missing = FittedBlock.missing(0, SMALL, done.stopped());
        var block = BlockUpdates.missing(missing, done.stopped());
        var structure = new UpdateStructure(SMALL, List.of(block), Origin.given("nothing"));
        assertThat(structure.table().plainText()).contains(done.stopped());
        RoundTrip.check(structure);
    }

    @Test
    void anInterruptBeforeThereIsAnythingToFitIsSaidAndNotBlamedOnTheCorpus() {
        var updates = updates(texts(7, 20));
        Thread.currentThread().interrupt();
        assertThatThrownBy(updates::fit)
                .isInstanceOf(InterruptedWorkException.class)
                .hasMessage("layer updates: stopped before there was enough to fit");
        assertThat(Thread.interrupted()).isFalse();
    }

    @Test
    void anEncoderHasUpdatesButNoAnswerToPerturb() {
        var encoder = MiniLm.get();
        var texts = List.of(
                "The ferry leaves at six in the morning.",
                "Bees tell each other where flowers are by dancing.",
                "If you add two odd numbers, the result is even.",
                "The old map showed a lake where there is now a parking lot.");
        var fitted = LayerUpdates.of(CorpusHarvest.of(encoder, Documents.of(texts)))
                .with(UpdateOptions.DEFAULT.classes(UpdateClass.DIAGONAL, UpdateClass.localLinear(8)))
                .fit();
        var structure = RoundTrip.check(fitted.structure());
        assertThat(structure.labels()).hasSize(6);
        assertThat(structure.of(UpdateClass.DIAGONAL)).noneMatch(each -> Double.isNaN(each.explained()));
        assertThat(structure.explain().notes()).anyMatch(note -> note.startsWith("post-norm"));
        assertThatThrownBy(fitted::perturbation)
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("is an encoder and has no logits");
    }

    @Test
    void statesOfARealModelAgreeWithTheIdentityAlreadyAndUpdatesDoNot() {
        var real = BundledModel.get();
        var texts = List.of(
                "The ferry leaves at six in the morning, when the harbour still smells of tar and coffee.",
                "Bees tell each other where flowers are by dancing in the dark of the hive.",
                "If you add two odd numbers, the result is even, because the two ones make a pair.",
                "The old map showed a lake where there is now a parking lot and a small shop.");
        var structure = LayerUpdates.of(CorpusHarvest.of(real, Documents.of(texts)))
                .with(UpdateOptions.DEFAULT
                        .classes(UpdateClass.SCALAR, UpdateClass.DIAGONAL, UpdateClass.ORTHOGONAL)
                        .blocks(14, 15))
                .structure();
        assertThat(structure.labels()).containsExactly("14→15", "15→16");
        for (BlockUpdates block : structure.values()) {
            assertThat(block.identityAlignment()).isGreaterThan(0.8);
        }
        for (Measured diagonal : structure.of(UpdateClass.DIAGONAL)) {
            assertThat(diagonal.updateAlignment()).isLessThan(0.8);
        }
        assertThat(structure.of(UpdateClass.ORTHOGONAL).getFirst().reason()).contains("576 dimensions");
    }
}
