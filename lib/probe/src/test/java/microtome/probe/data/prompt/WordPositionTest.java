package microtome.probe.data.prompt;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import microtome.model.token.Tokenizer;
import microtome.probe.LetterModel;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class WordPositionTest {
    @TempDir
    private static Path folder;

    private static Tokenizer tokenizer;

    @BeforeAll
    static void load() {
        try (var model = LetterModel.open(folder, "reference")) {
            tokenizer = model.tokenizer();
        }
    }

    private static WordPosition of(String text, String word) {
        return WordPosition.of(new Prompt(text, "", "", word), tokenizer);
    }

    @Test
    void aWordMayBeOneTokenOrSeveral() {
        assertThat(of("cat bat q", "cat")).isEqualTo(new WordPosition(0, 0));
        assertThat(of("cat bat q", "bat")).isEqualTo(new WordPosition(1, 1));
        assertThat(of("cat bat q", "cat bat")).isEqualTo(new WordPosition(0, 1));
        assertThat(of("a dog q", "dog")).isEqualTo(new WordPosition(2, 4));
    }

    @Test
    void aWordOfItsOwnIsPreferredToAPartOfAnother() {
        assertThat(of("dogs dog", "dog")).isEqualTo(new WordPosition(5, 7));
        assertThat(of("dogs q", "dog")).isEqualTo(new WordPosition(0, 2));
    }

    @Test
    void aWordThatIsJoinedWithItsNeighboursIsAnError() {
        assertThatThrownBy(() -> of("a batq", "at"))
                .hasMessage(
                        "prompt 'a batq': the word 'at' does not begin where a token does; its tokens are a| bat|q; choose a word that the tokenizer does not join with its neighbours");
        assertThatThrownBy(() -> of("a batq", "ba")).hasMessageContaining("the word 'ba' does not end where a token");
    }

    @Test
    void aWordThatStandsTwiceIsAnError() {
        assertThatThrownBy(() -> of("cat q cat", "cat"))
                .hasMessage(
                        "prompt 'cat q cat': the word 'cat' stands in it 2 times, so it is not clear which is meant; give a text with one");
    }

    @Test
    void aPromptWithoutAWordIsAnError() {
        assertThatThrownBy(() -> of("cat", ""))
                .hasMessage("prompt 'cat' has no word to look at; name one: new Prompt(text, label, group, word)");
        assertThatThrownBy(() -> of("cat", "dog")).hasMessageContaining("the word 'dog' does not stand in it");
    }
}
