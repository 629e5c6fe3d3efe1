package microtome.model.store.hub;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * Where the hub is and where its models are kept, by the variables that Python's library reads too: {@code HF_ENDPOINT},
 * {@code HF_HUB_CACHE}, {@code HF_HOME}, {@code HF_TOKEN}, {@code HF_TOKEN_PATH}, {@code HF_HUB_OFFLINE}, {@code
 * HF_HUB_DISABLE_SYMLINKS}, and their older names.
 *
 * @param endpoint the address of the hub, without a slash at the end
 * @param cache the folder of all models
 * @param token who asks, for gated and private models
 * @param offline whether nothing may be asked of any network
 * @param symlinks whether the cache may use symbolic links
 */
public record HubSettings(URI endpoint, Path cache, Optional<String> token, boolean offline, boolean symlinks) {
    private static final String PUBLIC_HUB = "https://huggingface.co";
    private static final Set<String> YES = Set.of("1", "ON", "YES", "TRUE");
    private static final Pattern VARIABLE = Pattern.compile("\\$(?:\\{(\\w+)\\}|(\\w+))");

    /** Checks the address, and that the token can be sent; no message shows the token. */
    public HubSettings {
        if (token.isPresent() && !token.get().chars().allMatch(letter -> letter > ' ' && letter < 127)) {
            throw new IllegalArgumentException(
                    "HF_TOKEN (or the token file) holds spaces, line ends or letters that no token has; copy the token again");
        }
        if (!("https".equals(endpoint.getScheme()) || "http".equals(endpoint.getScheme()))
                || endpoint.getHost() == null) {
            throw new IllegalArgumentException(
                    "HF_ENDPOINT is '%s': give an address such as %s, or unset it".formatted(endpoint, PUBLIC_HUB));
        }
    }

    /** The settings of this process. */
    public static HubSettings standard() {
        return of(System.getenv(), Path.of(System.getProperty("user.home")));
    }

    static HubSettings of(Map<String, String> environment, Path home) {
        var variables = new Variables(environment, home);
        Path cacheHome = variables.path("XDG_CACHE_HOME").orElse(home.resolve(".cache"));
        Path hubHome = variables.path("HF_HOME").orElse(cacheHome.resolve("huggingface"));
        Path cache = variables.path("HF_HUB_CACHE", "HUGGINGFACE_HUB_CACHE").orElse(hubHome.resolve("hub"));
        Path tokenFile = variables.path("HF_TOKEN_PATH").orElse(hubHome.resolve("token"));
        return new HubSettings(
                variables.endpoint(),
                cache.toAbsolutePath().normalize(),
                variables.token(tokenFile),
                variables.isYes("HF_HUB_OFFLINE") || variables.isYes("TRANSFORMERS_OFFLINE"),
                !variables.isYes("HF_HUB_DISABLE_SYMLINKS"));
    }

    /** Never shows the token. */
    @Override
    public String toString() {
        return "hub %s, cache %s, %s%s"
                .formatted(
                        endpoint, cache, token.isPresent() ? "with a token" : "no token", offline ? ", offline" : "");
    }

    private record Variables(Map<String, String> environment, Path home) {

        Optional<String> text(String... names) {
            return Stream.of(names)
                    .map(name -> environment.getOrDefault(name, "").strip())
                    .filter(value -> !value.isEmpty())
                    .findFirst();
        }

        boolean isYes(String name) {
            return text(name)
                    .map(value -> YES.contains(value.toUpperCase(Locale.ROOT)))
                    .orElse(false);
        }

        /** A path, with {@code ~} and {@code $NAME} replaced. */
        Optional<Path> path(String... names) {
            return text(names).map(this::expanded).map(Path::of);
        }

        private String expanded(String path) {
            String atHome = path.equals("~") || path.startsWith("~/") ? home + path.substring(1) : path;
            return VARIABLE.matcher(atHome).replaceAll(found -> {
                String name = found.group(1) == null ? found.group(2) : found.group(1);
                return Matcher.quoteReplacement(environment.getOrDefault(name, found.group()));
            });
        }

        URI endpoint() {
            String given = text("HF_ENDPOINT").orElse(PUBLIC_HUB).replaceAll("/+$", "");
            try {
                return URI.create(given);
            } catch (IllegalArgumentException malformed) {
                throw new IllegalArgumentException(
                        "HF_ENDPOINT is '%s': give an address such as %s, or unset it".formatted(given, PUBLIC_HUB),
                        malformed);
            }
        }

        Optional<String> token(Path file) {
            if (isYes("HF_HUB_DISABLE_IMPLICIT_TOKEN")) {
                return Optional.empty();
            }
            return text("HF_TOKEN", "HUGGING_FACE_HUB_TOKEN").or(() -> read(file));
        }

        private static Optional<String> read(Path file) {
            try {
                return Files.isRegularFile(file)
                        ? Optional.of(Files.readString(file).strip()).filter(token -> !token.isEmpty())
                        : Optional.empty();
            } catch (IOException unreadable) {
                return Optional.empty(); // public models need none, and for others the hub says so
            }
        }
    }
}
