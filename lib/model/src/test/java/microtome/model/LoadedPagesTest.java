package microtome.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import microtome.model.store.ModelStore;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The weights of a loaded model lie in memory once: the pages of the file they came from have been given back. */
class LoadedPagesTest {
    private static final Path MAPPINGS = Path.of("/proc/self/smaps");
    /** The bundled file has 94 MiB; rows of the embedding and what lies around them in their pages may be there. */
    private static final long BOUND = 4 << 20;
    /** A copy under a name of its own, since other tests of this process may still have the bundled file mapped. */
    private static final String COPY = "loaded-pages.gguf";

    @TempDir
    private Path folder;

    @Test
    void packingAndLoadingGiveTheFilesPagesBack() throws IOException {
        assumeTrue(Files.isReadable(MAPPINGS), "resident pages are counted in /proc, which this system lacks");
        Path copy = Files.copy(BundledModelFile.required(), folder.resolve(COPY));
        var files = ModelStore.standard().resolve(copy.toString());
        try (var model = LanguageModel.load(files, LoadOptions.DEFAULT)) {
            assumeTrue(model.engine().device().backend().equals("cpu"), "only the native backend packs");
            assertThat(residentBytesOf(COPY)).as("after loading").isBetween(0L, BOUND);
            var tokens = model.tokenizer().encode("The capital of France is");
            model.activations(tokens, List.of(Site.logits()));
            assertThat(residentBytesOf(COPY))
                    .as("after the unembedding was packed")
                    .isBetween(1L, BOUND);
        }
    }

    private static long residentBytesOf(String ending) throws IOException {
        long kibibytes = 0;
        boolean wanted = false;
        for (String line : Files.readAllLines(MAPPINGS)) {
            if (line.matches("[0-9a-f]+-[0-9a-f]+ .*")) {
                wanted = line.endsWith(ending);
            } else if (wanted && line.startsWith("Rss:")) {
                kibibytes += Long.parseLong(line.replaceAll("\\D", ""));
            }
        }
        return kibibytes << 10;
    }
}
