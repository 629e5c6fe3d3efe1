package microtome.tensor.conformance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.fail;

import java.util.Arrays;
import java.util.Random;
import microtome.tensor.Availability;
import microtome.tensor.DType;
import microtome.tensor.Engine;
import microtome.tensor.Tensor;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.TestInfo;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * What every test of a backend shares: an engine per test, random numbers from a seed that a failure prints, and comparison
 * within a reasoned tolerance. A backend that is not available skips with its reason.
 */
@ExtendWith(SeedReport.class)
public abstract class BackendConformance {
    /** Sizes around vector widths and block sizes, where tails go wrong. */
    protected static final int[] AWKWARD = {1, 2, 3, 31, 33, 127, 257, 1021};

    private Engine engine;
    private Random random;

    /** For subclasses. */
    protected BackendConformance() {}

    /** The name of the backend under test. */
    protected abstract String backend();

    @BeforeEach
    final void openEngine(TestInfo test) {
        var availability = Engine.availability().stream()
                .filter(found -> found.backend().equals(backend()))
                .findFirst()
                .orElse(new Availability(backend(), false, "no provider of this name is on the class path"));
        Assumptions.assumeTrue(availability.available(), () -> "backend " + backend() + ": " + availability.reason());
        engine = Engine.open(backend());
        random = new Random(SeedReport.seed() + test.getDisplayName().hashCode());
    }

    @AfterEach
    final void closeEngine() {
        if (engine != null) {
            engine.close();
        }
    }

    /** The engine under test. */
    protected final Engine engine() {
        return engine;
    }

    /** Random numbers of this test. */
    protected final Random random() {
        return random;
    }

    /** Standard normal numbers of a type. */
    protected final Host normal(DType type, long... extents) {
        return Host.normal(random, type, extents);
    }

    /** Fails when a result differs from the exact one by more than the tolerance, or in being finite. */
    protected final void assertClose(Tensor actual, Expected expected, Tolerance tolerance) {
        var values = actual.toDoubles();
        assertThat(values).as("number of values").hasSameSizeAs(expected.values());
        assertThat(actual.dtype()).isEqualTo(tolerance.type());
        for (int i = 0; i < values.length; i++) {
            double wanted = expected.values()[i];
            double bound = tolerance.bound(wanted, expected.magnitudes()[i]);
            boolean same = Double.compare(values[i], wanted) == 0 || Math.abs(values[i] - wanted) <= bound;
            if (!same) {
                fail("element %d of %s is %s, expected %s ± %.3g", i, actual.type(), values[i], wanted, bound);
            }
        }
    }

    /** Fails unless every value is the nearest one that the type can hold. */
    protected final void assertExact(Tensor actual, double[] expected) {
        var rounded = Expected.map(expected, value -> Host.rounded(actual.dtype(), value));
        var values = actual.toDoubles();
        assertThat(values).as("number of values").hasSameSizeAs(rounded);
        int different = Arrays.mismatch(normalised(values), normalised(rounded));
        if (different >= 0) {
            fail(
                    "element %d of %s is %s, expected %s",
                    different, actual.type(), values[different], rounded[different]);
        }
    }

    /** Negative zero counts as zero. */
    private static double[] normalised(double[] values) {
        return Expected.map(values, value -> value == 0 ? 0 : value);
    }
}
