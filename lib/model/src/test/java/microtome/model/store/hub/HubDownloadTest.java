package microtome.model.store.hub;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import microtome.display.InterruptedWorkException;
import org.junit.jupiter.api.Test;

class HubDownloadTest extends HubFixture {
    @Test
    void bringsOnlyWhatAModelNeedsInParts() throws IOException {
        HubServer.Commit commit = main();
        HubModel model = hub().resolve(NAME);
        assertThat(model.commit()).isEqualTo(commit.id());
        assertThat(model.weights()).isEqualTo(snapshot(commit).resolve(WEIGHTS));
        assertThat(read(model.weights())).isEqualTo(commit.files().get(WEIGHTS));
        try (Stream<Path> files = Files.list(snapshot(commit))) {
            assertThat(files.map(Path::getFileName).map(Path::toString))
                    .containsExactlyInAnyOrder("config.json", "tokenizer.json", WEIGHTS);
        }
        assertThat(server.transfers(WEIGHTS)).hasSize(6);
        assertThat(bytesAsked()).isEqualTo(BYTES);
        assertThat(partial(commit)).doesNotExist();
    }

    @Test
    void partsComeAtTheSameTime() {
        main();
        var together = new CountDownLatch(4);
        server.on(STORE, (_, _) -> {
            together.countDown();
            return server.transfers(WEIGHTS).size() > 1 && !await(together);
        });
        hub().resolve(NAME); // the first request goes ahead, the next ones meet
        assertThat(together.getCount()).isZero();
    }

    @Test
    void aCutGoesOnWhereItWas() throws IOException {
        HubServer.Commit commit = main();
        var cuts = new AtomicInteger();
        server.on(STORE, (exchange, content) -> {
            if (cuts.incrementAndGet() > 4) {
                return false;
            }
            HubServer.sendOnly(exchange, content, 700);
            throw new IOException("cut");
        });
        assertThat(read(hub().resolve(NAME).weights())).isEqualTo(commit.files().get(WEIGHTS));
        assertThat(server.transfers(WEIGHTS)).hasSize(6 + 4);
        assertThat(bytesAsked()).isGreaterThan(BYTES); // what was asked for again is what had not come
        assertThat(server.transfers(WEIGHTS).stream().map(HubServer.Request::range))
                .anyMatch(range -> range.startsWith("bytes=700-"));
    }

    @Test
    void whatNeverComesIsKeptAndTheNextCallGoesOn() throws IOException {
        HubServer.Commit commit = main();
        server.on(STORE, (exchange, content) -> {
            if (server.transfers(WEIGHTS).size() > 1) {
                awaitFirstPart(commit, PART);
                throw new IOException("cut");
            }
            return false;
        });
        assertThatThrownBy(() -> hub().resolve(NAME))
                .isInstanceOf(HubProblem.class)
                .hasMessageStartingWith("hf:org/name: model.safetensors (50.1 kB) broke off: ")
                .hasMessageContaining("40.1 kB of it are missing; what is there is kept");
        assertThat(partial(commit)).exists();
        assertThat(snapshot(commit).resolve(WEIGHTS)).doesNotExist();
        server.requests().clear();
        server.on(STORE, (_, _) -> false);
        assertThat(read(hub().resolve(NAME).weights())).isEqualTo(commit.files().get(WEIGHTS));
        assertThat(bytesAsked()).isEqualTo(BYTES - PART);
    }

    @Test
    void aServerWithoutRangesIsReadFromTheStart() throws IOException {
        HubServer.Commit commit = main();
        server.ignoreRanges();
        var cuts = new AtomicInteger();
        server.on(STORE, (exchange, content) -> {
            if (cuts.incrementAndGet() > 2) {
                return false;
            }
            exchange.sendResponseHeaders(200, content.length);
            exchange.getResponseBody().write(content, 0, 2 * PART);
            exchange.getResponseBody().flush();
            throw new IOException("cut");
        });
        assertThat(read(hub().resolve(NAME).weights())).isEqualTo(commit.files().get(WEIGHTS));
        assertThat(server.transfers(WEIGHTS)).hasSize(3);
    }

    @Test
    void partsOfAServerThatNoLongerGivesRangesAreNotTrusted() throws IOException {
        HubServer.Commit commit = main();
        server.on(STORE, (_, _) -> {
            if (server.transfers(WEIGHTS).size() > 1) {
                awaitFirstPart(commit, PART);
                throw new IOException("cut");
            }
            return false;
        });
        assertThatThrownBy(() -> hub().resolve(NAME)).isInstanceOf(HubProblem.class);
        server.on(STORE, (_, _) -> false);
        server.ignoreRanges();
        assertThat(read(hub().resolve(NAME).weights())).isEqualTo(commit.files().get(WEIGHTS));
    }

    @Test
    void silenceIsACut() throws IOException {
        HubServer.Commit commit = main();
        var silent = new AtomicInteger(2);
        var never = new CountDownLatch(1);
        server.on(STORE, (exchange, content) -> {
            if (silent.getAndDecrement() <= 0) {
                return false;
            }
            HubServer.sendOnly(exchange, content, 100);
            return await(never);
        });
        var impatient = new Pace(PART, 4, 3, Duration.ofMillis(5), Duration.ofMillis(300), Duration.ofSeconds(60));
        long start = System.nanoTime();
        HubModel model = hub(impatient).resolve(NAME);
        assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofSeconds(30));
        assertThat(read(model.weights())).isEqualTo(commit.files().get(WEIGHTS));
    }

    @Test
    void anInterruptKeepsWhatIsThere() throws Exception {
        HubServer.Commit commit = main();
        var waiting = new CountDownLatch(1);
        server.on(STORE, (exchange, content) -> {
            if (server.transfers(WEIGHTS).size() < 3) {
                return false;
            }
            HubServer.sendOnly(exchange, content, 400);
            waiting.countDown();
            await(new CountDownLatch(1));
            return true;
        });
        var failure = new Throwable[1];
        Thread cell = Thread.ofPlatform().start(() -> {
            try {
                hub().resolve(NAME);
            } catch (Throwable thrown) {
                failure[0] = thrown;
            }
        });
        assertThat(await(waiting)).isTrue();
        awaitFirstPart(commit, PART);
        long stopped = System.nanoTime();
        cell.interrupt();
        cell.join(20_000);
        assertThat(Duration.ofNanos(System.nanoTime() - stopped)).isLessThan(Duration.ofSeconds(5));
        assertThat(failure[0])
                .isInstanceOf(InterruptedWorkException.class)
                .hasMessageStartingWith("hf:org/name: stopped at ")
                .hasMessageEndingWith("what is there is kept and the same call goes on from it");
        server.requests().clear();
        server.on(STORE, (_, _) -> false);
        assertThat(read(hub().resolve(NAME).weights())).isEqualTo(commit.files().get(WEIGHTS));
        // Requests of the stopped call may still come in; that of the first part is over, and is not made again.
        assertThat(server.transfers(WEIGHTS))
                .isNotEmpty()
                .noneMatch(
                        transfer -> transfer.range() == null || transfer.range().startsWith("bytes=0-"));
    }

    @Test
    void aSlowServerHasAllTheTimeItNeedsAsLongAsSomethingComes() {
        server.commit("main", HubServer.model(PART));
        server.on(STORE, (exchange, content) -> {
            exchange.sendResponseHeaders(200, content.length);
            for (int from = 0; from < PART; from += PART / 20) {
                exchange.getResponseBody().write(content, from, PART / 20);
                exchange.getResponseBody().flush();
                pause(150);
            }
            return true;
        });
        var pace = new Pace(PART, 4, 3, Duration.ofMillis(5), Duration.ofMillis(1500), Duration.ofSeconds(60));
        hub(pace).resolve(NAME);
        assertThat(server.transfers(WEIGHTS)).hasSize(1);
    }

    @Test
    void shardsAreThoseOfTheIndexAndNoOthers() throws IOException {
        Map<String, byte[]> files = HubServer.model(10);
        files.remove(WEIGHTS);
        files.put("a.safetensors", new byte[] {1});
        files.put("b.safetensors", new byte[] {2});
        files.put("consolidated.safetensors", new byte[] {3});
        files.put(
                NeededFiles.INDEX,
                HubServer.text(
                        "{\"weight_map\":{\"x\":\"a.safetensors\",\"y\":\"b.safetensors\",\"z\":\"a.safetensors\"}}"));
        HubServer.Commit commit = server.commit("main", files);
        HubModel model = hub().resolve(NAME);
        assertThat(model.weights()).isEqualTo(snapshot(commit).resolve(NeededFiles.INDEX));
        assertThat(read(snapshot(commit).resolve("a.safetensors"))).containsExactly(1);
        assertThat(read(snapshot(commit).resolve("b.safetensors"))).containsExactly(2);
        assertThat(snapshot(commit).resolve("consolidated.safetensors")).doesNotExist();
    }

    @Test
    void emptyFilesAndFilesOfTheSameContentComeOnce() throws IOException {
        Map<String, byte[]> files = HubServer.model(10);
        for (String same : new String[] {"generation_config.json", "special_tokens_map.json", "added_tokens.json"}) {
            files.put(same, HubServer.text("{}"));
        }
        files.put("merges.txt", new byte[0]);
        HubServer.Commit commit = server.commit("main", files);
        hub().resolve(NAME);
        assertThat(snapshot(commit).resolve("special_tokens_map.json")).hasContent("{}");
        assertThat(snapshot(commit).resolve("added_tokens.json")).hasContent("{}");
        assertThat(snapshot(commit).resolve("merges.txt")).isEmptyFile();
        try (Stream<Path> blobs = Files.list(blobs())) {
            assertThat(blobs).hasSize(5); // config, tokenizer, weights, "{}" and nothing
        }
    }
}
