package microtome.tensor.foreign;

import java.io.IOException;
import java.net.URISyntaxException;
import java.net.URL;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * Where the native library may lie. A folder that the user names (property {@code microtome.native}, then environment
 * variable {@code MICROTOME_NATIVE}) is the only place when it is given; otherwise the files come out of the jar.
 */
final class LibraryFolders {
    static final String LIBRARY = System.mapLibraryName("microtome");
    static final String PROPERTY = "microtome.native";
    static final String VARIABLE = "MICROTOME_NATIVE";

    private final String property;
    private final String variable;
    private final ClassLoader resources;
    private final List<Path> caches;
    private final List<Path> temporary = new ArrayList<>();

    LibraryFolders(String property, String variable, ClassLoader resources, List<Path> caches) {
        this.property = property;
        this.variable = variable;
        this.resources = resources;
        this.caches = List.copyOf(caches);
    }

    static LibraryFolders ofThisProcess() {
        return new LibraryFolders(
                System.getProperty(PROPERTY),
                System.getenv(VARIABLE),
                LibraryFolders.class.getClassLoader(),
                List.of(cacheFolder()));
    }

    private static Path cacheFolder() {
        var cache = System.getenv("XDG_CACHE_HOME");
        var root =
                cache == null || cache.isEmpty() ? Path.of(System.getProperty("user.home"), ".cache") : Path.of(cache);
        return root.resolve("microtome").resolve("native");
    }

    /** Folders to try in turn, each with the library in it; what was looked for in vain is added to the failures. */
    Iterable<Path> candidates(List<String> failures) {
        if (property != null && !property.isEmpty()) {
            return named(property, "property " + PROPERTY, failures);
        }
        if (variable != null && !variable.isEmpty()) {
            return named(variable, "variable " + VARIABLE, failures);
        }
        var folder = "microtome/native/" + platform() + "/";
        var library = resources.getResource(folder + LIBRARY);
        if (library == null) {
            failures.add("%s is not on the class path; %s and %s are not set"
                    .formatted(folder + LIBRARY, PROPERTY, VARIABLE));
            return List.of();
        }
        return packaged(library, folder, failures);
    }

    private static List<Path> named(String folder, String origin, List<String> failures) {
        var path = Path.of(folder).toAbsolutePath();
        if (!Files.isRegularFile(path.resolve(LIBRARY))) {
            failures.add("%s names %s, which has no %s".formatted(origin, path, LIBRARY));
            return List.of();
        }
        return List.of(path);
    }

    /** Resources of a folder are used where they are; those of a jar are copied to a cache, or else to a temporary folder. */
    private Iterable<Path> packaged(URL library, String folder, List<String> failures) {
        if (library.getProtocol().equals("file")) {
            try {
                return List.of(Path.of(library.toURI()).getParent());
            } catch (URISyntaxException impossible) {
                throw new AssertionError(library.toString(), impossible);
            }
        }
        var bundle = new LibraryBundle(resources, folder);
        return () -> new Fallbacks(bundle, failures);
    }

    /** Removes a temporary copy once the system has mapped it. */
    void opened(Path folder) {
        if (temporary.remove(folder)) {
            LibraryBundle.delete(folder);
        }
    }

    /** Such as {@code linux-x86_64}. */
    static String platform() {
        var system = System.getProperty("os.name").toLowerCase(Locale.ROOT);
        var name = system.startsWith("mac") ? "macosx" : system.startsWith("windows") ? "windows" : system;
        var processor = System.getProperty("os.arch");
        return name + "-" + (processor.equals("amd64") ? "x86_64" : processor.equals("aarch64") ? "arm64" : processor);
    }

    /** Extracts into one place after another, each only when the one before could not be used (full, read only, noexec). */
    private final class Fallbacks implements java.util.Iterator<Path> {
        private final LibraryBundle bundle;
        private final List<String> failures;
        private int tried;
        private Path next;

        Fallbacks(LibraryBundle bundle, List<String> failures) {
            this.bundle = bundle;
            this.failures = failures;
        }

        @Override
        public boolean hasNext() {
            while (next == null && tried <= caches.size()) {
                try {
                    next = tried < caches.size() ? bundle.extractInto(caches.get(tried)) : temporaryCopy();
                } catch (IOException failure) {
                    failures.add("copying it out of the jar: " + failure);
                }
                tried++;
            }
            return next != null;
        }

        private Path temporaryCopy() throws IOException {
            var folder = bundle.extractInto(Files.createTempDirectory("microtome-native"));
            temporary.add(folder);
            return folder;
        }

        @Override
        public Path next() {
            if (!hasNext()) {
                throw new java.util.NoSuchElementException("no place is left to copy the native library to");
            }
            var found = next;
            next = null;
            return found;
        }
    }
}
