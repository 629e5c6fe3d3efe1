package microtome.model.store.hub;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class HubSettingsTest {
    @TempDir
    private Path home;

    private HubSettings settings(Map<String, String> environment) {
        return HubSettings.of(environment, home);
    }

    @Test
    void theCacheIsWherePythonHasIt() {
        assertThat(settings(Map.of()).cache()).isEqualTo(home.resolve(".cache/huggingface/hub"));
        assertThat(settings(Map.of("XDG_CACHE_HOME", "/x")).cache()).isEqualTo(Path.of("/x/huggingface/hub"));
        var hubHome = Map.of("XDG_CACHE_HOME", "/x", "HF_HOME", "/h");
        assertThat(settings(hubHome).cache()).isEqualTo(Path.of("/h/hub"));
        assertThat(settings(Map.of("HF_HOME", "/h", "HUGGINGFACE_HUB_CACHE", "/old"))
                        .cache())
                .isEqualTo(Path.of("/old"));
        assertThat(settings(Map.of("HF_HUB_CACHE", "/c", "HUGGINGFACE_HUB_CACHE", "/old"))
                        .cache())
                .isEqualTo(Path.of("/c"));
        assertThat(settings(Map.of("HF_HUB_CACHE", "~/$A/${B}", "A", "a", "B", "b"))
                        .cache())
                .isEqualTo(home.resolve("a/b"));
    }

    @Test
    void theTokenComesFromTheVariableElseFromTheFile() throws IOException {
        assertThat(settings(Map.of()).token()).isEmpty();
        Path file = home.resolve(".cache/huggingface/token");
        Files.createDirectories(file.getParent());
        Files.writeString(file, "hf_file\n");
        assertThat(settings(Map.of()).token()).contains("hf_file");
        assertThat(settings(Map.of("HF_TOKEN", " hf_variable ")).token()).contains("hf_variable");
        assertThat(settings(Map.of("HF_HUB_DISABLE_IMPLICIT_TOKEN", "1")).token())
                .isEmpty();
        Path other = Files.writeString(home.resolve("other"), "hf_other");
        assertThat(settings(Map.of("HF_TOKEN_PATH", other.toString())).token()).contains("hf_other");
    }

    @Test
    void isNeverShownWithItsToken() {
        assertThat(settings(Map.of("HF_TOKEN", "hf_secret")))
                .asString()
                .contains("with a token")
                .doesNotContain("hf_secret");
    }

    @Test
    void aTokenThatCannotBeSentIsNotShownEither() {
        assertThatThrownBy(() -> settings(Map.of("HF_TOKEN", "hf_one\nhf_two")))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("HF_TOKEN (or the token file) holds spaces")
                .message()
                .doesNotContain("hf_one");
    }

    @Test
    void theAddressMayBeAnother() {
        assertThat(settings(Map.of()).endpoint()).isEqualTo(URI.create("https://huggingface.co"));
        assertThat(settings(Map.of("HF_ENDPOINT", "http://localhost:8080/hub//"))
                        .endpoint())
                .isEqualTo(URI.create("http://localhost:8080/hub"));
        for (String wrong : new String[] {"huggingface.co", "ftp://x.y", "not an address", "http:"}) {
            assertThatThrownBy(() -> settings(Map.of("HF_ENDPOINT", wrong)))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("HF_ENDPOINT is '" + wrong + "'")
                    .hasMessageContaining("https://huggingface.co");
        }
    }

    @Test
    void offlineAndLinksFollowTheirVariables() {
        assertThat(settings(Map.of()).offline()).isFalse();
        assertThat(settings(Map.of()).symlinks()).isTrue();
        for (String yes : new String[] {"1", "on", "Yes", "TRUE"}) {
            assertThat(settings(Map.of("HF_HUB_OFFLINE", yes)).offline()).isTrue();
        }
        assertThat(settings(Map.of("HF_HUB_OFFLINE", "0")).offline()).isFalse();
        assertThat(settings(Map.of("TRANSFORMERS_OFFLINE", "1")).offline()).isTrue();
        assertThat(settings(Map.of("HF_HUB_DISABLE_SYMLINKS", "1")).symlinks()).isFalse();
    }
}
