package microtome.model.store.hub;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;

class HubCacheTest extends HubFixture {
    private static final String COMMIT = "0123456789abcdef0123456789abcdef01234567";

    /** A repository as Python's library leaves it: blobs by their sums, relative links, a reference without a line end. */
    private Path writtenByPython(String revision, String... files) throws IOException {
        Path repository = cache.resolve("models--org--name");
        Path snapshot = Files.createDirectories(repository.resolve("snapshots").resolve(COMMIT));
        Files.createDirectories(blobs());
        for (String file : files) {
            byte[] content =
                    HubServer.text(file.endsWith("index.json") ? "{\"weight_map\":{\"x\":\"one.safetensors\"}}" : file);
            String sum = HubServer.sum(file, content);
            Files.write(blobs().resolve(sum), content);
            Files.createSymbolicLink(snapshot.resolve(file), Path.of("../../blobs", sum));
        }
        Path reference = repository.resolve("refs").resolve(revision);
        Files.createDirectories(reference.getParent());
        Files.writeString(reference, COMMIT);
        return snapshot;
    }

    @Test
    void whatPythonDownloadedIsFoundWithoutAnyNetwork() throws IOException {
        Path snapshot = writtenByPython("main", "config.json", "tokenizer.json", "model.safetensors");
        HubModel model = hub().resolve(NAME);
        assertThat(model.weights()).isEqualTo(snapshot.resolve("model.safetensors"));
        assertThat(model.commit()).isEqualTo(COMMIT);
        assertThat(model.sha256()).contains(HubServer.sum("model.safetensors", HubServer.text("model.safetensors")));
        assertThat(hub().resolve(NAME.revision(COMMIT)).weights()).isEqualTo(model.weights());
        assertThat(server.requests()).isEmpty();
        assertThat(offline().resolve(NAME)).isEqualTo(model);
    }

    @Test
    void revisionsWithSlashesAndSingleFilesAreFoundToo() throws IOException {
        Path snapshot = writtenByPython("refs/pr/7", "a.gguf", "b.gguf");
        HubName name = HubName.parse("hf:org/name/b.gguf@refs/pr/7");
        assertThat(offline().resolve(name).weights()).isEqualTo(snapshot.resolve("b.gguf"));
        assertThatThrownBy(() -> offline().resolve(NAME.revision("refs/pr/7"))).isInstanceOf(HubProblem.class);
        assertThat(offline().cached().stream().map(model -> model.name().toString()))
                .containsExactly("hf:org/name/a.gguf@refs/pr/7", "hf:org/name/b.gguf@refs/pr/7");
    }

    @Test
    void shardsCountOnlyWhenAllAreThere() throws IOException {
        Path snapshot = writtenByPython("main", "config.json", "tokenizer.json", NeededFiles.INDEX);
        assertThatThrownBy(() -> offline().resolve(NAME)).isInstanceOf(HubProblem.class);
        Files.writeString(snapshot.resolve("one.safetensors"), "weights");
        assertThat(offline().resolve(NAME).weights()).isEqualTo(snapshot.resolve(NeededFiles.INDEX));
    }

    @Test
    void aLinkWhoseBlobWasDeletedIsNoFile() throws IOException {
        writtenByPython("main", "config.json", "tokenizer.json", "model.safetensors");
        Files.delete(blobs().resolve(HubServer.sum("model.safetensors", HubServer.text("model.safetensors"))));
        assertThatThrownBy(() -> offline().resolve(NAME)).hasMessageContaining("is not (wholly) in " + cache);
    }

    @Test
    void offlineNamesTheNearestAndAsksNobody() throws IOException {
        writtenByPython("main", "config.json", "model.safetensors");
        server.commit("main", HubServer.model(PART));
        assertThatThrownBy(() -> offline().resolve(HubName.of("org/nama")))
                .isInstanceOf(HubProblem.class)
                .hasMessageContaining("hf:org/nama is not (wholly) in " + cache)
                .hasMessageContaining("HF_HUB_OFFLINE forbids")
                .hasMessageContaining("nearest: hf:org/name");
        assertThatThrownBy(() -> offline().fetch(NAME)).hasMessageContaining("HF_HUB_OFFLINE");
        assertThat(offline().resolve(NAME).weights()).exists(); // without a tokenizer, since none can be asked for
        assertThat(server.requests()).isEmpty();
    }

    @Test
    void aTokenizerThatPythonLeftOutIsFetched() throws IOException {
        HubServer.Commit commit = server.commit("main", HubServer.model(PART));
        hub().resolve(NAME);
        Files.delete(snapshot(commit).resolve("tokenizer.json"));
        server.requests().clear();
        hub().resolve(NAME);
        assertThat(snapshot(commit).resolve("tokenizer.json")).exists();
        assertThat(server.transfers("model.safetensors")).isEmpty();
    }

    @Test
    void aModelWithoutATokenizerIsAskedForOnce() {
        Map<String, byte[]> files = HubServer.model(PART);
        files.remove("tokenizer.json");
        HubServer.Commit commit = server.commit("main", files);
        hub().resolve(NAME);
        assertThat(cache.resolve("models--org--name/.no_exist")
                        .resolve(commit.id())
                        .resolve("tokenizer.json"))
                .isEmptyFile();
        server.requests().clear();
        assertThat(hub().resolve(NAME).weights()).exists();
        assertThat(server.requests()).isEmpty();
    }

    @Test
    void theOnlyGgufFileNeedsNoNameAndIsAskedForOnce() {
        HubServer.Commit commit = server.commit("main", Map.of("only.gguf", new byte[] {1, 2, 3}));
        assertThat(hub().resolve(NAME).weights()).isEqualTo(snapshot(commit).resolve("only.gguf"));
        server.requests().clear();
        assertThat(hub().resolve(NAME).weights()).exists();
        assertThat(server.requests()).isEmpty();
    }

    @Test
    void oneOfSeveralGgufFilesIsNotTheModel() {
        server.commit("main", Map.of("a.gguf", new byte[] {1}, "b.gguf", new byte[] {2}));
        hub().resolve(NAME.file("b.gguf"));
        assertThatThrownBy(() -> hub().resolve(NAME)).hasMessageContaining("hf:org/name/a.gguf");
        assertThat(offline().resolve(NAME).weights()).hasFileName("b.gguf"); // the only one that there is
    }

    @Test
    void theLayoutIsThatOfPython() throws IOException {
        Map<String, byte[]> files = HubServer.model(PART);
        files.put("1_Pooling/config.json", HubServer.text("{\"pooling\":1}"));
        HubServer.Commit commit = server.commit("v1", files);
        hub().resolve(NAME.revision("v1"));
        String sum = HubServer.sum("model.safetensors", commit.files().get("model.safetensors"));
        assertThat(Files.readSymbolicLink(snapshot(commit).resolve("model.safetensors")))
                .isEqualTo(Path.of("../../blobs").resolve(sum));
        String nested = HubServer.sum("config.json", files.get("1_Pooling/config.json"));
        assertThat(Files.readSymbolicLink(snapshot(commit).resolve("1_Pooling/config.json")))
                .isEqualTo(Path.of("../../../blobs").resolve(nested));
        assertThat(read(cache.resolve("models--org--name/refs/v1"))).asString().isEqualTo(commit.id());
        assertThat(cache.resolve(".locks/models--org--name")).isDirectory();
        assertThat(cache.resolve("CACHEDIR.TAG")).content().startsWith("Signature: 8a477f597d28d172789f06886806bc55");
    }

    @Test
    void withoutSymbolicLinksFilesAreThereTwice() throws IOException {
        HubServer.Commit commit = server.commit("main", HubServer.model(PART));
        var settings = new HubSettings(URI.create(server.address()), cache, Optional.empty(), false, false);
        HubModel model = new Hub(settings, FAST, Disk.REAL).resolve(NAME);
        assertThat(model.weights()).isRegularFile();
        assertThat(Files.isSymbolicLink(model.weights())).isFalse();
        assertThat(read(model.weights())).isEqualTo(commit.files().get("model.safetensors"));
        assertThat(model.sha256()).isEmpty();
    }

    @Test
    void fetchBringsABranchUpToDateWhileResolveKeepsIt() {
        HubServer.Commit first = server.commit("main", HubServer.model(PART));
        hub().resolve(NAME);
        HubServer.Commit second = server.commit("main", HubServer.model(PART + 1));
        assertThat(hub().resolve(NAME).commit()).isEqualTo(first.id());
        assertThat(hub().fetch(NAME).commit()).isEqualTo(second.id());
        assertThat(hub().resolve(NAME).commit()).isEqualTo(second.id());
        assertThat(hub().resolve(NAME.revision(first.id())).commit()).isEqualTo(first.id());
        assertThat(hub().cached().stream().map(model -> model.name().toString()))
                .containsExactly("hf:org/name", "hf:org/name@" + first.id());
    }

    @Test
    void twoLoadersAtOnceDownloadOnce() throws Exception {
        HubServer.Commit commit = server.commit("main", HubServer.model(20 * PART));
        Callable<HubModel> load = () -> hub().resolve(NAME);
        try (var threads = Executors.newFixedThreadPool(4)) {
            for (Future<HubModel> loaded : threads.invokeAll(List.of(load, load, load, load))) {
                assertThat(read(loaded.get().weights()))
                        .isEqualTo(commit.files().get("model.safetensors"));
            }
        }
        assertThat(server.transfers("model.safetensors")).hasSize(20);
    }

    @Test
    void aDamagedBlobIsBroughtAgain() throws IOException {
        HubServer.Commit commit = server.commit("main", HubServer.model(PART));
        byte[] weights = commit.files().get("model.safetensors");
        Files.createDirectories(blobs());
        Files.write(blobs().resolve(HubServer.sum("model.safetensors", weights)), new byte[PART / 2]);
        assertThat(read(hub().resolve(NAME).weights())).isEqualTo(weights);
    }

    @Test
    void whatOtherCommitsLeftUnfinishedGoesAfterADay() throws IOException {
        server.commit("main", HubServer.model(PART));
        Files.createDirectories(blobs());
        Path old = Files.write(blobs().resolve(COMMIT + PartialBlob.ENDING), new byte[9]);
        Path fresh = Files.write(blobs().resolve(COMMIT.replace('0', '1') + PartialBlob.ENDING), new byte[9]);
        Path ofPython = Files.write(blobs().resolve(COMMIT + ".1234abcd.incomplete"), new byte[9]);
        for (Path file : List.of(old, ofPython)) {
            Files.setLastModifiedTime(file, FileTime.from(Instant.now().minus(Duration.ofHours(25))));
        }
        hub().resolve(NAME);
        assertThat(old).doesNotExist();
        assertThat(fresh).exists();
        assertThat(ofPython).exists();
    }

    @Test
    void foldersOfOthersAreNoModels() throws IOException {
        Files.createDirectories(cache.resolve("datasets--org--name/snapshots/" + COMMIT));
        Files.createDirectories(cache.resolve("models----"));
        Files.writeString(cache.resolve("version.txt"), "1");
        Path reference =
                Files.createDirectories(cache.resolve("models--a--b/refs")).resolve("main");
        Files.writeString(reference, "../../../../etc");
        assertThat(hub().cached()).isEmpty();
        assertThatThrownBy(() -> offline().resolve(HubName.of("a/b"))).isInstanceOf(HubProblem.class);
    }
}
