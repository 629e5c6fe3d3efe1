package microtome.model.format;

import java.lang.foreign.MemorySegment;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;

/** Text from bytes that must be UTF-8: what is malformed is an error, never a replacement character. */
final class Utf8 {
    private Utf8() {}

    static String text(MemorySegment bytes) throws CharacterCodingException {
        return StandardCharsets.UTF_8.newDecoder().decode(bytes.asByteBuffer()).toString();
    }

    static String text(byte[] bytes) throws CharacterCodingException {
        return text(MemorySegment.ofArray(bytes));
    }
}
