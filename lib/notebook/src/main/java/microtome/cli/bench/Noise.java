package microtome.cli.bench;

/** Inputs that both sides of a benchmark compute for themselves; {@code environment/peers/operations.py} has the twin. */
final class Noise {
    private static final int STEP = 0x9E3779B9;

    private Noise() {}

    /** Numbers in [-1, 1) with 23 bits, a hash of their place, times a factor. */
    static float[] of(int seed, float factor, long count) {
        var numbers = new float[Math.toIntExact(count)];
        for (int place = 0; place < numbers.length; place++) {
            int x = place + seed * STEP;
            x = (x ^ (x >>> 16)) * 0x7FEB352D;
            x = (x ^ (x >>> 15)) * 0x846CA68B;
            x = x ^ (x >>> 16);
            numbers[place] = ((x >>> 9) / 4194304f - 1) * factor;
        }
        return numbers;
    }
}
