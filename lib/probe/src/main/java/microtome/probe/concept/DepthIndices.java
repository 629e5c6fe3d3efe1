package microtome.probe.concept;

/**
 * Where along the layers a concept becomes readable, as indices of layers. With accuracies {@code a[i]} and
 * {@code b[i] = a[i] / a[i - 1]}; {@link #NONE} where no layer qualifies.
 *
 * @param last the last layer, by which {@link #share} divides
 * @param jump the first layer with {@code b >= 1.1}
 * @param convergingAsWritten the last layer with {@code |b - 1| < 0.03}, as the paper writes it; which is the last layer of all
 *     whenever the last step is flat
 * @param converging the first layer from which on all {@code |b - 1| < 0.03}
 * @param depth50 the first layer at least halfway from the majority rate to the best accuracy
 * @param peak the first layer with the best accuracy
 * @see <a href="https://arxiv.org/abs/2404.07066">Jin et al. 2024</a>
 */
public record DepthIndices(int last, int jump, int convergingAsWritten, int converging, int depth50, int peak) {
    /** No layer qualifies. */
    public static final int NONE = -1;

    private static final double JUMP = 1.1;
    private static final double FLAT = 0.03;

    /**
     * The indices of a curve.
     *
     * @param accuracies layer by layer; NaN qualifies for nothing
     * @param first the index of the first of these layers: 0 for the embedding, 1 for the first block
     * @param majority how often the most frequent class is right
     */
    public static DepthIndices of(double[] accuracies, int first, double majority) {
        int jump = NONE;
        int asWritten = NONE;
        int converging = NONE;
        for (int i = 1; i < accuracies.length; i++) {
            double ratio = accuracies[i] / accuracies[i - 1];
            boolean isFlat = Math.abs(ratio - 1) < FLAT;
            jump = jump == NONE && ratio >= JUMP ? first + i : jump;
            asWritten = isFlat ? first + i : asWritten;
            converging = !isFlat ? NONE : converging == NONE ? first + i : converging;
        }
        int peak = peak(accuracies);
        double most = peak == NONE ? Double.NaN : accuracies[peak];
        int half = NONE;
        for (int i = accuracies.length - 1; i >= 0; i--) {
            half = most > majority && accuracies[i] >= majority + (most - majority) / 2 ? first + i : half;
        }
        return new DepthIndices(
                first + accuracies.length - 1, jump, asWritten, converging, half, peak == NONE ? NONE : first + peak);
    }

    private static int peak(double[] accuracies) {
        int peak = NONE;
        for (int i = 0; i < accuracies.length; i++) {
            boolean isBest = peak == NONE ? !Double.isNaN(accuracies[i]) : accuracies[i] > accuracies[peak];
            peak = isBest ? i : peak;
        }
        return peak;
    }

    /** An index as a share of the depth, such as {@code 3/30 = 0.10}; {@code none} for {@link #NONE}. */
    public String share(int index) {
        return index == NONE ? "none" : "%d/%d = %.2f".formatted(index, last, (double) index / last);
    }

    /** Jump and converging points in one line, the latter in both readings. */
    String words() {
        return "jump %s, converging %s (as the paper writes it: %s)"
                .formatted(place(jump), place(converging), place(convergingAsWritten));
    }

    /** Jump and converging point, as a picture marks them. */
    String marked() {
        return "jump %s, converging %s".formatted(place(jump), place(converging));
    }

    private String place(int index) {
        return index == NONE ? "none" : "%d/%d".formatted(index, last);
    }
}
