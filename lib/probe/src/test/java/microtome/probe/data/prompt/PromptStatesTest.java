package microtome.probe.data.prompt;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import microtome.display.InterruptedWorkException;
import microtome.model.LanguageModel;
import microtome.model.Site;
import microtome.model.token.TokenSequence;
import microtome.probe.LetterModel;
import microtome.probe.data.PositionRule;
import microtome.probe.data.ResidualStream;
import microtome.tensor.WaitInterruptedException;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PromptStatesTest {
    /** What two F32 passes of a model this small may differ by, relative to the largest element of a state. */
    private static final double BOUND = 2e-5;

    private static final PromptSet SET = new PromptSet(
            "letters",
            Stream.of("abc", "a", "abcdefgh", "xyz", "fghij", "q", "klm")
                    .map(text -> Prompt.of(text, text.length() > 3 ? "long" : "short"))
                    .toList(),
            List.of(new Pairing(0, 3, "three", false), new Pairing(1, 2, "other", true)));

    @TempDir
    private static Path folder;

    private static LanguageModel model;

    @BeforeAll
    static void load() {
        model = LetterModel.open(folder, "reference");
    }

    @AfterAll
    static void close() {
        model.close();
    }

    @Test
    void batchesGiveWhatSingleRunsGive() {
        for (PositionRule rule : List.of(PositionRule.LAST, PositionRule.MEAN, PositionRule.MEAN_WITHOUT_FIRST)) {
            var states = PromptStates.read(model, SET, rule);
            assertThat(states.layers()).containsExactly("emb", "1", "2");
            assertThat(states.prompts()).isEqualTo(SET);
            assertThat(states.width()).isEqualTo(8);
            for (int prompt = 0; prompt < SET.size(); prompt++) {
                TokenSequence tokens = model.tokenizer().encode(SET.texts().get(prompt));
                assertAlone(states, prompt, tokens, rule);
            }
        }
    }

    private static void assertAlone(PromptStates states, int prompt, TokenSequence tokens, PositionRule rule) {
        ResidualStream.read(model, tokens, PromptStates.residual(model), (site, rows) -> {
            double[] expected = rule.point(rows, tokens.size());
            float[] found = states.states()[site.index()][prompt];
            double largest = Arrays.stream(expected).map(Math::abs).max().orElseThrow();
            for (int i = 0; i < expected.length; i++) {
                assertThat((double) found[i]).isCloseTo(expected[i], within(BOUND * largest));
            }
        });
    }

    @Test
    void layersStandInTheOrderAskedForAndHaveTheirNames() {
        var sites = List.of(Site.finalNorm(), Site.mlpOutput(1), Site.residual(1), Site.embedding());
        var states = PromptStates.read(model, SET, PositionRule.LAST, sites);
        assertThat(states.layers()).containsExactly("final", "mlp_output.1", "1", "emb");
        var residual = PromptStates.read(model, SET, PositionRule.LAST);
        assertThat(states.states()[2]).isDeepEqualTo(residual.states()[1]);
        assertThat(states.states()[3]).isDeepEqualTo(residual.states()[0]);
    }

    @Test
    void saysWhereTheNumbersComeFrom() {
        var origin =
                PromptStates.read(model, SET.at(0, 2, 3), PositionRule.LAST).origin();
        assertThat(origin.inputs()).isEqualTo("3 prompts of \"letters\", last token");
        assertThat(origin.sha256()).isEqualTo(SET.at(0, 2, 3).sha256());
        assertThat(origin.models()).hasSize(1);
        assertThat(origin.remarks()).isEmpty();
    }

    @Test
    void setsAndStatesSayWhatTheyAreAsValuesOfACell() {
        assertThat(SET).hasToString("7 prompts of 'letters'");
        assertThat(SET.mimeBundle()).isEqualTo(SET.card().mimeBundle());
        var states = PromptStates.read(model, SET, PositionRule.LAST);
        assertThat(states.toString())
                .contains("states of 'letters'", "3: emb, 1, 2", "7 prompts of \"letters\", last token", "beware");
        assertThat(states.mimeBundle()).isNotEmpty();
    }

    @Test
    void promptsOfOneTokenAreKeptWithARemark() {
        for (PositionRule rule : List.of(PositionRule.LAST, PositionRule.MEAN_WITHOUT_FIRST)) {
            assertThat(PromptStates.read(model, SET, rule).origin().remarks())
                    .singleElement()
                    .asString()
                    .startsWith("2 of 7 prompts have one token, such as 'a', which is kept")
                    .contains("position 0", "massive activation");
        }
    }

    @Test
    void rulesThatReadTheFirstPositionGetARemark() {
        for (PositionRule rule : List.of(PositionRule.MEAN, PositionRule.position(0))) {
            assertThat(PromptStates.read(model, SET, rule).origin().remarks())
                    .singleElement()
                    .asString()
                    .startsWith("7 of 7 prompts are read at position 0: of many models position 0 carries a massive");
        }
    }

    @Test
    void wordsAreReadAtTheirLastToken() {
        var set = new PromptSet(
                "words",
                List.of(
                        new Prompt("a bat", "x", "", "bat"),
                        new Prompt("cat bat q", "x", "", "bat"),
                        new Prompt("xy cat", "x", "", "cat"),
                        new Prompt("some dog", "x", "", "dog")),
                List.of());
        int[] positions = {1, 1, 3, 7}; // a| bat, cat| bat| |q, x|y| |cat, s|o|m|e| |d|o|g
        var states = PromptStates.readWords(model, set, PromptStates.residual(model));
        for (int prompt = 0; prompt < set.size(); prompt++) {
            var tokens = model.tokenizer().encode(set.texts().get(prompt));
            assertAlone(states, prompt, tokens, PositionRule.position(positions[prompt]));
        }
        assertThat(states.origin().inputs()).isEqualTo("4 prompts of \"words\", last token of the word");
        assertThat(states.origin().remarks()).isEmpty();
    }

    @Test
    void anInterruptKeepsThePromptsThatAreDone() {
        Thread.currentThread().interrupt();
        var states = PromptStates.read(model, SET, PositionRule.LAST); // heard after the first batch, of one token each
        assertThat(Thread.interrupted()).as("the interrupt was heard").isFalse();
        assertThat(states.prompts().texts()).containsExactly("a", "q");
        assertThat(states.prompts().pairs()).isEmpty();
        assertThat(states.states()[2]).hasNumberOfRows(2);
        assertThat(states.states()[2][1])
                .isEqualTo(PromptStates.read(model, SET, PositionRule.LAST).states()[2][5]);
        assertThat(states.origin().inputs()).startsWith("2 prompts");
        assertThat(states.origin().remarks().getFirst()).startsWith("stopped after 2 of 7 prompts, the shortest first");
    }

    @Test
    void manyPromptsOfOneLengthGoInSeveralBatches() {
        List<Prompt> many = IntStream.range(0, 200)
                .mapToObj(i -> Prompt.of("" + (char) ('d' + i % 20) + (char) ('d' + i / 20) + "q", "x"))
                .toList();
        var set = new PromptSet("many", many, List.of());
        var states = PromptStates.read(model, set, PositionRule.LAST);
        for (int prompt = 0; prompt < 200; prompt += 13) {
            var tokens = model.tokenizer().encode(set.texts().get(prompt));
            assertAlone(states, prompt, tokens, PositionRule.LAST);
        }
        Thread.currentThread().interrupt();
        var stopped = PromptStates.read(model, set, PositionRule.LAST);
        assertThat(stopped.prompts().size()).isEqualTo(512 / 3);
        assertThat(stopped.prompts().texts()).isEqualTo(set.texts().subList(0, 512 / 3));
    }

    @Test
    void anInterruptInTheOnlyBatchIsNoLoss() {
        Thread.currentThread().interrupt();
        var states = PromptStates.read(model, SET.at(0, 3), PositionRule.LAST);
        assertThat(Thread.interrupted()).isFalse();
        assertThat(states.prompts().size()).isEqualTo(2);
        assertThat(states.origin().remarks()).isEmpty();
    }

    @Test
    void aValueThatIsNotFiniteIsNamed() {
        var bad = new PromptSet(
                "bad",
                Stream.concat(SET.prompts().stream(), Stream.of(Prompt.of("ab#", "x")))
                        .toList(),
                List.of());
        assertThatThrownBy(() -> PromptStates.read(model, bad, PositionRule.LAST))
                .isInstanceOf(ArithmeticException.class)
                .hasMessageStartingWith(
                        "residual.0 of prompt 7 'ab#', position 2, element 5 is NaN: the model's values left the range");
    }

    @Test
    void sitesOfOtherShapesAreErrors() {
        assertThatThrownBy(() -> PromptStates.read(model, SET, PositionRule.LAST, List.of(Site.pattern(0))))
                .hasMessageContaining("site pattern.0 is")
                .hasMessageContaining("such as residual.N");
        assertThatThrownBy(() -> PromptStates.read(
                        model, SET, PositionRule.LAST, List.of(Site.residual(0), Site.mlpActivation(0))))
                .hasMessage(
                        "site mlp_activation.0 is 12 wide, another one 8; read sites of different widths one after another");
        assertThatThrownBy(() -> PromptStates.read(model, SET, PositionRule.LAST, List.of()))
                .hasMessageStartingWith("no site to read");
        assertThatThrownBy(() ->
                        PromptStates.read(model, SET, PositionRule.LAST, List.of(Site.residual(0), Site.residual(0))))
                .hasMessage("site residual.0 is given twice; name each site once");
        assertThatThrownBy(() -> PromptStates.read(model, SET, PositionRule.LAST, List.of(Site.residual(3))))
                .hasMessageContaining("site residual.3: this model has residual.0 to residual.2");
    }

    @Test
    void promptsThatDoNotFitAreNamedBeforeAnythingRuns() {
        assertThatThrownBy(() -> PromptStates.read(model, SET, PositionRule.position(3)))
                .hasMessage(
                        "position 3: the prompt has 3 tokens, valid are 0..2; take another position or leave the prompt out: prompt 0 'abc'");
        var longOne = PromptSet.of("long", Map.of("x", List.of("abcdefghijklmnopqrst")));
        assertThatThrownBy(() -> PromptStates.read(model, longOne, PositionRule.LAST))
                .hasMessage("prompt 0 'abcdefghijklmnopqrst' has 20 tokens; this model reads 1 to 16");
    }

    @Test
    void interruptedBeforeAnythingIsReadIsAnError() {
        try (var waiting = LetterModel.open(folder, "")) {
            Thread.currentThread().interrupt();
            assertThatThrownBy(() -> PromptStates.read(waiting, SET, PositionRule.LAST))
                    .isInstanceOfAny(InterruptedWorkException.class, WaitInterruptedException.class);
            Thread.interrupted();
        }
    }
}
