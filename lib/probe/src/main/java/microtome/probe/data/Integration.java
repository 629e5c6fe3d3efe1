package microtome.probe.data;

/**
 * How a gradient is averaged along a straight path, from the baseline at 0 to the input at 1.
 *
 * @param quadrature the rule
 * @param steps how many; each costs a pass forwards and one backwards, several of them at a time
 */
public record Integration(Quadrature quadrature, int steps) {
    /** 50 midpoints. */
    public static final Integration DEFAULT = new Integration(Quadrature.MIDPOINT, 50);

    /** Checks the number of steps. */
    public Integration {
        if (steps < 1) {
            throw new IllegalArgumentException(
                    "integration with %d steps: give at least 1; %d is usual".formatted(steps, 50));
        }
    }

    /** Midpoints of this many equal steps. */
    public static Integration midpoint(int steps) {
        return new Integration(Quadrature.MIDPOINT, steps);
    }

    /** Gauss–Legendre quadrature with this many points. */
    public static Integration gaussLegendre(int steps) {
        return new Integration(Quadrature.GAUSS_LEGENDRE, steps);
    }

    Quadrature.Points points() {
        return quadrature.points(steps);
    }

    @Override
    public String toString() {
        return "%s, %d steps"
                .formatted(quadrature.name().toLowerCase(java.util.Locale.ROOT).replace('_', '-'), steps);
    }
}
