package microtome.model.store.hub;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class HostileHubTest extends HubFixture {
    private void listing(String json) {
        HubServer.Commit commit = server.commit("main", HubServer.model(10));
        server.on("/api/models/org/name/tree/" + commit.id(), (exchange, _) -> {
            byte[] page = HubServer.text(json);
            exchange.sendResponseHeaders(200, page.length);
            exchange.getResponseBody().write(page);
            return true;
        });
    }

    private void assertNothingWasWritten() throws IOException {
        try (Stream<Path> files = Files.walk(folder)) {
            assertThat(files.filter(Files::isRegularFile).map(Path::getFileName).map(Path::toString))
                    .allMatch(file -> file.equals("microtome.lock"));
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "../config.json",
                "a/../../config.json",
                "/etc/config.json",
                "..",
                "a//config.json",
                "",
                "./config.json",
                "..\\\\config.json",
                "a\\u0000b"
            })
    void namesThatLeadOutOfTheFolderAreRefused(String path) throws IOException {
        listing("[{\"type\":\"file\",\"path\":\"%s\",\"oid\":\"%s\",\"size\":2}]"
                .formatted(path, HubServer.sum("x", HubServer.text("{}"))));
        assertThatThrownBy(() -> hub().resolve(NAME))
                .isInstanceOf(HubProblem.class)
                .hasMessageContaining("leads out of the model's folder; nothing was written");
        assertNothingWasWritten();
    }

    @ParameterizedTest
    @ValueSource(strings = {"../../x", "", "abc", "ZZ13625030ba8dba906f756967f9e9ca394464a0"})
    void sumsThatAreNoneAreRefused(String sum) throws IOException {
        listing("[{\"type\":\"file\",\"path\":\"config.json\",\"oid\":\"%s\",\"size\":2}]".formatted(sum));
        assertThatThrownBy(() -> hub().resolve(NAME)).hasMessageContaining("which is no SHA-1 or SHA-256");
        assertNothingWasWritten();
    }

    @Test
    void aCommitThatIsNoneIsRefused() throws IOException {
        server.on("/api/models/org/name/revision/main", (exchange, _) -> {
            byte[] page = HubServer.text("{\"sha\":\"../../../x\"}");
            exchange.sendResponseHeaders(200, page.length);
            exchange.getResponseBody().write(page);
            return true;
        });
        assertThatThrownBy(() -> hub().resolve(NAME)).isInstanceOf(HubProblem.class);
        assertNothingWasWritten();
    }

    @Test
    void sizesBelowNothingAreRefused() {
        listing("[{\"type\":\"file\",\"path\":\"config.json\",\"oid\":\"%s\",\"size\":-5}]"
                .formatted(HubServer.sum("x", HubServer.text("{}"))));
        assertThatThrownBy(() -> hub().resolve(NAME)).hasMessageContaining("with -5 bytes");
    }

    @Test
    void aListingThatNeverEndsIsLeft() {
        HubServer.Commit commit = server.commit("main", HubServer.model(10));
        server.on("/api/models/org/name/tree/" + commit.id(), (exchange, _) -> {
            exchange.getResponseHeaders()
                    .add(
                            "Link",
                            "<%s>; rel=\"next\""
                                    .formatted(exchange.getRequestURI().toString()));
            exchange.sendResponseHeaders(200, 2);
            exchange.getResponseBody().write(HubServer.text("[]"));
            return true;
        });
        assertThatThrownBy(() -> hub().resolve(NAME)).isInstanceOf(HubProblem.class);
    }

    @Test
    void anIndexMayNameOnlyFilesOfItsRepository() throws IOException {
        Map<String, byte[]> files = HubServer.model(10);
        files.remove("model.safetensors");
        files.put(NeededFiles.INDEX, HubServer.text("{\"weight_map\":{\"x\":\"../../../../x.safetensors\"}}"));
        server.commit("main", files);
        assertThatThrownBy(() -> hub().resolve(NAME))
                .hasMessageContaining("names the file '../../../../x.safetensors', which the repository lacks");
    }

    @Test
    void aFileLongerThanListedIsRefused() {
        HubServer.Commit commit = server.commit("main", HubServer.model(10));
        server.on("store:model.safetensors", (exchange, _) -> {
            exchange.sendResponseHeaders(200, 1000);
            exchange.getResponseBody().write(new byte[1000]);
            return true;
        });
        assertThatThrownBy(() -> hub().resolve(NAME)).hasMessageContaining("is longer than the hub's list says");
        assertThat(snapshot(commit).resolve("model.safetensors")).doesNotExist();
    }
}
