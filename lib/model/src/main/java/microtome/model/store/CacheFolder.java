package microtome.model.store;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Map;
import java.util.Properties;

/**
 * The folder for what can be made again, such as unpacked native libraries: {@code -Dmicrotome.cache}, else
 * {@code MICROTOME_CACHE}, else the usual cache folder of the system.
 */
public final class CacheFolder {
    private static final String PROPERTY = "microtome.cache";
    private static final String VARIABLE = "MICROTOME_CACHE";
    private static final String NAME = "microtome";

    private CacheFolder() {}

    /** The folder, which may not exist yet. */
    public static Path root() {
        return root(System.getProperties(), System.getenv());
    }

    static Path root(Properties properties, Map<String, String> environment) {
        String named = properties.getProperty(PROPERTY, environment.getOrDefault(VARIABLE, ""));
        if (!named.isBlank()) {
            return Path.of(named).toAbsolutePath();
        }
        boolean windows =
                properties.getProperty("os.name", "").toLowerCase(Locale.ROOT).startsWith("win");
        String usual = environment.getOrDefault(windows ? "LOCALAPPDATA" : "XDG_CACHE_HOME", "");
        Path base = usual.isBlank() ? Path.of(properties.getProperty("user.home"), ".cache") : Path.of(usual);
        return base.resolve(NAME);
    }

    /** A folder of this name inside it, made if need be; where none can be made, a fresh temporary one. */
    public static Path folder(String name) {
        try {
            return Files.createDirectories(root().resolve(name));
        } catch (IOException readOnlyHome) {
            return temporary(name, readOnlyHome);
        }
    }

    /** A new folder that nobody else can have prepared. */
    private static Path temporary(String name, IOException reason) {
        try {
            return Files.createTempDirectory(NAME + "-" + name);
        } catch (IOException failure) {
            failure.addSuppressed(reason);
            throw new UncheckedIOException(
                    "no folder to write to, neither %s nor a temporary one; set -D%s=<folder>"
                            .formatted(root(), PROPERTY),
                    failure);
        }
    }
}
