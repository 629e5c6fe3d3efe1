package microtome.probe.concept.linear;

/**
 * A probe that logistic regression found.
 *
 * @param probe for features as they are
 * @param objective what was minimised, at the end
 * @param gradient its largest derivative at the end, divided by {@code strength · samples}
 * @param iterations steps that were taken
 * @param converged whether the gradient is below the tolerance
 */
public record LogisticFit(LinearProbe probe, double objective, double gradient, int iterations, boolean converged) {
    /** What a reader should know of the end of the search. */
    public String remark() {
        return "%s after %d iterations, gradient %.1e"
                .formatted(converged ? "converged" : "NOT converged", iterations, gradient);
    }
}
