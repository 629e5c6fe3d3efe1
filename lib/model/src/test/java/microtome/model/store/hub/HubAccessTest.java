package microtome.model.store.hub;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.nio.file.Files;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.Test;

class HubAccessTest extends HubFixture {
    private static final String REVISION = "/api/models/org/name/revision/main";

    private String config(HubServer.Commit commit) {
        return "/org/name/resolve/" + commit.id() + "/config.json";
    }

    @Test
    void theTokenGoesToTheHubAndNowhereElse() {
        server.commit("main", HubServer.model(3 * PART));
        hub("hf_secret").resolve(NAME);
        assertThat(server.requests().stream().filter(HubServer.Request::atHub))
                .isNotEmpty()
                .allMatch(request -> "Bearer hf_secret".equals(request.authorization()));
        assertThat(server.requests().stream().filter(request -> !request.atHub()))
                .isNotEmpty()
                .allMatch(request -> request.authorization() == null);
    }

    @Test
    void withoutATokenNoneIsSent() {
        server.commit("main", HubServer.model(PART));
        hub().resolve(NAME);
        assertThat(server.requests()).allMatch(request -> request.authorization() == null);
    }

    @Test
    void redirectsWithinTheHubAreFollowed() {
        HubServer.Commit commit = server.commit("main", HubServer.model(PART));
        server.refuse("/api/models/old/revision/main", 1, 307, "Location", REVISION);
        server.refuse(
                "/api/models/old/tree/" + commit.id(),
                1,
                307,
                "Location",
                "/api/models/org/name/tree/" + commit.id() + "?recursive=true");
        for (String file : List.of("config.json", "tokenizer.json", "model.safetensors")) {
            server.refuse(
                    "/old/resolve/" + commit.id() + "/" + file,
                    1,
                    301,
                    "Location",
                    "/org/name/resolve/" + commit.id() + "/" + file);
        }
        HubModel model = hub("hf_secret").resolve(HubName.of("old"));
        assertThat(model.weights())
                .isEqualTo(cache.resolve("models--old/snapshots")
                        .resolve(commit.id())
                        .resolve("model.safetensors"))
                .exists();
    }

    @Test
    void redirectsThatLeadInCirclesOrToOtherSchemesAreRefused() {
        server.refuse(REVISION, 99, 302, "Location", REVISION);
        assertThatThrownBy(() -> hub().resolve(NAME)).hasMessageContaining("from redirect to redirect");
        server.refuse(REVISION, 99, 302, "Location", "file:///etc/passwd");
        assertThatThrownBy(() -> hub().resolve(NAME))
                .hasMessageContaining("leads to 'file:///etc/passwd': only https is followed");
        server.refuse(REVISION, 99, 302);
        assertThatThrownBy(() -> hub().resolve(NAME)).hasMessageContaining("leads to ''");
    }

    @Test
    void aGatedModelNamesThePageAndTheToken() {
        HubServer.Commit commit = server.commit("main", HubServer.model(PART));
        server.refuse(config(commit), 99, 401, "X-Error-Code", "GatedRepo", "X-Error-Message", "Access is restricted.");
        assertThatThrownBy(() -> hub().resolve(NAME))
                .isInstanceOf(HubProblem.class)
                .hasMessageContaining("hf:org/name is gated: sign in and accept its conditions at %s/org/name"
                        .formatted(server.address()))
                .hasMessageContaining(
                        "no token was sent: make one at %s/settings/tokens, set HF_TOKEN".formatted(server.address()))
                .hasMessageContaining("Access is restricted.");
        server.refuse(config(commit), 99, 403, "X-Error-Code", "GatedRepo");
        assertThatThrownBy(() -> hub("hf_secret").resolve(NAME))
                .hasMessageContaining("is gated")
                .hasMessageContaining("a token was sent: is it of an account that may read this")
                .message()
                .doesNotContain("hf_secret");
    }

    @Test
    void aPrivateOrMisspelledRepositoryIsBoth() {
        server.refuse(REVISION, 99, 401);
        assertThatThrownBy(() -> hub().resolve(NAME))
                .hasMessageContaining("answer 401: there is no repository org/name, or it is private or gated");
        assertThat(server.requests()).hasSize(1); // asking again would not help
    }

    @Test
    void whatIsMissingIsSaidWithWhatWasAsked() {
        server.commit("main", HubServer.model(PART));
        assertThatThrownBy(() -> hub().resolve(HubName.of("org/nane")))
                .isInstanceOf(HubProblem.class)
                .hasMessageContaining("there is no repository 'org/nane' with a revision 'main' on " + server.address())
                .hasMessageContaining("asked for %s/api/models/org/nane/revision/main".formatted(server.address()));
        assertThatThrownBy(() -> hub().resolve(HubName.parse("hf:org/name@v9")))
                .hasMessageContaining("org/name has no branch, tag or commit 'v9'");
        assertThatThrownBy(() -> hub().resolve(HubName.parse("hf:org/name/modle.safetensors")))
                .hasMessageContaining("org/name has no file modle.safetensors at 'main'")
                .hasMessageContaining("nearest: model.safetensors");
    }

    @Test
    void errorsOfTheServerPassAfterSomeTries() {
        HubServer.Commit commit = server.commit("main", HubServer.model(PART));
        server.refuse(REVISION, 2, 500);
        server.refuse(config(commit), 2, 503);
        server.refuse("/store/model.safetensors", 2, 502);
        assertThat(hub().resolve(NAME).weights()).exists();
    }

    @Test
    void aServerThatStaysBrokenIsNamed() {
        server.refuse(REVISION, 99, 500, "X-Error-Message", "Internal Error");
        assertThatThrownBy(() -> hub().resolve(NAME))
                .isInstanceOf(HubProblem.Unreachable.class)
                .hasMessageContaining(server.address() + " cannot be asked")
                .hasMessageContaining("answer 500; the server says: Internal Error");
        assertThat(server.requests()).hasSize(FAST.attempts());
    }

    @Test
    void aBusyServerIsGivenTheTimeItAsksFor() {
        server.commit("main", HubServer.model(PART));
        server.refuse(REVISION, 1, 429, "Retry-After", "1");
        long start = System.nanoTime();
        hub().resolve(NAME);
        assertThat(Duration.ofNanos(System.nanoTime() - start)).isGreaterThanOrEqualTo(Duration.ofSeconds(1));
    }

    @Test
    void aServerThatAsksForTooMuchTimeIsLeftAlone() {
        server.refuse(REVISION, 99, 429, "Retry-After", "3600");
        assertThatThrownBy(() -> hub().resolve(NAME))
                .isInstanceOf(HubProblem.class)
                .hasMessageContaining("answer 429")
                .hasMessageContaining("asks to wait 3600 s");
        server.refuse(REVISION, 99, 429, "RateLimit", "\"api\";r=0;t=299");
        assertThatThrownBy(() -> hub().resolve(NAME)).hasMessageContaining("asks to wait 299 s");
        server.refuse(REVISION, 99, 429, "Retry-After", "Fri, 31 Dec 9999 23:59:59 GMT");
        assertThatThrownBy(() -> hub().resolve(NAME)).hasMessageContaining("asks to wait");
    }

    @Test
    void anAnswerThatIsNoHubsIsRefused() {
        server.on(REVISION, (exchange, _) -> {
            byte[] page = HubServer.text("<html>please sign in to the network</html>");
            exchange.sendResponseHeaders(200, page.length);
            exchange.getResponseBody().write(page);
            return true;
        });
        assertThatThrownBy(() -> hub().resolve(NAME)).hasMessageContaining("the answer is not JSON");
    }

    @Test
    void whereNobodyListensTheCacheServesWhatItHas() throws IOException {
        HubServer.Commit commit = server.commit("main", HubServer.model(PART));
        hub().resolve(NAME);
        Files.delete(snapshot(commit).resolve("tokenizer.json"));
        var nobody = new HubSettings(URI.create(unusedAddress()), cache, Optional.empty(), false, true);
        var lonely = new Hub(nobody, FAST, Disk.REAL);
        assertThat(lonely.resolve(NAME).weights()).exists();
        assertThatThrownBy(() -> lonely.resolve(HubName.of("org/other")))
                .isInstanceOf(HubProblem.Unreachable.class)
                .hasMessageContaining("cannot be asked")
                .hasMessageContaining("check the network and HF_ENDPOINT");
    }

    private static String unusedAddress() throws IOException {
        try (var closed = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return "http://%s:%d".formatted(closed.getInetAddress().getHostAddress(), closed.getLocalPort());
        }
    }

    @Test
    void theEndpointMayHaveAPath() {
        var asked = new CopyOnWriteArrayList<String>();
        server.on("/mirror/api/models/org/name/revision/main", (exchange, _) -> {
            asked.add(exchange.getRequestURI().getPath());
            return false;
        });
        var mirror = new HubSettings(URI.create(server.address() + "/mirror"), cache, Optional.empty(), false, true);
        assertThatThrownBy(() -> new Hub(mirror, FAST, Disk.REAL).resolve(NAME)).hasMessageContaining("no repository");
        assertThat(asked).hasSize(1);
    }
}
