package microtome.model.corpus.document;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/** SHA-256 of many pieces, each with its length in front, so that other borders give another value. */
public final class Fingerprint {
    private final MessageDigest digest;

    /** Of nothing so far. */
    public Fingerprint() {
        try {
            this.digest = MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException impossible) {
            throw new AssertionError("every Java platform has SHA-256", impossible);
        }
    }

    void add(byte[] bytes) {
        add(bytes.length);
        digest.update(bytes);
    }

    /** One more piece. */
    public void add(int[] numbers) {
        add(MemorySegment.ofArray(numbers).toArray(ValueLayout.JAVA_BYTE));
    }

    /** One more number. */
    public void add(long number) {
        digest.update(ByteBuffer.allocate(Long.BYTES).putLong(0, number));
    }

    /** A part of a piece whose length was added before. */
    void addPart(byte[] bytes, int length) {
        digest.update(bytes, 0, length);
    }

    /** Of all pieces so far; more may follow. */
    public String value() {
        try {
            return HexFormat.of().formatHex(((MessageDigest) digest.clone()).digest());
        } catch (CloneNotSupportedException impossible) {
            throw new AssertionError("SHA-256 of the JDK can be cloned", impossible);
        }
    }
}
