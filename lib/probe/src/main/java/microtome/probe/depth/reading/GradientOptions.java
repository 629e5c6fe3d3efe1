package microtome.probe.depth.reading;

import microtome.probe.data.Integration;
import microtome.probe.data.Quadrature;

/**
 * How gradients are integrated at the outputs of blocks.
 *
 * @param integration the rule and its steps
 * @param moveFirst whether the first position goes from the mean to its value with the others, and counts in that mean.
 *     Attention is parked on it in many models: on the way the answer jumps, and sums over the way may not converge
 * @param every so many depths are left between two that are measured; 1 for all. The last is always measured
 */
public record GradientOptions(Integration integration, boolean moveFirst, int every) {
    /** 32 points of Gauss–Legendre, the first position stays, every depth. */
    public static final GradientOptions DEFAULT = new GradientOptions(Integration.gaussLegendre(32), false, 1);

    /**
     * 256 steps of the left Riemann sum, all positions move, every depth.
     *
     * @see <a href="https://arxiv.org/abs/2505.13898">Csordás, Manning and Potts 2025</a>
     */
    public static final GradientOptions PAPER = new GradientOptions(new Integration(Quadrature.LEFT, 256), true, 1);

    /** Checks the step between depths. */
    public GradientOptions {
        if (every < 1) {
            throw new IllegalArgumentException("every %d depths: give 1 for all, 2 for every other".formatted(every));
        }
    }

    /** These options with another rule. */
    public GradientOptions integration(Integration other) {
        return new GradientOptions(other, moveFirst, every);
    }

    /** These options for every so many depths. */
    public GradientOptions every(int depths) {
        return new GradientOptions(integration, moveFirst, depths);
    }

    @Override
    public String toString() {
        return "%s, %s, %s"
                .formatted(
                        integration,
                        moveFirst ? "all positions move" : "the first position stays",
                        every == 1 ? "every depth" : "every %d depths".formatted(every));
    }
}
