package microtome.display;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class TokenTextTest {
    @Test
    void marksWhiteSpace() {
        assertThat(TokenText.visible(" Paris")).isEqualTo("␣Paris");
        assertThat(TokenText.visible("\n\n\t\r")).isEqualTo("⏎⏎⇥␍");
        assertThat(TokenText.visible("")).isEqualTo("∅");
    }

    @Test
    void escapesWhatNobodyCanSee() {
        assertThat(TokenText.visible("\u0000\u001b\u007f")).isEqualTo("\\u{0}\\u{1b}\\u{7f}");
        assertThat(TokenText.visible("a\u00a0b\u3000")).isEqualTo("a\\u{a0}b\\u{3000}");
        assertThat(TokenText.visible("\u200b\ufeff")).isEqualTo("\\u{200b}\\u{feff}");
        assertThat(TokenText.visible("\ud83d")).isEqualTo("\\u{d83d}");
    }

    @Test
    void disarmsTextDirectionMarks() {
        assertThat(TokenText.visible("\u202eabc")).isEqualTo("\\u{202e}abc");
    }

    @Test
    void keepsWordsOfAllScriptsAndJoinedEmoji() {
        for (var text : List.of("République", "東京", "Привет", "नमस्ते", "👩‍👧", "❤️", "e\u0301", "\ufffd")) {
            assertThat(TokenText.visible(text)).isEqualTo(text);
        }
    }

    @Test
    void showsALoneCombiningMark() {
        assertThat(TokenText.visible("\u0301")).isEqualTo("\\u{301}");
        assertThat(TokenText.visible("\u200d")).isEqualTo("\\u{200d}");
    }

    @Test
    void showsBytesThatAreNotText() {
        assertThat(TokenText.visible(new byte[] {(byte) 0xe2, (byte) 0x82})).isEqualTo("\\xe2\\x82");
        assertThat(TokenText.visible(" é".getBytes(StandardCharsets.UTF_8))).isEqualTo("␣é");
        assertThat(TokenText.visible(new byte[] {'a', (byte) 0xff, 'b'})).isEqualTo("a\\xffb");
        assertThat(TokenText.visible(new byte[] {'\\', (byte) 0xff})).isEqualTo("\\\\\\xff");
        assertThat(TokenText.visible(new byte[0])).isEqualTo("∅");
    }

    @Test
    void showsDifferentTokensDifferently() {
        var pieces = List.of(" ", "␣", "\n", "⏎", "\\", "x", "u{", "}", "0a", "a", "\u200b", "\\u{200b}", "∅", "");
        var random = new Random(7);
        var seen = new HashMap<String, String>();
        for (int trial = 0; trial < 50_000; trial++) {
            var token = new StringBuilder();
            for (int piece = random.nextInt(5); piece > 0; piece--) {
                token.append(pieces.get(random.nextInt(pieces.size())));
            }
            var before = seen.put(TokenText.visible(token.toString()), token.toString());
            assertThat(before).isIn(null, token.toString());
        }
        assertThat(seen).hasSizeGreaterThan(5_000);
    }

    @Test
    void shortensByTerminalColumns() {
        assertThat(TokenText.shortened(" capital", 5)).isEqualTo("␣cap…");
        assertThat(TokenText.shortened("東京タワー", 5)).isEqualTo("東京…");
        assertThat(TokenText.shortened("four", 4)).isEqualTo("four");
    }

    @Test
    void keepsSpacesInRunningText() {
        assertThat(TokenText.singleLine("two words\nand a line")).isEqualTo("two words⏎and a line");
        assertThat(TokenText.singleLine("")).isEmpty();
    }
}
