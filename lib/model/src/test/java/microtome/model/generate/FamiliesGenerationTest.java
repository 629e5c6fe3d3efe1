package microtome.model.generate;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import microtome.model.LanguageModel;
import microtome.model.Site;
import microtome.model.StepTap;
import microtome.model.Tap;
import microtome.model.Values;
import microtome.model.token.TokenSequence;
import microtome.tensor.Tensor;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Prompts longer than the windows of those families that have them, and a text that ends before its neighbours. */
class FamiliesGenerationTest {
    private static final List<TokenSequence> PROMPTS = List.of(
            Models.ids(5, 17, 96, 0, 42, 8, 33, 71, 64),
            Models.ids(1, 2, 3, 4, 44, 66, 90, 15, 9),
            Models.ids(7, 7, 7),
            Models.ids(80, 70, 60, 50, 40, 30, 20, 10, 11));
    private static final int SECOND = 1;
    private static final int END = 2;
    private static final int TOKENS = 8;

    /** The bound of the reference data of these models, which two F32 implementations of them keep. */
    private static final float BOUND = 2e-5f;

    @ParameterizedTest
    @MethodSource("microtome.model.Architectures#decoders")
    void everyFamilyWritesInABatchWhatItWritesAloneAndShowsIt(String family) {
        try (var model = Models.random("/microtome/model/architectures/" + family, "cpu")) {
            List<Site> sites = model.sites();
            List<GeneratedText> texts = Generation.of(PROMPTS)
                    .tokens(TOKENS)
                    .watching(sites.toArray(Site[]::new))
                    .runEach(model, FamiliesGenerationTest::endingTheSecond, Listener.NONE)
                    .texts();
            for (int i = 0; i < PROMPTS.size(); i++) {
                GeneratedText text = texts.get(i);
                assertThat(text.ids()).as("prompt %d", i).isEqualTo(expected(model, i));
                var whole = model.activations(text.whole(), sites);
                for (Site site : sites) {
                    if (i != SECOND || !site.equals(Site.logits())) { // those were edited
                        assertSame(site, text.at(site), whole.at(site));
                    }
                }
            }
        }
    }

    /** Greedy tokens up to the end of a text; of the second prompt three, and the end that was made. */
    private static int[] expected(LanguageModel model, int prompt) {
        int[] free = model.greedy(PROMPTS.get(prompt), TOKENS);
        if (prompt == SECOND) {
            free[3] = END;
        }
        int end = IntStream.range(0, TOKENS)
                .filter(i -> model.endOfText().contains(free[i]))
                .findFirst()
                .orElse(TOKENS - 1);
        return Arrays.copyOf(free, end + 1);
    }

    /** In the pass at position 11, whose tokens are the fourth, the second prompt can only end. */
    private static StepTap endingTheSecond(List<TokenSequence> prompts) {
        int row = prompts.indexOf(PROMPTS.get(SECOND));
        return first -> first != 11 || row < 0
                ? Tap.NONE
                : new Tap() {
                    @Override
                    public boolean wants(Site site) {
                        return site.equals(Site.logits());
                    }

                    @Override
                    public Tensor at(Site site, Tensor value) {
                        float[] logits = value.toFloats();
                        int vocabulary = (int) value.extent(-1);
                        Arrays.fill(logits, row * vocabulary, (row + 1) * vocabulary, Float.NEGATIVE_INFINITY);
                        logits[row * vocabulary + END] = 0;
                        return value.engine().tensor(logits, value.shape().extents());
                    }
                };
    }

    private static void assertSame(Site site, Values ours, Values theirs) {
        assertThat(ours.shape()).as("%s", site).isEqualTo(theirs.shape());
        for (int i = 0; i < ours.array().length; i++) {
            float left = ours.array()[i];
            float right = theirs.array()[i];
            assertThat(left == right || Math.abs(left - right) <= BOUND * Math.max(1, Math.abs(right)))
                    .as("%s, element %d: %s and %s", site, i, left, right)
                    .isTrue();
        }
    }
}
