package microtome.model;

import java.lang.foreign.ValueLayout;
import java.net.URISyntaxException;
import java.nio.file.Path;
import java.util.stream.IntStream;
import microtome.model.format.StoredTensor;
import microtome.model.format.WeightFile;
import microtome.model.format.WeightFormats;
import microtome.tensor.Shape;

/** Numbers written by another program, and the models they belong to. */
final class ReferenceData implements AutoCloseable {
    private final WeightFile file;

    private ReferenceData(WeightFile file) {
        this.file = file;
    }

    static ReferenceData open(String resource) {
        return new ReferenceData(WeightFormats.open(path(resource)));
    }

    static ReferenceData open(Path file) {
        return new ReferenceData(WeightFormats.open(file));
    }

    static Path path(String resource) {
        try {
            return Path.of(ReferenceData.class.getResource(resource).toURI());
        } catch (URISyntaxException impossible) {
            throw new AssertionError(impossible);
        }
    }

    /** The length of the difference over the length of the reference. */
    static double relativeError(float[] ours, float[] theirs) {
        double difference = 0;
        double norm = 0;
        for (int i = 0; i < theirs.length; i++) {
            difference += Math.pow(ours[i] - (double) theirs[i], 2);
            norm += Math.pow(theirs[i], 2);
        }
        return Math.sqrt(difference / norm);
    }

    Shape shape(String name) {
        return file.tensor(name).shape();
    }

    boolean has(String name) {
        return file.names().contains(name);
    }

    float[] floats(String name) {
        StoredTensor stored = file.tensor(name);
        int count = Math.toIntExact(stored.shape().elements());
        var values = new float[count];
        for (int i = 0; i < count; i++) {
            values[i] = number(stored, i);
        }
        return values;
    }

    private static float number(StoredTensor stored, int i) {
        return switch (stored.storedType()) {
            case F32 -> stored.bytes().get(ValueLayout.JAVA_FLOAT_UNALIGNED, 4L * i);
            case F16 -> Float.float16ToFloat(stored.bytes().get(ValueLayout.JAVA_SHORT_UNALIGNED, 2L * i));
            case BF16 -> Float.intBitsToFloat(stored.bytes().get(ValueLayout.JAVA_SHORT_UNALIGNED, 2L * i) << 16);
            default -> throw new AssertionError(stored + " is not read by tests");
        };
    }

    int[] ints(String name) {
        StoredTensor stored = file.tensor(name);
        int count = Math.toIntExact(stored.shape().elements());
        boolean wide = stored.bytes().byteSize() == 8L * count;
        return IntStream.range(0, count)
                .map(i -> wide
                        ? Math.toIntExact(stored.bytes().get(ValueLayout.JAVA_LONG_UNALIGNED, 8L * i))
                        : stored.bytes().get(ValueLayout.JAVA_INT_UNALIGNED, 4L * i))
                .toArray();
    }

    @Override
    public void close() {
        file.close();
    }
}
