package microtome.probe.data;

/** How an integral from 0 to 1 becomes a weighted sum. */
public enum Quadrature {
    /** Equal weights at the middles of equal steps: {@code (i + 1/2) / n}. */
    MIDPOINT,
    /** Equal weights at the beginnings of equal steps: {@code i / n}. */
    LEFT,
    /** Equal weights at the ends of equal steps: {@code (i + 1) / n}. */
    RIGHT,
    /** Both ends of equal steps, the outermost at half weight: {@code n + 1} points. */
    TRAPEZOID,
    /** Exact for polynomials up to degree {@code 2 n - 1}. */
    GAUSS_LEGENDRE;

    private static final double CONVERGED = 1e-15;
    private static final int MOST_ITERATIONS = 100;

    /** Places and weights of a sum; the weights sum to 1. */
    record Points(double[] places, double[] weights) {
        int count() {
            return places.length;
        }
    }

    Points points(int steps) {
        return switch (this) {
            case MIDPOINT -> equal(steps, 0.5);
            case LEFT -> equal(steps, 0);
            case RIGHT -> equal(steps, 1);
            case TRAPEZOID -> trapezoid(steps);
            case GAUSS_LEGENDRE -> gaussLegendre(steps);
        };
    }

    private static Points equal(int steps, double offset) {
        var places = new double[steps];
        var weights = new double[steps];
        for (int i = 0; i < steps; i++) {
            places[i] = (i + offset) / steps;
            weights[i] = 1.0 / steps;
        }
        return new Points(places, weights);
    }

    private static Points trapezoid(int steps) {
        var places = new double[steps + 1];
        var weights = new double[steps + 1];
        for (int i = 0; i <= steps; i++) {
            places[i] = (double) i / steps;
            weights[i] = (i == 0 || i == steps ? 0.5 : 1.0) / steps;
        }
        return new Points(places, weights);
    }

    /** Roots of the Legendre polynomial by Newton's method, from Tricomi's first guess; brought from -1..1 to 0..1. */
    private static Points gaussLegendre(int steps) {
        var places = new double[steps];
        var weights = new double[steps];
        for (int i = 0; i < steps; i++) {
            double x = Math.cos(Math.PI * (i + 0.75) / (steps + 0.5));
            double change = 1;
            for (int k = 0; k < MOST_ITERATIONS && Math.abs(change) > CONVERGED; k++) {
                double[] at = legendre(steps, x);
                change = at[0] / at[1];
                x -= change;
            }
            double slope = legendre(steps, x)[1];
            places[steps - 1 - i] = (1 + x) / 2;
            weights[steps - 1 - i] = 1 / ((1 - x * x) * slope * slope);
        }
        return new Points(places, weights);
    }

    /** Value and slope of the Legendre polynomial of a degree of at least 1, inside -1..1. */
    private static double[] legendre(int degree, double x) {
        double before = 1;
        double value = x;
        for (int k = 2; k <= degree; k++) {
            double next = ((2 * k - 1) * x * value - (k - 1) * before) / k;
            before = value;
            value = next;
        }
        return new double[] {value, degree * (x * value - before) / (x * x - 1)};
    }
}
