package microtome.probe.data.prompt;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import java.util.stream.Stream;
import microtome.model.LanguageModel;
import microtome.model.Site;
import microtome.probe.BundledModel;
import microtome.probe.MiniLm;
import microtome.probe.data.PositionRule;
import microtome.probe.data.ResidualStream;
import org.junit.jupiter.api.Test;

/** Reading prompts through a decoder and an encoder with real weights. */
class RealModelsTest {
    /** The relative distance of a state that two F32 passes may have, as the reference's page allows. */
    private static final double BOUND = 1e-5;

    private static final PromptSet SET = new PromptSet(
            "bats",
            Stream.of(
                            "The bat flew out of the cave.",
                            "He threw the bat at the ball.",
                            "A bat",
                            "She took the bat and left.")
                    .map(text -> new Prompt(text, "x", "", "bat"))
                    .toList(),
            List.of());

    @Test
    void aDecoderIsReadAtEveryDepthAndAfterItsFinalNorm() {
        LanguageModel model = BundledModel.get();
        var sites = Stream.concat(PromptStates.residual(model).stream(), Stream.of(Site.finalNorm()))
                .toList();
        var states = PromptStates.read(model, SET, PositionRule.MEAN_WITHOUT_FIRST, sites);
        assertThat(states.layers()).startsWith("emb", "1").endsWith("30", "final");
        assertAlone(model, states, sites);
    }

    @Test
    void anEncoderIsReadAtEveryDepthAndHasNoFinalNorm() {
        LanguageModel model = MiniLm.get();
        var sites = PromptStates.residual(model);
        var states = PromptStates.read(model, SET, PositionRule.MEAN_WITHOUT_FIRST, sites);
        assertThat(states.layers()).containsExactly("emb", "1", "2", "3", "4", "5", "6");
        assertAlone(model, states, sites);
        assertThatThrownBy(() -> PromptStates.read(model, SET, PositionRule.LAST, List.of(Site.finalNorm())))
                .hasMessageContaining("site final_norm");
    }

    @Test
    void theLastTokenOfAnEncoderIsNotOneOfTheText() {
        var states = PromptStates.read(MiniLm.get(), SET, PositionRule.LAST);
        assertThat(states.origin().remarks())
                .containsExactly(
                        "4 of 4 prompts are read at a token that the tokenizer added, such as '[SEP]', and not at one of their text");
    }

    @Test
    void wordsAreFoundByEitherTokenizer() {
        assertThat(SET.prompts().stream()
                        .map(prompt -> WordPosition.of(
                                        prompt, BundledModel.get().tokenizer())
                                .last()))
                .containsExactly(1, 3, 1, 3);
        assertThat(SET.prompts().stream()
                        .map(prompt -> WordPosition.of(prompt, MiniLm.get().tokenizer())
                                .last()))
                .containsExactly(2, 4, 2, 4); // behind [CLS]
    }

    private static void assertAlone(LanguageModel model, PromptStates states, List<Site> sites) {
        for (int prompt = 0; prompt < SET.size(); prompt++) {
            var tokens = model.tokenizer().encode(SET.texts().get(prompt));
            int row = prompt;
            ResidualStream.read(model, tokens, sites, (site, rows) -> {
                double[] expected = PositionRule.MEAN_WITHOUT_FIRST.point(rows, tokens.size());
                float[] found = states.states()[sites.indexOf(site)][row];
                double squares = 0;
                double distance = 0;
                for (int i = 0; i < expected.length; i++) {
                    squares += expected[i] * expected[i];
                    distance += (found[i] - expected[i]) * (found[i] - expected[i]);
                }
                assertThat(Math.sqrt(distance / squares))
                        .as("%s of %d", site, row)
                        .isCloseTo(0, within(BOUND));
            });
        }
    }
}
