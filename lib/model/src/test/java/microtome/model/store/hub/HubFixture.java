package microtome.model.store.hub;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;

/** A server, an empty cache, and a hub that is impatient enough for a test. */
abstract class HubFixture {
    static final HubName NAME = HubName.of("org/name");
    static final int PART = 10_000;
    static final Pace FAST = new Pace(PART, 4, 3, Duration.ofMillis(5), Duration.ofSeconds(20), Duration.ofSeconds(60));

    @TempDir
    Path folder;

    Path cache;

    HubServer server;

    @BeforeEach
    void start() throws IOException {
        cache = folder.resolve("hub");
        server = new HubServer();
    }

    @AfterEach
    void stop() {
        server.close();
    }

    HubSettings settings(String token, boolean offline) {
        return new HubSettings(
                URI.create(server.address()), cache, Optional.of(token).filter(t -> !t.isEmpty()), offline, true);
    }

    Hub hub() {
        return hub(FAST);
    }

    Hub hub(Pace pace) {
        return new Hub(settings("", false), pace, Disk.REAL);
    }

    Hub hub(String token) {
        return new Hub(settings(token, false), FAST, Disk.REAL);
    }

    Hub offline() {
        return new Hub(settings("", true), FAST, Disk.REAL);
    }

    Path blobs() {
        return cache.resolve("models--org--name/blobs");
    }

    Path snapshot(HubServer.Commit commit) {
        return cache.resolve("models--org--name/snapshots").resolve(commit.id());
    }

    /** The incomplete file of the weights. */
    Path partial(HubServer.Commit commit) {
        byte[] weights = commit.files().get(NeededFiles.SINGLE);
        return blobs().resolve(HubServer.sum(NeededFiles.SINGLE, weights) + PartialBlob.ENDING);
    }

    static byte[] read(Path file) throws IOException {
        return Files.readAllBytes(file);
    }
}
