package microtome.model.store.hub;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ChecksumTest {
    private static final String HELLO_GIT = "ce013625030ba8dba906f756967f9e9ca394464a"; // git hash-object, of "hello\n"
    private static final String HELLO_SHA =
            "5891b5b522d5df086d0ff0b110fbd9d21bb4fc7163af34d08286a2e846f6be03"; // sha256sum
    private static final String EMPTY_GIT = "e69de29bb2d1d6434b8b29ae775ad8c2e48c5391";

    @TempDir
    private Path folder;

    private String sum(String like, String content, long bytes) throws IOException {
        Path file = Files.writeString(folder.resolve("file"), content);
        try (FileChannel channel = FileChannel.open(file)) {
            return new Checksum(like).of(channel, bytes).hex();
        }
    }

    @Test
    void smallFilesHaveGitsSumAndLargeOnesSha256() throws IOException {
        assertThat(sum(EMPTY_GIT, "hello\n", 6)).isEqualTo(HELLO_GIT);
        assertThat(sum(HELLO_SHA, "hello\n", 6)).isEqualTo(HELLO_SHA);
        assertThat(sum(HELLO_GIT, "", 0)).isEqualTo(EMPTY_GIT);
    }

    @Test
    void whatStandsBehindTheFileDoesNotCount() throws IOException {
        assertThat(sum(HELLO_SHA, "hello\nand a ledger", 6)).isEqualTo(HELLO_SHA);
    }

    @Test
    void onlySumsBecomeNamesOfFiles() {
        for (String wrong : new String[] {"", "../../x", HELLO_GIT + "0", HELLO_SHA.toUpperCase()}) {
            assertThatThrownBy(() -> new Checksum(wrong)).hasMessageContaining("no SHA-1 or SHA-256");
        }
    }
}
