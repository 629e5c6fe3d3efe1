package microtome.model.corpus.document;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharsetDecoder;
import java.nio.charset.CoderResult;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

/** Lines of a UTF-8 file, ended by {@code \n} or {@code \r\n}; a byte that is not UTF-8 is named by its position. */
final class Utf8Lines implements AutoCloseable {
    private static final int STEP = 1 << 16;

    private final Path file;
    private final InputStream input;
    private final byte[] buffer = new byte[STEP];
    private int at;
    private int end;
    private long position;

    Utf8Lines(Path file) {
        this.file = file;
        try {
            this.input = Files.newInputStream(file);
        } catch (IOException unreadable) {
            throw cannotRead(file, unreadable);
        }
        fill();
        at = markLength(buffer, end);
        position = at;
        refill();
    }

    /** The next line, or null at the end of the file. */
    String next() {
        var line = new ByteArrayOutputStream();
        long start = position;
        while (at < end) {
            int from = at;
            while (at < end && buffer[at] != '\n') {
                at++;
            }
            line.write(buffer, from, at - from);
            if (at < end) {
                at++;
                position = start + line.size() + 1;
                refill();
                return text(line, start);
            }
            refill();
        }
        position = start + line.size();
        return line.size() == 0 ? null : text(line, start);
    }

    private void refill() {
        if (at == end) {
            fill();
        }
    }

    private String text(ByteArrayOutputStream line, long start) {
        byte[] bytes = line.toByteArray();
        int length = bytes.length > 0 && bytes[bytes.length - 1] == '\r' ? bytes.length - 1 : bytes.length;
        return decode(file, bytes, 0, length, start);
    }

    private void fill() {
        try {
            at = 0;
            end = Math.max(0, input.read(buffer));
        } catch (IOException unreadable) {
            throw cannotRead(file, unreadable);
        }
    }

    /**
     * The text of some bytes.
     *
     * @param position of the first of them in the file
     */
    static String decode(Path file, byte[] bytes, int from, int to, long position) {
        CharsetDecoder decoder = StandardCharsets.UTF_8.newDecoder();
        ByteBuffer given = ByteBuffer.wrap(bytes, from, to - from);
        CharBuffer text = CharBuffer.allocate(to - from);
        CoderResult result = decoder.decode(given, text, true);
        if (result.isError()) {
            throw new IllegalArgumentException(
                    "%s: byte %d (0x%02x) is not UTF-8; convert the file first, for example: iconv -f latin1 -t utf-8 %s"
                            .formatted(
                                    file,
                                    position + given.position() - from,
                                    bytes[given.position()],
                                    file.getFileName()));
        }
        return text.flip().toString();
    }

    /** Bytes of a byte order mark at the beginning, which is no part of the text. */
    static int markLength(byte[] bytes, int length) {
        boolean marked = length >= 3 && bytes[0] == (byte) 0xEF && bytes[1] == (byte) 0xBB && bytes[2] == (byte) 0xBF;
        return marked ? 3 : 0;
    }

    /** Lines of a file; bytes behind the last line break are one more. */
    static long count(Path file) {
        var bytes = new byte[STEP];
        long lines = 0;
        byte last = '\n';
        try (InputStream input = Files.newInputStream(file)) {
            for (int read = input.read(bytes); read > 0; read = input.read(bytes)) {
                for (int i = 0; i < read; i++) {
                    lines += bytes[i] == '\n' ? 1 : 0;
                }
                last = bytes[read - 1];
            }
        } catch (IOException unreadable) {
            throw cannotRead(file, unreadable);
        }
        return last == '\n' ? lines : lines + 1;
    }

    private static UncheckedIOException cannotRead(Path file, IOException why) {
        return new UncheckedIOException(file + ": cannot be read", why);
    }

    @Override
    public void close() {
        try {
            input.close();
        } catch (IOException ignored) {
            // A handle for reading holds nothing that closing could lose.
        }
    }
}
