package microtome.model.store.hub;

import java.net.URI;
import java.nio.file.Path;
import java.util.Optional;

/** A process that loads {@code hf:org/name} and prints where its weights are: arguments endpoint and cache. */
final class HubLoader {
    private HubLoader() {}

    static ProcessBuilder process(String endpoint, Path cache) {
        return new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-cp",
                        System.getProperty("java.class.path"),
                        HubLoader.class.getName(),
                        endpoint,
                        cache.toString())
                .redirectError(ProcessBuilder.Redirect.INHERIT);
    }

    public static void main(String[] arguments) {
        var settings = new HubSettings(URI.create(arguments[0]), Path.of(arguments[1]), Optional.empty(), false, true);
        System.out.println(new Hub(settings, HubFixture.FAST, Disk.REAL)
                .resolve(HubFixture.NAME)
                .weights());
    }
}
