package microtome.probe.update;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.nio.file.Path;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import microtome.model.LanguageModel;
import microtome.model.Site;
import microtome.model.Values;
import microtome.model.corpus.CorpusHarvest;
import microtome.model.corpus.document.Documents;
import microtome.model.edit.Edit;
import microtome.model.edit.Edits;
import microtome.model.edit.RunPlan;
import microtome.model.token.TokenSequence;
import microtome.probe.LetterModel;
import microtome.probe.data.RoundTrip;
import microtome.probe.data.statistics.Spearman;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class OutputPerturbationTest {
    /** Logits around 1 in F32 through two blocks of width 8, in batches of another shape. */
    private static final double ROUNDING = 1e-5;

    private static final UpdateOptions SMALL =
            UpdateOptions.DEFAULT.classes(UpdateClass.DIAGONAL, UpdateClass.localLinear(12));
    private static final List<String> TEXTS = LayerUpdatesTest.texts(21, 40);

    private static LanguageModel model;
    private static FittedUpdates fitted;

    @BeforeAll
    static void open(@TempDir Path folder) {
        model = LetterModel.open(folder, "cpu");
        fitted = LayerUpdates.of(CorpusHarvest.of(model, Documents.of(TEXTS)))
                .with(SMALL)
                .fit();
    }

    @AfterAll
    static void close() {
        model.close();
    }

    private record Token(int document, int position) {}

    private static Token token(String label) {
        var found = Pattern.compile("document (\\d+), position (\\d+)").matcher(label);
        assertThat(found.find()).isTrue();
        return new Token(Integer.parseInt(found.group(1)), Integer.parseInt(found.group(2)));
    }

    private static float[] logits(RunPlan plan, int position) {
        Values logits = plan.activations(List.of(Site.logits())).at(Site.logits());
        int vocabulary = model.config().vocabulary();
        return Arrays.copyOfRange(logits.array(), position * vocabulary, (position + 1) * vocabulary);
    }

    private static Answers.Change change(float[] original, float[] other) {
        return Answers.of(original, 1).change(0, Answers.of(other, 1), 0);
    }

    @Test
    void theIdentityAtOneTokenIsARunWithItsStateCopiedOverTheBlock() {
        var result = fitted.perturbation(PerturbationOptions.DEFAULT.classes(UpdateClass.IDENTITY));
        var single = result.values().single();
        for (int index = 0; index < result.values().tokens().size(); index++) {
            Token token = token(result.values().tokens().get(index));
            TokenSequence tokens = model.tokenizer().encode(TEXTS.get(token.document()));
            var plan = RunPlan.of(model, tokens);
            for (int block = 0; block < 2; block++) {
                Values before = plan.activations(List.of(Site.residual(block))).at(Site.residual(block));
                var edited = plan.with(
                        Edits.of(Edit.replace(Site.residual(block + 1), before).positions(token.position())));
                var expected = change(logits(plan, token.position()), logits(edited, token.position()));
                assertThat(single.divergence()[block][0][index]).isCloseTo(expected.divergence(), within(ROUNDING));
                assertThat(single.distance()[block][0][index]).isCloseTo(expected.distance(), within(ROUNDING));
                assertThat(expected.divergence()).isGreaterThan(10 * ROUNDING);
            }
        }
    }

    @Test
    void behindTheLastBlockTheWholeVariantIsTheSingleOne() {
        var result = fitted.perturbation();
        var values = result.values();
        for (int kind = 0; kind < 2; kind++) {
            for (int token = 0; token < values.tokens().size(); token++) {
                assertThat(values.whole().divergence()[1][kind][token])
                        .isCloseTo(values.single().divergence()[1][kind][token], within(ROUNDING));
            }
        }
        assertThat(values.whole().divergence()[0]).isNotEqualTo(values.single().divergence()[0]);
    }

    /** Nobody behind the last block reads other positions, so there the mean is the change divided by the positions. */
    @Test
    void laterPositionsAreAveraged() {
        var same = fitted.perturbation(PerturbationOptions.DEFAULT.classes(UpdateClass.DIAGONAL))
                .values();
        var later = fitted.perturbation(PerturbationOptions.DEFAULT
                        .classes(UpdateClass.DIAGONAL)
                        .andLaterPositions())
                .values();
        for (int index = 0; index < same.tokens().size(); index++) {
            Token token = token(same.tokens().get(index));
            int positions =
                    model.tokenizer().encode(TEXTS.get(token.document())).size() - token.position();
            assertThat(later.single().divergence()[1][0][index])
                    .isCloseTo(same.single().divergence()[1][0][index] / positions, within(ROUNDING));
        }
    }

    @Test
    void onlyHeldOutDocumentsAreReplacedAndTheFirstPositionIsKept() {
        var split = new DocumentSplit(SMALL.seed());
        var result = fitted.perturbation(PerturbationOptions.DEFAULT.samples(5, 3));
        assertThat(result.values().tokens()).hasSizeBetween(5, 15);
        var documents = result.values().tokens().stream()
                .map(OutputPerturbationTest::token)
                .toList();
        assertThat(documents).noneMatch(token -> split.isFit(token.document()) || token.position() == 0);
        assertThat(documents.stream().map(Token::document).distinct()).hasSize(5);
        assertThat(documents).doesNotHaveDuplicates();
    }

    @Test
    void correlationsAreThoseOfTheNumbersThatAreShown() {
        var result = RoundTrip.check(fitted.perturbation());
        var single = result.values().single();
        var expected = Spearman.of(single.error()[1][1], single.divergence()[1][1]);
        assertThat(result.spearman(1, UpdateClass.localLinear(12))).isEqualTo(expected);
        assertThat(expected.value()).isBetween(-1.0, 1.0);
        assertThat(result.table().csv()).contains(Double.toString(expected.value()));
        assertThat(result.scatter(1).tree().toString()).contains("%.2f (n = ".formatted(expected.value()));
        assertThat(result.acrossBlocks(UpdateClass.IDENTITY).reason()).isNotEmpty();
        assertThat(result.acrossBlocks().tree().toString()).contains("NaN");
        for (PerturbationMeasure measure : PerturbationMeasure.values()) {
            assertThat(result.plot(measure).png()).isNotEmpty();
            assertThat(result.scatter(0, measure).png()).isNotEmpty();
        }
        assertThat(result.changes().png()).isNotEmpty();
        assertThat(result.explain().facts()).containsKeys("seed", "n", "options", "model", "local linear 12");
    }

    @Test
    void aClassWithoutAMapHasNoNumbers() {
        var few = LayerUpdates.of(CorpusHarvest.of(model, Documents.of("ab", "cd", "efg", "hij", "klm", "nop")))
                .with(UpdateOptions.DEFAULT.classes(UpdateClass.ORTHOGONAL))
                .fit()
                .perturbation();
        assertThat(few.spearman(0, UpdateClass.ORTHOGONAL).value()).isNaN();
        assertThat(few.table().plainText()).contains("there is no map of this class for this block");
        assertThat(few.plot().png()).isNotEmpty();
        RoundTrip.check(few);
    }

    @Test
    void classesAndBlocksThatWereNotFittedAreNamed() {
        assertThatThrownBy(() -> fitted.perturbation(PerturbationOptions.DEFAULT.classes(UpdateClass.SCALAR)))
                .hasMessage("scalar was not fitted; fitted were identity, diagonal, local linear 12");
        assertThatThrownBy(() -> fitted.perturbation(PerturbationOptions.DEFAULT.blocks(2)))
                .hasMessage("block 2 was not fitted; fitted were [0, 1]");
        var result = fitted.perturbation(PerturbationOptions.DEFAULT.blocks(1));
        assertThatThrownBy(() -> result.scatter(0)).hasMessage("block 0 was not replaced; replaced were [1]");
    }

    @Test
    void anInterruptIsHeardAndWhatIsDoneIsKept() {
        var passes = new AtomicInteger();
        Documents interrupting = Documents.stream("texts", () -> interruptedAtTheEndOf(passes.incrementAndGet()));
        var result = LayerUpdates.of(CorpusHarvest.of(model, interrupting))
                .with(SMALL)
                .fit()
                .perturbation();
        assertThat(Thread.interrupted()).isFalse();
        assertThat(passes).hasValue(2);
        assertThat(result.table().plainText()).contains("stopped in document 1 of 8");
        assertThat(result.explain().notes()).anyMatch(note -> note.contains("stopped in document 1 of 8"));
        assertThat(result.values().single().divergence()[1][1]).contains(Double.NaN);
        RoundTrip.check(result);
    }

    /** The texts; the second time the thread is interrupted when they are at their end. */
    private static Iterator<String> interruptedAtTheEndOf(int pass) {
        Iterator<String> texts = TEXTS.iterator();
        return new Iterator<>() {
            @Override
            public boolean hasNext() {
                if (!texts.hasNext() && pass == 2) {
                    Thread.currentThread().interrupt();
                }
                return texts.hasNext();
            }

            @Override
            public String next() {
                return texts.next();
            }
        };
    }

    @Test
    void divergenceAndDistanceAreTheirDefinitions() {
        var even = Answers.of(new float[] {0, 0}, 1);
        var uneven = Answers.of(new float[] {(float) Math.log(3), 0}, 1);
        var change = even.change(0, uneven, 0);
        assertThat(change.divergence())
                .isCloseTo(0.5 * Math.log(0.5 / 0.75) + 0.5 * Math.log(0.5 / 0.25), within(1e-7));
        assertThat(change.distance()).isCloseTo(0.25 * Math.sqrt(2), within(1e-7));
        assertThat(even.change(0, even, 0)).isEqualTo(new Answers.Change(0, 0));
        var certain = Answers.of(new float[] {0, Float.NEGATIVE_INFINITY}, 1);
        assertThat(certain.change(0, even, 0).divergence()).isCloseTo(Math.log(2), within(1e-12));
        assertThat(IntStream.range(0, 2)
                        .mapToDouble(i -> uneven.probabilities()[0][i])
                        .sum())
                .isCloseTo(1, within(1e-12));
    }
}
