package microtome.model;

import microtome.tensor.Availability;
import microtome.tensor.Engine;
import org.junit.jupiter.api.Assumptions;

/** Skips a test, with the reason, where its backend is missing. */
final class Backends {
    private Backends() {}

    static void assume(String name) {
        Availability found = Engine.availability().stream()
                .filter(availability -> availability.backend().equals(name))
                .findFirst()
                .orElseThrow();
        Assumptions.assumeTrue(found.available(), () -> "backend " + name + " is missing: " + found.reason());
    }
}
