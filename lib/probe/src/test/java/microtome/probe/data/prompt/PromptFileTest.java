package microtome.probe.data.prompt;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

class PromptFileTest {
    private static final String HEADER =
            "what: a test\nwritten: here\nlicence: Apache-2.0\nweakness: small\nweakness: short\n\n";

    @Test
    void readsPromptsWordsAndPairs() {
        var set = PromptFile.parse("small", HEADER + """
                        # for readers
                        x | - | alone
                        pair: one
                        x | g | a {bat} flew
                        y | g | a {bat} broke
                        z | g | third

                        y | h | loose
                        control: two
                        x | h | fourth
                        y | h | fifth
                        """);
        assertThat(set.prompts())
                .containsExactly(
                        new Prompt("alone", "x", "", ""),
                        new Prompt("a bat flew", "x", "g", "bat"),
                        new Prompt("a bat broke", "y", "g", "bat"),
                        new Prompt("third", "z", "g", ""),
                        new Prompt("loose", "y", "h", ""),
                        new Prompt("fourth", "x", "h", ""),
                        new Prompt("fifth", "y", "h", ""));
        assertThat(set.pairs())
                .containsExactly(
                        new Pairing(1, 2, "one", false),
                        new Pairing(1, 3, "one", false),
                        new Pairing(2, 3, "one", false),
                        new Pairing(5, 6, "two", true));
        assertThat(set.source().weaknesses()).containsExactly("small", "short");
    }

    @Test
    void whatIsWrongIsNamedWithItsLine() {
        assertProblem(
                HEADER + "x | text\n",
                "prompt file 'bad', line 7: need 'label | group | text', with - for no group, not 'x | text'");
        assertProblem(
                HEADER + "x | - | a {b\n", "prompt file 'bad', line 7: braces stand around one word, not as in 'a {b'");
        assertProblem(HEADER + "x | - | {a} {b}\n", "braces stand around one word");
        assertProblem(HEADER + "x | - | a\ny | - | a\n", "line 8: the text 'a' stands twice");
        assertProblem(HEADER + "pair: p\nx | - | a\n\n", "line 9: 'p' has 1 prompts; a pair needs 2");
        assertProblem("what: a\nwhat: b\n", "line 2: 'what' stands twice");
        assertProblem(
                "why: a\n",
                "line 1: need 'what: ...', 'written: ...', 'licence: ...' or 'weakness: ...', not 'why: a'");
        assertProblem("what: a\n\nx | - | b\n", "no line 'written: ...' before the first blank line");
        assertProblem("what: a\nwritten: b\nlicence: c\n\nx | - | b\n", "no line 'weakness: ...'");
        assertProblem(HEADER, "prompt set 'bad' is empty");
    }

    private static void assertProblem(String text, String message) {
        assertThatThrownBy(() -> PromptFile.parse("bad", text))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining(message);
    }
}
