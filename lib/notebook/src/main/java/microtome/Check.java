package microtome;

/** Assertions for notebooks: a cell that fails here tells what was expected and stops the notebook. */
public final class Check {
    private Check() {}

    /** Fails unless the claim holds. */
    public static void that(boolean holds, String claim) {
        if (!holds) {
            throw new AssertionError("does not hold: " + claim);
        }
    }

    /** Fails unless two numbers differ by at most the tolerance; NaN is close to nothing. */
    public static void close(double actual, double expected, double tolerance) {
        if (!(Math.abs(actual - expected) <= tolerance)) {
            throw new AssertionError("%s is not within %s of %s (differs by %s)"
                    .formatted(actual, tolerance, expected, Math.abs(actual - expected)));
        }
    }

    /** Fails unless two values are equal. */
    public static void equal(Object actual, Object expected) {
        if (!java.util.Objects.equals(actual, expected)) {
            throw new AssertionError("%s, expected %s".formatted(actual, expected));
        }
    }
}
