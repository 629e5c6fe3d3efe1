package microtome.model.config;

/**
 * Rotary position embedding in the "rotate half" form: frequency {@code j} turns elements {@code j} and
 * {@code j + rotatedWidth / 2} of a head by {@code position * base^(-2j / rotatedWidth)}, after scaling.
 *
 * @param base the base of the frequencies (theta)
 * @param rotatedWidth elements of a head that turn, even; those behind them stay
 * @param scaling how the frequencies were stretched
 * @see <a href="https://arxiv.org/abs/2104.09864">Su et al. 2021</a>
 */
public record RotaryEmbedding(double base, int rotatedWidth, RotaryScaling scaling) {
    public RotaryEmbedding {
        if (rotatedWidth <= 0 || rotatedWidth % 2 != 0) {
            throw new IllegalArgumentException(
                    "rotary embedding: the width that is rotated is %d, it must be even".formatted(rotatedWidth));
        }
        if (!(base > 0)) {
            throw new IllegalArgumentException("rotary embedding: base %s must be positive".formatted(base));
        }
        switch (scaling) {
            case RotaryScaling.Divisors divisors -> requireOnePerPair(divisors, rotatedWidth);
            case RotaryScaling.ByLength(int _, var shorter, var longer) -> {
                requireOnePerPair(shorter, rotatedWidth);
                requireOnePerPair(longer, rotatedWidth);
            }
            case RotaryScaling.Dynamic _ -> requireMoreThanOnePair(rotatedWidth);
            case RotaryScaling.None _, RotaryScaling.Linear _, RotaryScaling.Llama3 _, RotaryScaling.Yarn _ -> {}
        }
    }

    /** The rotation of sequences of this length, where that matters: stretched no more than they need. */
    public RotaryEmbedding forLength(int positions) {
        return switch (scaling) {
            case RotaryScaling.ByLength(int original, var shorter, var longer) ->
                new RotaryEmbedding(base, rotatedWidth, positions > original ? longer : shorter);
            case RotaryScaling.Dynamic dynamic ->
                new RotaryEmbedding(
                        dynamic.base(base, rotatedWidth, positions), rotatedWidth, new RotaryScaling.None());
            case RotaryScaling.None _,
                    RotaryScaling.Linear _,
                    RotaryScaling.Llama3 _,
                    RotaryScaling.Yarn _,
                    RotaryScaling.Divisors _ -> this;
        };
    }

    /** Radians per position of each pair, {@code [rotatedWidth / 2]}, rounded to F32 where the reference rounds. */
    public float[] inverseFrequencies() {
        var frequencies = new float[rotatedWidth / 2];
        for (int j = 0; j < frequencies.length; j++) {
            float exponent = 2f * j / rotatedWidth;
            float unscaled = 1f / (float) Math.pow(base, exponent);
            frequencies[j] = (float) (unscaled / scaling.divisor(this, unscaled, j));
        }
        return frequencies;
    }

    /** Cosines and sines of positions {@code 0..positions-1}, each {@code [positions, rotatedWidth / 2]}, times the amplitude. */
    public Angles angles(int positions) {
        float[] frequencies = inverseFrequencies();
        float amplitude = (float) scaling.amplitude();
        var cosines = new float[positions * frequencies.length];
        var sines = new float[cosines.length];
        for (int position = 0; position < positions; position++) {
            for (int j = 0; j < frequencies.length; j++) {
                float angle = position * frequencies[j]; // the reference multiplies in F32 too
                cosines[position * frequencies.length + j] = (float) Math.cos(angle) * amplitude;
                sines[position * frequencies.length + j] = (float) Math.sin(angle) * amplitude;
            }
        }
        return new Angles(positions, cosines, sines);
    }

    /** Cosines and sines, row-major {@code [positions, rotatedWidth / 2]}. */
    public record Angles(int positions, float[] cosines, float[] sines) {}

    private static void requireOnePerPair(RotaryScaling.Divisors divisors, int rotatedWidth) {
        int count = divisors.values().size();
        if (count != rotatedWidth / 2) {
            throw new IllegalArgumentException(
                    "rotary embedding: %d factors of frequencies, but %d elements of a head turn; give %d"
                            .formatted(count, rotatedWidth, rotatedWidth / 2));
        }
    }

    private static void requireMoreThanOnePair(int rotatedWidth) {
        if (rotatedWidth < 4) {
            throw new IllegalArgumentException(
                    "rotary embedding: a base that grows with the length needs at least 4 elements that turn, there are %d"
                            .formatted(rotatedWidth));
        }
    }
}
