package microtome.model.store.hub;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PartialBlobTest {
    private static final byte[] CONTENT = HubServer.text("twenty-three characters");

    @TempDir
    private Path folder;

    private Path blob;

    @BeforeEach
    void nameTheBlob() {
        blob = folder.resolve("blob");
    }

    private PartialBlob open(int partBytes) throws IOException {
        return PartialBlob.open(blob, CONTENT.length, partBytes, Disk.REAL);
    }

    private static void write(PartialBlob partial, PartialBlob.Part part, int count) throws IOException {
        partial.write(part, ByteBuffer.wrap(CONTENT, (int) part.next(), count));
    }

    private static HubFile wanted(String content) {
        return new HubFile("x.gguf", CONTENT.length, new Checksum(HubServer.sum("x.gguf", HubServer.text(content))));
    }

    @Test
    void remembersHowFarEachPartCame() throws IOException {
        try (var partial = open(10)) {
            assertThat(partial.missingBytes()).isEqualTo(23);
            write(partial, partial.missing().get(0), 10);
            write(partial, partial.missing().get(0), 4);
        }
        try (var partial = open(7)) { // parts stay as they were begun
            assertThat(partial.missing()).hasSize(2);
            assertThat(partial.missing().get(0).next()).isEqualTo(14);
            assertThat(partial.missing().get(0).to()).isEqualTo(20);
            assertThat(partial.missingBytes()).isEqualTo(9);
            write(partial, partial.missing().get(0), 6);
            write(partial, partial.missing().get(0), 3);
            partial.finish(wanted("twenty-three characters"));
        }
        assertThat(blob).hasBinaryContent(CONTENT);
        assertThat(PartialBlob.of(blob)).doesNotExist();
    }

    @Test
    void whatIsNoLedgerIsBegunAgain() throws IOException {
        for (byte[] found : new byte[][] {{}, CONTENT, new byte[100], new byte[CONTENT.length + 16]}) {
            Files.write(PartialBlob.of(blob), found);
            try (var partial = open(10)) {
                assertThat(partial.missingBytes()).isEqualTo(23);
            }
        }
    }

    @Test
    void aLedgerThatClaimsTooMuchIsCheckedByTheSum() throws IOException {
        open(10).close();
        byte[] claimed = Files.readAllBytes(PartialBlob.of(blob));
        ByteBuffer.wrap(claimed).putLong(23, Long.MAX_VALUE).putLong(31, -1).putLong(39, 99);
        Files.write(PartialBlob.of(blob), claimed);
        try (var partial = open(10)) {
            assertThat(partial.missingBytes()).isEqualTo(10);
            write(partial, partial.missing().get(0), 10);
            assertThatThrownBy(() -> partial.finish(wanted("twenty-three characters")))
                    .isInstanceOf(HubProblem.class);
        }
        assertThat(PartialBlob.of(blob)).doesNotExist();
        assertThat(blob).doesNotExist();
    }

    @Test
    void anEmptyFileHasNoParts() throws IOException {
        try (var partial = PartialBlob.open(blob, 0, 10, Disk.REAL)) {
            assertThat(partial.missing()).isEmpty();
            partial.finish(new HubFile("x.txt", 0, new Checksum(HubServer.sum("x.txt", new byte[0]))));
        }
        assertThat(blob).isEmptyFile();
    }
}
