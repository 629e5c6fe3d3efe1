package microtome.probe.concept.linear;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Iterator;
import microtome.display.Progress;
import microtome.probe.concept.linear.LogisticLoss.Point;
import microtome.probe.data.Vectors;

/**
 * Descends by L-BFGS that starts each step from the factored second derivatives of a place not far back. A factor is made anew
 * when some steps with it are done and the last one was slow; so a few factors and a few more gradients reach any tolerance.
 *
 * @see <a href="https://doi.org/10.1007/BF01589116">Liu and Nocedal 1989</a>
 */
final class QuasiNewton {
    private static final int PAIRS = 10;

    /** On 5,000 x 576 a factor costs as much as ten gradients: fewer factors and a few more steps are the least work. */
    private static final int LEAST_STEPS = 5;

    private static final double SLOW = 0.3;
    private static final double SUFFICIENT = 1e-4;
    private static final double SHORTEST = 1e-10;
    private static final double ROUNDING = 1e-12;

    private final LogisticLoss loss;
    private final Curvature curvature;
    private final double strength;
    private final Deque<Pair> pairs = new ArrayDeque<>();

    private Curvature.Inverse inverse;
    private int age;
    private int iterations;
    private Point point;

    private record Pair(double[] step, double[] change, double product) {}

    QuasiNewton(LogisticLoss loss, Curvature curvature, double strength) {
        this.loss = loss;
        this.curvature = curvature;
        this.strength = strength;
        this.point = loss.at(new double[loss.parameters()]);
    }

    /** Descends until no derivative is larger than {@code bound}; fewer steps than {@code most} mean that it arrived or is stuck. */
    Point descend(double bound, int most) {
        renew();
        while (size(point) > bound && iterations < most) {
            Progress.stopIfInterrupted("logistic regression");
            double before = size(point);
            if (!step()) {
                if (age == 0) {
                    break; // not even along the exact direction: the numbers end here
                }
                renew();
                continue;
            }
            iterations++;
            age++;
            if (age >= LEAST_STEPS && size(point) > SLOW * before && size(point) > bound) {
                renew();
            }
        }
        return point;
    }

    int iterations() {
        return iterations;
    }

    private static double size(Point point) {
        return Additions.largest(point.gradient());
    }

    /** For one vector the new factor knows all that the pairs know; for several it leaves out how they depend on each other. */
    private void renew() {
        if (loss.vectors() == 1) {
            pairs.clear();
        }
        inverse = curvature.inverse(point.curvature(), strength);
        age = 0;
    }

    /** Takes a step that lowers the objective enough; false if there is none. */
    private boolean step() {
        double[] direction = direction();
        double slope = Vectors.dot(direction, point.gradient());
        for (double length = 1; length > SHORTEST; length /= 2) {
            double[] step = Additions.times(length, direction);
            double[] parameters = step.clone();
            Additions.add(1, point.parameters(), parameters);
            Point next = loss.at(parameters);
            if (isEnough(next, length * slope)) {
                remember(step, Vectors.minus(next.gradient(), point.gradient()));
                point = next;
                return true;
            }
        }
        return false;
    }

    /** Near the optimum the objective no longer changes in double precision, while the gradient still does. */
    private boolean isEnough(Point next, double slope) {
        return next.value() <= point.value() + SUFFICIENT * slope
                || Math.abs(next.value() - point.value()) <= ROUNDING * Math.abs(point.value())
                        && size(next) < size(point);
    }

    private void remember(double[] step, double[] change) {
        double product = Vectors.dot(step, change);
        if (product > 0) {
            pairs.addLast(new Pair(step, change, product));
            if (pairs.size() > PAIRS) {
                pairs.removeFirst();
            }
        }
    }

    /** The two loops of L-BFGS around the factored second derivatives. */
    private double[] direction() {
        double[] direction = Additions.times(-1, point.gradient());
        var shares = new ArrayDeque<Double>();
        for (Iterator<Pair> back = pairs.descendingIterator(); back.hasNext(); ) {
            Pair pair = back.next();
            double share = Vectors.dot(pair.step, direction) / pair.product;
            shares.push(share);
            Additions.add(-share, pair.change, direction);
        }
        direction = solved(direction);
        for (Pair pair : pairs) {
            double share = shares.pop() - Vectors.dot(pair.change, direction) / pair.product;
            Additions.add(share, pair.step, direction);
        }
        return direction;
    }

    /** Every vector of parameters for itself. */
    private double[] solved(double[] right) {
        int each = right.length / loss.vectors();
        var all = new double[right.length];
        for (int from = 0; from < right.length; from += each) {
            var one = new double[each];
            System.arraycopy(right, from, one, 0, each);
            System.arraycopy(inverse.times(one), 0, all, from, each);
        }
        return all;
    }
}
