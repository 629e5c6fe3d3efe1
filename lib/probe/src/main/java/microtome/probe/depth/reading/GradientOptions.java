package microtome.probe.depth.reading;

import microtome.probe.data.Integration;
import microtome.probe.data.Quadrature;

/**
 * How gradients are integrated at the outputs of blocks.
 *
 * @param integration the rule and the steps to begin with
 * @param mostSteps where the sum misses the difference by more than 5 %, a depth is done again with twice as many steps, up to
 *     so many; early depths need more than late ones, whose way is nearly straight
 * @param moveFirst whether the first position goes from the mean to its value with the others, and counts in that mean.
 *     Attention is parked on it in many models: on the way the answer jumps, and sums over the way may not converge
 * @param every so many depths from one that is measured to the next; 1 for all. The last is always measured
 */
public record GradientOptions(Integration integration, int mostSteps, boolean moveFirst, int every) {
    /** 32 midpoints, up to 256 where they are needed; the first position stays, every depth. */
    public static final GradientOptions DEFAULT = new GradientOptions(Integration.midpoint(32), 256, false, 1);

    /**
     * 256 steps of the left Riemann sum, all positions move, every depth.
     *
     * @see <a href="https://arxiv.org/abs/2505.13898">Csordás, Manning and Potts 2025</a>
     */
    public static final GradientOptions PAPER =
            new GradientOptions(new Integration(Quadrature.LEFT, 256), 256, true, 1);

    /** Checks the step between depths. */
    public GradientOptions {
        if (every < 1) {
            throw new IllegalArgumentException("every %d depths: give 1 for all, 2 for every other".formatted(every));
        }
    }

    /** These options with another rule, whose steps are not doubled. */
    public GradientOptions integration(Integration other) {
        return new GradientOptions(other, other.steps(), moveFirst, every);
    }

    /** These options with steps doubled up to so many where the sum misses the difference. */
    public GradientOptions mostSteps(int most) {
        return new GradientOptions(integration, most, moveFirst, every);
    }

    /** These options with the first position moving like the others, or staying as it is. */
    public GradientOptions moveFirst(boolean moves) {
        return new GradientOptions(integration, mostSteps, moves, every);
    }

    /** These options for every so many depths. */
    public GradientOptions every(int depths) {
        return new GradientOptions(integration, mostSteps, moveFirst, depths);
    }

    @Override
    public String toString() {
        return "%s%s, %s, %s"
                .formatted(
                        integration,
                        mostSteps > integration.steps() ? ", doubled up to %d where needed".formatted(mostSteps) : "",
                        moveFirst ? "all positions move" : "the first position stays",
                        every == 1 ? "every depth" : "every %d depths".formatted(every));
    }
}
