package microtome.model.generate;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

class GrowingTextTest {
    /** The pieces that are told, one per piece that comes, and one at the end. */
    private static List<String> told(GrowingText text, byte[]... pieces) {
        var told = new ArrayList<String>();
        for (byte[] piece : pieces) {
            if (!text.isStopped()) {
                text.append(piece);
                told.add(text.news(false));
            }
        }
        text.end();
        told.add(text.news(true));
        return told;
    }

    private static GrowingText stoppingAt(String... stops) {
        return new GrowingText(List.of(stops), List.of());
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    @Test
    void halfACharacterWaitsForItsOtherHalf() {
        byte[] cat = bytes("a🐈é");
        for (int cut = 1; cut < cat.length; cut++) {
            var text = stoppingAt();
            List<String> told = told(text, Arrays.copyOf(cat, cut), Arrays.copyOfRange(cat, cut, cat.length));
            assertThat(String.join("", told)).isEqualTo("a🐈é");
            assertThat(told).noneMatch(piece -> piece.contains("\uFFFD"));
        }
    }

    @Test
    void aCharacterThatNeverEndsShowsAsOneThatIsMissing() {
        assertThat(told(stoppingAt(), new byte[] {'a', (byte) 0xF0, (byte) 0x9F}))
                .containsExactly("a", "\uFFFD");
        assertThat(told(stoppingAt(), new byte[] {(byte) 0xFF, 'b'})).containsExactly("\uFFFDb", "");
    }

    @Test
    void theHalfCharacterAtTheEndOfAPromptIsCompleted() {
        byte[] cat = bytes("🐈");
        var text = new GrowingText(List.of(), List.of(bytes("x"), Arrays.copyOf(cat, 2)));
        assertThat(told(text, Arrays.copyOfRange(cat, 2, 4))).containsExactly("🐈", "");
    }

    @Test
    void aStopStringAcrossPiecesIsCutAndNoneOfItIsTold() {
        var text = stoppingAt("\n\nUser:");
        assertThat(told(text, bytes("yes\n"), bytes("\nUs"), bytes("er: no"))).containsExactly("yes", "", "", "");
        assertThat(text.isStopped()).isTrue();
        assertThat(text).hasToString("yes");
    }

    @Test
    void whatOnlyBeganLikeAStopStringIsToldLater() {
        var text = stoppingAt("aab");
        assertThat(told(text, bytes("xa"), bytes("a"), bytes("a"), bytes("c"), bytes("aa")))
                .containsExactly("x", "", "a", "aac", "", "aa");
        assertThat(text.isStopped()).isFalse();
    }

    @Test
    void whereTokensBeginDoesNotMatter() {
        byte[] all = bytes("one two abc three");
        for (int size = 1; size <= all.length; size++) {
            var text = stoppingAt("abc", "b", " three");
            var pieces = new ArrayList<byte[]>();
            for (int from = 0; from < all.length; from += size) {
                pieces.add(Arrays.copyOfRange(all, from, Math.min(from + size, all.length)));
            }
            List<String> told = told(text, pieces.toArray(byte[][]::new));
            assertThat(text).as("pieces of %d", size).hasToString("one two a");
            assertThat(String.join("", told)).isEqualTo("one two a");
        }
    }
}
