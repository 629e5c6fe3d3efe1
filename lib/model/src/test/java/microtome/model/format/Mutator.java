package microtome.model.format;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;

/**
 * Damages files the way that finds faults in readers: flipped bits, cuts, repeated and missing parts, lengths and counts
 * at their extremes, numbers in text replaced, words of the format where they do not belong. The same seed gives the
 * same damage.
 */
public final class Mutator {
    private static final List<String> NUMBERS = List.of(
            "0",
            "1",
            "-1",
            "3",
            "7",
            "8",
            "255",
            "65536",
            "2147483647",
            "2147483648",
            "4294967296",
            "4611686018427387904",
            "9223372036854775807",
            "9223372036854775808",
            "18446744073709551616",
            "1e400",
            "0.5");
    private static final long[] EXTREMES = {
        0,
        1,
        2,
        8,
        32,
        0x7f,
        0xff,
        0x7fff,
        0xffff,
        0x10000,
        Integer.MAX_VALUE,
        1L << 31,
        0xffffffffL,
        1L << 32,
        1L << 40,
        1L << 61,
        0x2000000000000001L,
        Long.MAX_VALUE - 31,
        Long.MAX_VALUE,
        Long.MIN_VALUE,
        -32,
        -2,
        -1
    };

    private final SplittableRandom random;
    private final List<String> words;

    /** The damage of one seed; {@code words} are what the format is made of. */
    public Mutator(long seed, List<String> words) {
        this.random = new SplittableRandom(seed);
        this.words = words;
    }

    /** One of these. */
    public <T> T one(List<T> choices) {
        return choices.get(random.nextInt(choices.size()));
    }

    /** True once in so many times. */
    public boolean once(int in) {
        return random.nextInt(in) == 0;
    }

    /** One of these files with one change, or with each further one half as often. */
    public byte[] damaged(List<byte[]> files) {
        byte[] content = one(files).clone();
        do {
            content = changed(content, files);
        } while (once(2));
        return content;
    }

    private byte[] changed(byte[] content, List<byte[]> files) {
        if (content.length == 0) {
            return one(files).clone();
        }
        return switch (random.nextInt(12)) {
            case 0, 1 -> flipped(content);
            case 2 -> with(content, place(content), (byte) random.nextInt());
            case 3, 4, 5 -> withNumber(content);
            case 6 -> Arrays.copyOf(content, random.nextInt(content.length + 8));
            case 7 -> without(content);
            case 8 -> withPartOf(content, content);
            case 9 -> withPartOf(content, one(files));
            case 10 -> withTextNumber(content);
            default -> spliced(content, place(content), 0, one(words).getBytes(StandardCharsets.UTF_8));
        };
    }

    private int place(byte[] content) {
        return random.nextInt(content.length);
    }

    private byte[] flipped(byte[] content) {
        int place = place(content);
        return with(content, place, (byte) (content[place] ^ 1 << random.nextInt(Byte.SIZE)));
    }

    private static byte[] with(byte[] content, int place, byte value) {
        content[place] = value;
        return content;
    }

    /** A little-endian number of 1 to 8 bytes at an extreme, or a little more or less than it was. */
    private byte[] withNumber(byte[] content) {
        int width = 1 << random.nextInt(4);
        if (content.length < width) {
            return content;
        }
        ByteBuffer number = ByteBuffer.allocate(Long.BYTES).order(ByteOrder.LITTLE_ENDIAN);
        int place = random.nextInt(content.length - width + 1);
        number.put(0, content, place, width);
        long old = number.getLong(0);
        long value = once(3) ? old + random.nextInt(-2, 3) : EXTREMES[random.nextInt(EXTREMES.length)];
        number.putLong(0, once(8) ? content.length - random.nextInt(-2, 40) : value);
        number.get(0, content, place, width);
        return content;
    }

    private byte[] without(byte[] content) {
        int from = place(content);
        return spliced(content, from, Math.min(content.length - from, 1 + random.nextInt(40)), new byte[0]);
    }

    /** Part of a file in another place: instead of what is there, or between. */
    private byte[] withPartOf(byte[] content, byte[] source) {
        int from = random.nextInt(source.length);
        byte[] part = Arrays.copyOfRange(source, from, Math.min(source.length, from + 1 + random.nextInt(80)));
        int place = once(2) && source == content ? Math.min(content.length, from + part.length) : place(content);
        int replaced = once(2) ? Math.min(part.length, content.length - place) : 0;
        return spliced(content, place, replaced, part);
    }

    /** A number that is written in digits replaced by another. */
    private byte[] withTextNumber(byte[] content) {
        int start = place(content);
        while (start < content.length && !isDigit(content[start])) {
            start++;
        }
        int end = start;
        while (end < content.length && isDigit(content[end])) {
            end++;
        }
        return start == end
                ? content
                : spliced(content, start, end - start, one(NUMBERS).getBytes(StandardCharsets.US_ASCII));
    }

    private static boolean isDigit(byte symbol) {
        return symbol >= '0' && symbol <= '9';
    }

    static byte[] spliced(byte[] content, int place, int removed, byte[] added) {
        ByteArrayOutputStream whole = new ByteArrayOutputStream(content.length + added.length);
        whole.write(content, 0, place);
        whole.writeBytes(added);
        whole.write(content, place + removed, content.length - place - removed);
        return whole.toByteArray();
    }
}
