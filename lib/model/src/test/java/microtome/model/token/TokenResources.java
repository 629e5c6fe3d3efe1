package microtome.model.token;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.URISyntaxException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Objects;

/** The files of this package's tests. */
public final class TokenResources {
    private TokenResources() {}

    public static Path path(String name) {
        try {
            return Path.of(Objects.requireNonNull(TokenResources.class.getResource(name), name)
                    .toURI());
        } catch (URISyntaxException impossible) {
            throw new AssertionError(impossible);
        }
    }

    public static String text(String name) {
        try (InputStream stream = TokenResources.class.getResourceAsStream(name)) {
            return new String(Objects.requireNonNull(stream, name).readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }

    public static JsonNode json(String name) {
        try {
            return new JsonMapper().readTree(text(name));
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }
}
