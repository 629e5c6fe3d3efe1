package microtome.tensor.nd4j;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;

/**
 * How long idle OpenMP threads spin. By default they spin for milliseconds: with one busy neighbour an operation of 0.1 ms
 * then takes 30 ms. The OpenMP library reads the variable when it is loaded, and Java has no way to set one but this.
 */
final class SpinCount {
    private static final String VARIABLE = "GOMP_SPINCOUNT";
    private static final String SHORT = "1000";

    private SpinCount() {}

    /** Makes it short for libraries that are loaded later, unless the user has chosen. */
    @SuppressWarnings("restricted") // setenv of the C library
    static void shorten() {
        var linker = Linker.nativeLinker();
        var function = linker.defaultLookup().find("setenv");
        if (function.isEmpty()) {
            return; // Windows has no setenv, and no libgomp to read it.
        }
        var setenv = linker.downcallHandle(function.get(), FunctionDescriptor.of(JAVA_INT, ADDRESS, ADDRESS, JAVA_INT));
        try (var arena = Arena.ofConfined()) {
            int _ = (int) setenv.invokeExact(arena.allocateFrom(VARIABLE), arena.allocateFrom(SHORT), 0);
        } catch (Throwable unexpected) {
            throw new AssertionError("setenv must not throw into Java", unexpected);
        }
    }
}
