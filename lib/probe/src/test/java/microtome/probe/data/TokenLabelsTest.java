package microtome.probe.data;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import microtome.model.token.Token;
import microtome.model.token.TokenSequence;
import org.junit.jupiter.api.Test;

class TokenLabelsTest {
    @Test
    void blanksAndHalfCharactersAreVisible() {
        assertThat(TokenLabels.of(token(" Paris\n", " Paris\n".getBytes(StandardCharsets.UTF_8))))
                .isEqualTo("␣Paris⏎");
        assertThat(TokenLabels.of(token("\ufffd", new byte[] {(byte) 0xe2, (byte) 0x89})))
                .isEqualTo("\\xe2\\x89");
    }

    @Test
    void aTokenKnownByItsIdAloneIsCalledByIt() {
        assertThat(TokenLabels.of(TokenSequence.ofIds(504).token(0))).isEqualTo("#504");
    }

    private static Token token(String text, byte[] bytes) {
        return new Token(1, text, bytes, false, null);
    }
}
