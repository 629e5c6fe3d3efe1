package microtome.model.store.hub;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.CountDownLatch;
import microtome.display.InterruptedWorkException;
import org.junit.jupiter.api.Test;

class HubProcessesTest extends HubFixture {
    private Process loader() throws IOException {
        return HubLoader.process(server.address(), cache).start();
    }

    private static String output(Process process) throws IOException {
        return new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8).strip();
    }

    @Test
    void twoProcessesAtOnceDownloadOnce() throws Exception {
        HubServer.Commit commit = main();
        var downloading = new CountDownLatch(1);
        var goOn = new CountDownLatch(1);
        server.on(STORE, (_, _) -> {
            downloading.countDown();
            return !await(goOn);
        });
        Process first = loader();
        assertThat(await(downloading)).isTrue();
        Process second = loader();
        try (var lines = second.inputReader()) {
            assertThat(lines.readLine()).isEqualTo("hf:org/name: waiting for another download of it");
            goOn.countDown();
            assertThat(lines.readLine())
                    .isEqualTo(snapshot(commit).resolve(WEIGHTS).toString());
        }
        assertThat(output(first)).endsWith(snapshot(commit).resolve(WEIGHTS).toString());
        assertThat(read(snapshot(commit).resolve(WEIGHTS)))
                .isEqualTo(commit.files().get(WEIGHTS));
        assertThat(bytesAsked()).isEqualTo(BYTES);
    }

    @Test
    void aKilledProcessLeavesWhatItHadAndNoLock() throws Exception {
        HubServer.Commit commit = main();
        var inTheMiddle = new CountDownLatch(1);
        server.on(STORE, (exchange, content) -> {
            if (server.transfers(WEIGHTS).size() < 4) {
                return false;
            }
            HubServer.sendOnly(exchange, content, 500);
            inTheMiddle.countDown();
            await(new CountDownLatch(1));
            return true;
        });
        Process process = loader();
        assertThat(await(inTheMiddle)).isTrue();
        awaitFirstPart(commit, 1);
        process.destroyForcibly().waitFor();
        server.requests().clear();
        server.on(STORE, (_, _) -> false);
        assertThat(read(hub().resolve(NAME).weights())).isEqualTo(commit.files().get(WEIGHTS));
        assertThat(bytesAsked()).isLessThan(BYTES);
    }

    @Test
    void whoWaitsForAnotherDownloadCanBeStopped() throws Exception {
        var stopped = new CountDownLatch(1);
        try (var _ = HubLock.acquire(cache.resolve("lock"), NAME)) {
            Thread waiting = Thread.ofPlatform().start(() -> {
                try (var _ = HubLock.acquire(cache.resolve("lock"), NAME)) {
                    throw new AssertionError("the lock was given twice");
                } catch (InterruptedWorkException stop) {
                    stopped.countDown();
                }
            });
            Thread.sleep(200);
            assertThat(stopped.getCount()).isOne();
            waiting.interrupt();
            assertThat(await(stopped)).isTrue();
        }
        HubLock.acquire(cache.resolve("lock"), NAME).close();
    }
}
