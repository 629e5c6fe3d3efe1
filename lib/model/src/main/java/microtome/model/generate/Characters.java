package microtome.model.generate;

import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharsetDecoder;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;

/** Bytes that come piece by piece, as text: a character shows when its last byte is there. What is no UTF-8 shows as U+FFFD. */
final class Characters {
    private final CharsetDecoder decoder = StandardCharsets.UTF_8
            .newDecoder()
            .onMalformedInput(CodingErrorAction.REPLACE)
            .onUnmappableCharacter(CodingErrorAction.REPLACE);
    private byte[] held = new byte[0];

    /** The characters that these bytes complete. */
    String append(byte[] bytes) {
        return decoded(bytes, false);
    }

    /** What is left of a character that was never completed. */
    String end() {
        return decoded(new byte[0], true);
    }

    private String decoded(byte[] bytes, boolean end) {
        ByteBuffer input = ByteBuffer.allocate(held.length + bytes.length)
                .put(held)
                .put(bytes)
                .flip();
        CharBuffer output = CharBuffer.allocate(input.remaining() + 1);
        decoder.decode(input, output, end);
        held = new byte[input.remaining()];
        input.get(held);
        return output.flip().toString();
    }
}
