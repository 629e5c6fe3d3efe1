package microtome.model.store.hub;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class ChangedFileTest extends HubFixture {
    @Test
    void aWrongSumDeletesThePartAndPutsNothingInPlace() {
        HubServer.Commit commit = main();
        String expected = HubServer.sum(WEIGHTS, commit.files().get(WEIGHTS));
        server.on(STORE, (exchange, content) -> {
            var damaged = content.clone();
            damaged[0] ^= 1;
            HubServer.sendOnly(exchange, damaged, PART);
            return true;
        });
        assertThatThrownBy(() -> hub().resolve(NAME))
                .isInstanceOf(HubProblem.class)
                .hasMessageStartingWith("model.safetensors: the download has SHA-256 ")
                .hasMessageContaining("the hub says " + expected + "; it was deleted");
        assertThat(partial(commit)).doesNotExist();
        assertThat(blobs().resolve(expected)).doesNotExist();
        assertThat(snapshot(commit).resolve(WEIGHTS)).doesNotExist();
        assertThat(cache.resolve("models--org--name/refs/main")).doesNotExist();
    }

    @Test
    void aWrongSumOfASmallFileIsGits() {
        main();
        server.on("hub:config.json", (exchange, content) -> {
            exchange.sendResponseHeaders(200, content.length);
            exchange.getResponseBody().write(new byte[content.length]);
            return true;
        });
        assertThatThrownBy(() -> hub().resolve(NAME))
                .hasMessageStartingWith("config.json: the download has git SHA-1 ");
    }

    @Test
    void aRevisionThatMovedMeanwhileStartsThatFileAgain() throws IOException {
        main();
        server.on(STORE, (_, _) -> {
            if (server.transfers(WEIGHTS).size() > 2) {
                throw new IOException("cut");
            }
            return false;
        });
        assertThatThrownBy(() -> hub().resolve(NAME)).isInstanceOf(HubProblem.class);
        HubServer.Commit moved = server.commit("main", HubServer.model(BYTES + 1));
        server.on(STORE, (_, _) -> false);
        server.requests().clear();
        HubModel model = hub().resolve(NAME);
        assertThat(model.commit()).isEqualTo(moved.id());
        assertThat(read(model.weights())).isEqualTo(moved.files().get(WEIGHTS));
        assertThat(bytesAsked()).isEqualTo(BYTES + 1);
        assertThat(server.requests()).noneMatch(request -> request.path().endsWith("/config.json")); // the same blob
    }

    @Test
    void aFileThatChangesWhileItComesIsListedAndBroughtAgain() throws IOException {
        HubServer.Commit commit = main();
        String other = HubServer.sum(WEIGHTS, new byte[1]);
        var answers = new AtomicInteger();
        String path = "/org/name/resolve/%s/%s".formatted(commit.id(), WEIGHTS);
        server.on(path, (exchange, _) -> {
            if (answers.incrementAndGet() != 2) {
                return false;
            }
            exchange.getResponseHeaders().add("X-Linked-Etag", "\"" + other + "\"");
            exchange.sendResponseHeaders(200, -1);
            return true;
        });
        assertThat(read(hub().resolve(NAME).weights())).isEqualTo(commit.files().get(WEIGHTS));
        assertThat(server.requests().stream().filter(request -> request.path().contains("/revision/")))
                .hasSize(2);
    }

    @Test
    void aFileThatAlwaysDiffersFromItsListIsAnErrorWithBothSums() {
        HubServer.Commit commit = main();
        String other = HubServer.sum(WEIGHTS, new byte[1]);
        server.refuse(
                "/org/name/resolve/%s/%s".formatted(commit.id(), WEIGHTS),
                99,
                200,
                "X-Linked-Etag",
                "\"" + other + "\"");
        assertThatThrownBy(() -> hub().resolve(NAME))
                .isInstanceOf(HubProblem.class)
                .hasMessageContaining("has another sum than the hub's list says: " + other);
        assertThat(partial(commit)).doesNotExist();
    }
}
