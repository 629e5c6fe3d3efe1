package microtome.model.format;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/**
 * Strings that lie one after the other in a file and stay bytes until somebody asks for text. A vocabulary of 49,152
 * tokens is walked in a few milliseconds this way.
 */
public final class Utf8Array {
    /** Receives one string as bytes of UTF-8; the buffer is shared and must not be changed or kept. */
    @FunctionalInterface
    public interface Visitor {

        /** Called once per string, in order. */
        void visit(int index, byte[] buffer, int offset, int length);
    }

    private final GgufMetadata metadata;
    private final String key;
    private final byte[] region;
    private final int[] starts;

    /** Takes a region of count × (u64 length, bytes) whose lengths were checked when the file was opened. */
    Utf8Array(GgufMetadata metadata, String key, byte[] region, int count) {
        this.metadata = metadata;
        this.key = key;
        this.region = region;
        this.starts = new int[count + 1];
        int at = 0;
        for (int index = 0; index < count; index++) {
            starts[index] = at + Long.BYTES;
            at += Long.BYTES + lengthAt(at);
        }
        starts[count] = at + Long.BYTES;
    }

    private int lengthAt(int at) {
        return (region[at] & 0xff)
                | (region[at + 1] & 0xff) << 8
                | (region[at + 2] & 0xff) << 16
                | (region[at + 3] & 0xff) << 24;
    }

    /** Number of strings. */
    public int size() {
        return starts.length - 1;
    }

    /** One string; fails with {@link BadWeightFile} when its bytes are not UTF-8. */
    public String get(int index) {
        ByteBuffer bytes = ByteBuffer.wrap(region, starts[index], length(index));
        try {
            return StandardCharsets.UTF_8.newDecoder().decode(bytes).toString();
        } catch (CharacterCodingException notUtf8) {
            throw metadata.bad(key, "bytes that are not UTF-8 in string " + index, "UTF-8")
                    .because(notUtf8);
        }
    }

    /** All strings as bytes, in order. */
    public void forEach(Visitor visitor) {
        for (int index = 0; index < size(); index++) {
            visitor.visit(index, region, starts[index], length(index));
        }
    }

    /** All strings decoded. */
    public List<String> toList() {
        List<String> texts = new ArrayList<>(size());
        for (int index = 0; index < size(); index++) {
            texts.add(get(index));
        }
        return List.copyOf(texts);
    }

    private int length(int index) {
        return starts[index + 1] - Long.BYTES - starts[index];
    }
}
