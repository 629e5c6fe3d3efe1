package microtome.model.store.hub;

import java.io.IOException;
import java.net.URI;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;

/** A server, an empty cache, and a hub that is impatient enough for a test. */
abstract class HubFixture {
    static final HubName NAME = HubName.of("org/name");
    static final int PART = 10_000;
    static final int BYTES = 5 * PART + 123;
    static final String WEIGHTS = NeededFiles.SINGLE;
    static final String STORE = "store:" + WEIGHTS;
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

    /** A commit whose weights are six parts. */
    HubServer.Commit main() {
        return server.commit("main", HubServer.model(BYTES));
    }

    /** Bytes of the weights that were asked of the store, by range. */
    long bytesAsked() {
        return server.transfers(WEIGHTS).stream()
                .map(request -> request.range().substring("bytes=".length()).split("-"))
                .mapToLong(ends -> Long.parseLong(ends[1]) - Long.parseLong(ends[0]) + 1)
                .sum();
    }

    /** Waits for others to come to the same point, at most a minute. */
    static boolean await(CountDownLatch latch) {
        return await(latch, 60_000);
    }

    private static boolean await(CountDownLatch latch, long milliseconds) {
        try {
            return latch.await(milliseconds, TimeUnit.MILLISECONDS);
        } catch (InterruptedException stopped) {
            return false;
        }
    }

    static void pause(long milliseconds) {
        await(new CountDownLatch(1), milliseconds);
    }

    /** Waits until so many bytes of the first part of the weights are on the disk and noted. */
    void awaitFirstPart(HubServer.Commit commit, int bytes) throws IOException {
        for (int tries = 0; tries < 6000; tries++) {
            if (ByteBuffer.wrap(read(partial(commit))).getLong(BYTES) >= bytes) {
                return;
            }
            pause(10);
        }
        throw new AssertionError("the first part never came");
    }

    static byte[] read(Path file) throws IOException {
        return Files.readAllBytes(file);
    }
}
