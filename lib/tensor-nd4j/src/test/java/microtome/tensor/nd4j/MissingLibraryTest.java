package microtome.tensor.nd4j;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What computes where a library is missing, and where that is said. */
class MissingLibraryTest {
    @TempDir
    private Path folder;

    @Test
    void withoutTheNativeLibraryNd4jComputesAndTheModelCardSaysWhy() throws Exception {
        var ended = InAProcess.in(folder)
                .withoutTheNativeLibrary()
                .run(CardPrinter.class.getName(), Fixtures.folder("llama-tied"));
        assertThat(ended.status()).as(ended.err()).isZero();
        var lines = ended.out().lines().toList();
        assertThat(lines.getFirst()).isEqualTo("backend nd4j");
        assertThat(lines.get(1)).startsWith("note: backend cpu is missing: ").contains(folder.toString());
        var note = lines.get(1).substring("note: ".length());
        var card = lines.subList(2, lines.size());
        assertThat(card).anyMatch(line -> line.contains("ND4J 1.0.0-M2.1, OPENBLAS"));
        assertThat(card).anyMatch(line -> line.contains("note") && line.contains(note));
        assertThat(ended.err().lines())
                .as("one warning and nothing else")
                .singleElement()
                .isEqualTo("WARNING: " + note + "; using nd4j");
    }

    @Test
    void withoutTheModuleOfTheNativeLibraryTheNoteNamesIt() throws Exception {
        var ended = InAProcess.in(folder)
                .without(".*/tensor-native/target/.*|.*/microtome-tensor-native-[^/]*\\.jar")
                .run(CardPrinter.class.getName(), Fixtures.folder("llama-tied"));
        assertThat(ended.out())
                .startsWith("backend nd4j")
                .contains("note: backend cpu is missing: microtome-tensor-native is not on the class path");
    }

    @Test
    void withoutTheLibraryOfNd4jTheReferenceComputesAndSaysWhatToAdd() throws Exception {
        var ended = InAProcess.in(folder)
                .withoutTheNativeLibrary()
                .without(".*/nd4j-native-[^/]*-linux-x86_64\\.jar")
                .run(CardPrinter.class.getName(), Fixtures.folder("llama-tied"));
        assertThat(ended.status()).as(ended.err()).isZero();
        assertThat(ended.out())
                .startsWith("backend reference")
                .contains("note: backend cpu is missing: ")
                .contains("note: backend nd4j is missing: ND4J does not load (")
                .contains("it needs org.nd4j:nd4j-native with the classifier of this platform");
    }
}
