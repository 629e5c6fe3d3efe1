package microtome.model.store.hub;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.regex.Pattern;

/**
 * The sum by which the hub knows a file, and the name of the file in the cache: SHA-256 for large files, git's SHA-1 of a
 * blob for small ones.
 */
record Checksum(String hex) {
    private static final Pattern SUM = Pattern.compile("[0-9a-f]{40}|[0-9a-f]{64}");
    private static final int SHA_256_DIGITS = 64;
    private static final int CHUNK = 1 << 20;

    Checksum {
        if (!isOne(hex)) {
            throw new IllegalArgumentException("'%s' is no SHA-1 or SHA-256 in hexadecimal digits".formatted(hex));
        }
    }

    static boolean isOne(String text) {
        return SUM.matcher(text).matches();
    }

    String kind() {
        return isSha256() ? "SHA-256" : "git SHA-1";
    }

    boolean isSha256() {
        return hex.length() == SHA_256_DIGITS;
    }

    /** The sum of the same kind of the first bytes of a file. */
    Checksum of(FileChannel file, long bytes) throws IOException {
        MessageDigest digest = digest(isSha256() ? "SHA-256" : "SHA-1");
        if (!isSha256()) {
            digest.update("blob %d\0".formatted(bytes).getBytes(StandardCharsets.US_ASCII));
        }
        ByteBuffer chunk = ByteBuffer.allocateDirect((int) Math.min(CHUNK, Math.max(1, bytes)));
        for (long at = 0; at < bytes; at += chunk.limit()) {
            chunk.clear().limit((int) Math.min(chunk.capacity(), bytes - at));
            if (file.read(chunk, at) <= 0) {
                break; // shorter than it says, so the sum will differ
            }
            digest.update(chunk.flip());
        }
        return new Checksum(HexFormat.of().formatHex(digest.digest()));
    }

    private static MessageDigest digest(String algorithm) {
        try {
            return MessageDigest.getInstance(algorithm);
        } catch (NoSuchAlgorithmException impossible) {
            throw new AssertionError("every Java platform has " + algorithm, impossible);
        }
    }

    @Override
    public String toString() {
        return hex;
    }
}
