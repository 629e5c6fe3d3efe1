package microtome.model.edit;

import java.util.Arrays;

/**
 * A vector along the last axis of a value.
 *
 * @param numbers its elements, all finite
 */
public record Direction(float[] numbers) {
    /** Copies the numbers and checks that they are finite. */
    public Direction {
        numbers = numbers.clone();
        if (numbers.length == 0) {
            throw new IllegalArgumentException("direction: no numbers given");
        }
        for (int i = 0; i < numbers.length; i++) {
            if (!Float.isFinite(numbers[i])) {
                throw new IllegalArgumentException("direction: element %d is %s; all %d have to be finite"
                        .formatted(i, numbers[i], numbers.length));
            }
        }
    }

    /** The numbers, as a copy. */
    @Override
    public float[] numbers() {
        return numbers.clone();
    }

    /** Number of elements. */
    public int width() {
        return numbers.length;
    }

    /** The Euclidean length. */
    public double length() {
        double squares = 0;
        for (float number : numbers) {
            squares += (double) number * number;
        }
        return Math.sqrt(squares);
    }

    /** The same with length 1. */
    Direction unit() {
        double length = length();
        if (length == 0) {
            throw new IllegalArgumentException(
                    "direction: all %d elements are 0, so it points nowhere".formatted(width()));
        }
        var unit = new float[numbers.length];
        for (int i = 0; i < unit.length; i++) {
            unit[i] = (float) (numbers[i] / length);
        }
        return new Direction(unit);
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Direction(float[] theirs) && Arrays.equals(numbers, theirs);
    }

    @Override
    public int hashCode() {
        return Arrays.hashCode(numbers);
    }

    @Override
    public String toString() {
        return "a direction of %d elements, length %.4g".formatted(width(), length());
    }
}
