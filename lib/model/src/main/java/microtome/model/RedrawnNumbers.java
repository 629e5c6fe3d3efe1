package microtome.model;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.SplittableRandom;
import java.util.function.UnaryOperator;
import microtome.model.format.StoredTensor;
import microtome.model.format.StoredType;
import microtome.tensor.DType;
import microtome.tensor.Engine;
import microtome.tensor.Tensor;

/**
 * Numbers of a tensor drawn anew: F32 of the same shape, from a normal distribution with the mean and standard deviation of
 * those in the file
 * that are finite. What is drawn depends on the seed and the name of the tensor alone, and not on the order of the calls.
 */
final class RedrawnNumbers implements UnaryOperator<StoredTensor> {
    private final Engine engine;
    private final long seed;
    private StoredTensor latest;

    RedrawnNumbers(Engine engine, long seed) {
        this.engine = engine;
        this.seed = seed;
    }

    /** The latest one is kept, because the parts of a fused projection are asked for one after another. */
    @Override
    public synchronized StoredTensor apply(StoredTensor stored) {
        if (latest == null || !latest.name().equals(stored.name())) {
            latest = new StoredTensor(stored.name(), StoredType.F32, stored.shape(), drawn(stored));
        }
        return latest;
    }

    private MemorySegment drawn(StoredTensor stored) {
        float[] numbers = numbers(stored);
        double[] moments = moments(numbers);
        var random = new SplittableRandom(seed ^ (long) stored.name().hashCode() << Integer.SIZE);
        MemorySegment drawn = Arena.ofAuto().allocate((long) numbers.length * Float.BYTES, 64);
        for (int i = 0; i < numbers.length; i++) {
            drawn.setAtIndex(ValueLayout.JAVA_FLOAT, i, (float) (moments[0] + moments[1] * random.nextGaussian()));
        }
        return drawn;
    }

    /** Mean and standard deviation of the numbers that are finite. */
    private static double[] moments(float[] numbers) {
        double sum = 0;
        long count = 0;
        for (float number : numbers) {
            if (Float.isFinite(number)) {
                sum += number;
                count++;
            }
        }
        double mean = count == 0 ? 0 : sum / count;
        double squares = 0;
        for (float number : numbers) {
            squares += Float.isFinite(number) ? (number - mean) * (number - mean) : 0;
        }
        return new double[] {mean, Math.sqrt(squares / Math.max(1, count))};
    }

    private float[] numbers(StoredTensor stored) {
        try (Tensor mapped = engine.wrap(stored.bytes(), stored.type());
                Tensor floats = mapped.cast(DType.F32)) {
            return floats.toFloats();
        } finally {
            stored.unload();
        }
    }
}
