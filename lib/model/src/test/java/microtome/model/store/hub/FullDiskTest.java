package microtome.model.store.hub;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class FullDiskTest extends HubFixture {
    @Test
    void aDiskWithoutRoomIsNamedBeforeAnythingIsWritten() {
        HubServer.Commit commit = main();
        var small = new Disk() {
            @Override
            public long usableBytes(Path folder) {
                return 1000;
            }
        };
        assertThatThrownBy(() -> new Hub(settings("", false), FAST, small).resolve(NAME))
                .isInstanceOf(HubProblem.class)
                .hasMessageContaining("50.1 kB are to be downloaded and 1.0 kB are free in " + blobs())
                .hasMessageContaining("make room for 49.1 kB there, or set HF_HUB_CACHE");
        assertThat(server.transfers(WEIGHTS)).isEmpty();
        assertThat(blobs().resolve(HubServer.sum(WEIGHTS, commit.files().get(WEIGHTS))))
                .doesNotExist();
    }

    @Test
    void aDiskThatFillsUpSaysHowManyBytesAreMissingAndLeavesWhatIsThere() throws IOException {
        HubServer.Commit commit = main();
        var left = new AtomicLong(2 * PART + 5000);
        var filling = new Disk() {
            @Override
            public void write(FileChannel file, ByteBuffer bytes, long position) throws IOException {
                if (left.addAndGet(-bytes.remaining()) < 0) {
                    throw new IOException("No space left on device");
                }
                Disk.super.write(file, bytes, position);
            }
        };
        assertThatThrownBy(() -> new Hub(settings("", false), FAST, filling).resolve(NAME))
                .isInstanceOf(HubProblem.class)
                .hasMessageContaining("cannot be written to " + blobs() + ": No space left on device")
                .hasMessageMatching("(?s).*; \\d{5} bytes of it are missing; make room there.*");
        server.requests().clear();
        assertThat(read(hub().resolve(NAME).weights())).isEqualTo(commit.files().get(WEIGHTS));
        assertThat(bytesAsked()).isLessThan(BYTES);
    }
}
