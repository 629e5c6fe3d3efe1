package microtome.probe.concept;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import microtome.model.LanguageModel;
import microtome.probe.BundledModel;
import microtome.probe.LetterModel;
import microtome.probe.MiniLm;
import microtome.probe.data.PositionRule;
import microtome.probe.data.RoundTrip;
import microtome.probe.data.prompt.Prompt;
import microtome.probe.data.prompt.PromptSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ConceptProbeTest {
    private static final List<String> THINGS =
            List.of("film", "meal", "book", "hotel", "concert", "phone", "game", "walk", "lesson", "garden");

    /** Every thing in a praise and in a complaint: the thing is the group, so no split sees it on both sides. */
    private static PromptSet opinions() {
        var prompts = new ArrayList<Prompt>();
        for (String thing : THINGS) {
            prompts.add(new Prompt("The %s was wonderful and I loved it.".formatted(thing), "positive", thing, ""));
            prompts.add(new Prompt("What a great %s, simply perfect!".formatted(thing), "positive", thing, ""));
            prompts.add(new Prompt("The %s was terrible and I hated it.".formatted(thing), "negative", thing, ""));
            prompts.add(new Prompt("What an awful %s, simply boring!".formatted(thing), "negative", thing, ""));
        }
        return new PromptSet("opinions", prompts, List.of());
    }

    private static void readsOpinions(LanguageModel model) {
        ConceptDepth depth = RoundTrip.check(ConceptProbe.of(model, opinions()).depth());
        assertThat(depth.layerNames()).hasSize(model.config().blocks() + 1).startsWith("emb", "1");
        double best = depth.values().accuracy()[depth.indices().peak()];
        assertThat(best).isGreaterThan(depth.values().majority() + 0.2);
        assertThat(depth.direction(depth.best())).hasSize(model.config().width());
        assertThat(depth.explain().facts()).containsKey("device");
    }

    @Test
    void aDecoderIsReadWithTheDefaults() {
        readsOpinions(BundledModel.get());
    }

    @Test
    void anEncoderIsReadWithTheDefaults() {
        readsOpinions(MiniLm.get());
    }

    @Test
    void thePresetReadsWhatTheMlpReads(@TempDir Path folder) {
        try (var model = LetterModel.open(folder, "reference")) {
            ConceptProbe probe = ConceptProbe.of(model, letters()).preset(ConceptOptions.CONCEPT_DEPTH.seeds(42));
            assertThat(probe.depth().layerNames()).containsExactly("1", "2");
            assertThat(probe.toString())
                    .contains("input of the MLP, last token")
                    .contains("seeds [42]");
        }
    }

    @Test
    void everyPerturbationIsALineOfItsOwn(@TempDir Path folder) {
        try (var model = LetterModel.open(folder, "cpu")) {
            ConceptComparison compared = ConceptProbe.of(model, letters()).perturbed(Perturbation.values());
            assertThat(compared.values()).hasDimensions(5, 3);
            assertThat(compared.table().rows()).hasSize(5);
            RoundTrip.check(compared);
            assertThat(compared.plot().tree().toString())
                    .contains("weights Q4_1")
                    .contains("noise before the prompt");
        }
    }

    /** Words of one half of the alphabet against words of the other. */
    private static PromptSet letters() {
        var prompts = new ArrayList<Prompt>();
        for (char letter = 'a'; letter < 'm'; letter++) {
            prompts.add(Prompt.of("x" + letter + letter, "first"));
            prompts.add(Prompt.of("x" + (char) (letter + 12) + letter, "second"));
        }
        return new PromptSet("letters", prompts, List.of());
    }

    @Test
    void noiseStandsDirectlyBeforeTheTextAndTheSeedDecides() {
        PromptSet noisy = Perturbation.noisy(opinions(), 1);
        assertThat(noisy.texts()).allMatch(text -> text.startsWith("aaa") || text.startsWith("bbb"));
        assertThat(noisy.texts().getFirst()).endsWith("The film was wonderful and I loved it.");
        assertThat(noisy.texts().stream().filter(text -> text.startsWith("aaa")).count())
                .isBetween(10L, 30L);
        assertThat(noisy.labels()).isEqualTo(opinions().labels());
        assertThat(Perturbation.noisy(opinions(), 1)).isEqualTo(noisy);
        assertThat(Perturbation.noisy(opinions(), 2)).isNotEqualTo(noisy);
    }

    @Test
    void oneTokenPromptsAndNaNsAreSaid(@TempDir Path folder) {
        try (var model = LetterModel.open(folder, "reference")) {
            var single = new ArrayList<Prompt>();
            for (char letter = 'a'; letter < 'm'; letter++) {
                single.add(Prompt.of(String.valueOf(letter), letter < 'g' ? "first" : "second"));
            }
            ConceptDepth depth = ConceptProbe.of(model, new PromptSet("single", single, List.of()))
                    .position(PositionRule.MEAN_WITHOUT_FIRST)
                    .depth();
            assertThat(depth.explain().notes()).anyMatch(note -> note.contains("position 0"));
            single.set(0, Prompt.of("a#", "first"));
            ConceptProbe broken = ConceptProbe.of(model, new PromptSet("broken", single, List.of()));
            assertThatThrownBy(broken::depth)
                    .isInstanceOf(ArithmeticException.class)
                    .hasMessageContaining("residual.0");
        }
    }
}
