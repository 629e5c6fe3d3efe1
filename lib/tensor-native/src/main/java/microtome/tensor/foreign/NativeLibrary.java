package microtome.tensor.foreign;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.SymbolLookup;
import java.lang.invoke.MethodHandle;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * The one native library of this process, or the reason why there is none. The only class that links native code: it needs
 * {@code --enable-native-access=ALL-UNNAMED} to do so without a warning.
 */
final class NativeLibrary {
    /** Short spinning of idle OpenMP threads: without it one busy neighbour makes products eight times slower. */
    private static final String SPIN_COUNT = "1000";

    private final SymbolLookup symbols;
    private final String place;

    private NativeLibrary(SymbolLookup symbols, String place) {
        this.symbols = symbols;
        this.place = place;
    }

    /** Loads the library on first use. */
    private static final class Holder {
        private static final NativeLibrary LOADED = load(LibraryFolders.ofThisProcess());
    }

    static NativeLibrary instance() {
        return Holder.LOADED;
    }

    static NativeLibrary load(LibraryFolders folders) {
        var failures = new ArrayList<String>();
        setEnvironmentDefault("GOMP_SPINCOUNT", SPIN_COUNT);
        for (var folder : folders.candidates(failures)) {
            try {
                var found = open(folder);
                folders.opened(folder);
                return found;
            } catch (IllegalArgumentException | IllegalStateException failure) {
                failures.add("%s: %s".formatted(folder, failure.getMessage()));
            }
        }
        return new NativeLibrary(null, reason(failures));
    }

    private static String reason(List<String> failures) {
        return "no native library (%s); build native/ with CMake and start Java with -Dmicrotome.native=FOLDER, "
                        .formatted(String.join("; ", failures))
                + "or set MICROTOME_NATIVE=FOLDER";
    }

    @SuppressWarnings("restricted")
    private static NativeLibrary open(Path folder) {
        var file = folder.resolve(LibraryFolders.LIBRARY);
        var symbols = SymbolLookup.libraryLookup(file, Arena.global());
        var library = new NativeLibrary(symbols, folder.toString());
        int version = library.abiVersion();
        if (version != Signatures.ABI_VERSION) {
            throw new IllegalStateException(
                    "its interface has version %d, this class path needs %d; build both from one source"
                            .formatted(version, Signatures.ABI_VERSION));
        }
        return library;
    }

    private int abiVersion() {
        var handle = link("mt_abi_version");
        try {
            return (int) handle.invokeExact();
        } catch (Throwable unexpected) {
            throw new AssertionError("mt_abi_version must not throw into Java", unexpected);
        }
    }

    boolean isLoaded() {
        return symbols != null;
    }

    /** The folder it was loaded from, or why there is none and what to do. */
    String place() {
        return place;
    }

    /** A handle of a C function; options as for {@link Linker#downcallHandle}. */
    @SuppressWarnings("restricted")
    MethodHandle link(String function, Linker.Option... options) {
        var address = symbols.find(function)
                .orElseThrow(
                        () -> new IllegalStateException("it has no function %s; build it again".formatted(function)));
        return Linker.nativeLinker().downcallHandle(address, Signatures.of(function), options);
    }

    /** Sets an environment variable for native code that is loaded later, unless the user has set it. */
    @SuppressWarnings("restricted")
    private static void setEnvironmentDefault(String name, String value) {
        var linker = Linker.nativeLinker();
        var function = linker.defaultLookup().find("setenv");
        if (function.isEmpty()) {
            return; // Windows has no setenv, and no libgomp to read it.
        }
        var setenv = linker.downcallHandle(function.get(), FunctionDescriptor.of(JAVA_INT, ADDRESS, ADDRESS, JAVA_INT));
        try (var arena = Arena.ofConfined()) {
            int _ = (int) setenv.invokeExact(arena.allocateFrom(name), arena.allocateFrom(value), 0);
        } catch (Throwable unexpected) {
            throw new AssertionError("setenv must not throw into Java", unexpected);
        }
    }
}
