package microtome.model;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.List;
import microtome.model.store.ModelFiles;
import microtome.model.store.ModelStore;
import microtome.model.token.TokenSequence;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A real encoder, all-MiniLM-L6-v2, against {@code transformers}. */
class MiniLmReferenceTest {
    private static final double BOUND = 1e-4;

    @ParameterizedTest
    @CsvSource({"plain,cpu", "plain,reference", "mixed,cpu", "mixed,reference"})
    void statesPatternsAndTheEmbeddingAgree(String sentence, String backend) {
        Backends.assume(backend);
        ModelFiles files = ModelStore.standard().resolve(MiniLmFolder.required().toString());
        try (var expected = ReferenceData.open("minilm/expected.safetensors");
                var model = LanguageModel.load(files, LoadOptions.DEFAULT.backend(backend))) {
            var tokens = TokenSequence.ofIds(expected.ints(sentence + ".input_ids"));
            Activations seen = model.activations(tokens, model.sites());
            float[] hidden = expected.floats(sentence + ".hidden");
            int each = tokens.size() * model.config().width();
            for (int depth = 0; depth <= model.config().blocks(); depth++) {
                float[] state = Arrays.copyOfRange(hidden, depth * each, (depth + 1) * each);
                assertNear("depth " + depth, seen.at(Site.residual(depth)).array(), state);
            }
            for (int block : List.of(0, 5)) {
                float[] pattern = expected.floats(sentence + ".pattern." + block);
                assertNear("pattern " + block, seen.at(Site.pattern(block)).array(), pattern);
            }
            float[] embedding = expected.floats(sentence + ".embedding");
            assertNear("embedding", SentenceEmbedding.of(model, tokens).vector(), embedding);
            assertThat(SentenceEmbedding.of(model, tokens))
                    .hasToString("sentence embedding of %d tokens: 384 numbers, length 1".formatted(tokens.size()));
        }
    }

    private static void assertNear(String what, float[] ours, float[] theirs) {
        assertThat(ours).as(what).hasSameSizeAs(theirs);
        double largest = 0;
        for (int at = 0; at < ours.length; at++) {
            largest = Math.max(largest, Math.abs(ours[at] - theirs[at]));
        }
        assertThat(largest).as(what).isLessThanOrEqualTo(BOUND);
    }
}
