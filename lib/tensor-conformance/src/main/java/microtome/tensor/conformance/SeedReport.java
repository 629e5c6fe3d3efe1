package microtome.tensor.conformance;

import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.TestWatcher;

/** Says with which seed a failed test ran; {@code -Dmicrotome.seed=N} runs all with another. */
final class SeedReport implements TestWatcher {
    private static final String PROPERTY = "microtome.seed";
    private static final long DEFAULT = 20261124;

    static long seed() {
        return Long.getLong(PROPERTY, DEFAULT);
    }

    @Override
    public void testFailed(ExtensionContext context, Throwable cause) {
        System.err.printf("%s failed with -D%s=%d%n", context.getDisplayName(), PROPERTY, seed());
    }
}
