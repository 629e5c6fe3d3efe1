package microtome;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.regex.Pattern;
import microtome.model.LoadOptions;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class FamilyRulesTest {
    private static final Path FIXTURES = Path.of("../model/src/test/resources/microtome/model/architectures");

    @ParameterizedTest
    @CsvSource({
        "gpt2, learned positions; every token sees those before it",
        "bert, learned positions; every token sees all others",
        "mistral-window, rotated queries and keys; every token sees those before it; 3 of 3 blocks see only the last 5 positions",
        "gemma2, rotated queries and keys; every token sees those before it; 2 of 3 blocks see only the last 5 positions; scores bent to stay within ±5.0; logits bent to stay within ±3.0",
        "olmo2, rotated queries and keys; every token sees those before it; queries and keys normed across heads",
        "qwen3, rotated queries and keys; every token sees those before it; queries and keys normed in every head"
    })
    void theCardSaysWhatSetsAFamilyApart(String fixture, String rules) {
        Model model = Microtome.load(FIXTURES.resolve(fixture).toString(), LoadOptions.DEFAULT.backend("reference"));
        assertThat(model.card().toString()).containsPattern("\nrules +" + Pattern.quote(rules) + "\n");
    }
}
