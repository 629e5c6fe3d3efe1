package microtome.model.corpus.document;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DocumentsTest {
    @TempDir
    private Path folder;

    @Test
    void everyLineIsADocumentThatKnowsItsPlace() throws IOException {
        Path file = write("a.txt", "first\r\n\nthïrd");
        Documents documents = Documents.lines(file);
        assertThat(all(documents)).extracting(Document::text).containsExactly("first", "", "thïrd");
        assertThat(all(documents)).extracting(Document::source).containsExactly("a.txt:1", "a.txt:2", "a.txt:3");
        assertThat(all(documents)).extracting(Document::number).containsExactly(0L, 1L, 2L);
        assertThat(all(documents)).extracting(Document::isEmpty).containsExactly(false, true, false);
    }

    @Test
    void linesAreCountedAsTheyAreRead() throws IOException {
        for (String text : List.of("", "\n", "a", "a\n", "a\nb", "\n\n", "a\n\n", "\uFEFFa\nb\n")) {
            Documents documents = Documents.lines(write("b.txt", text));
            assertThat(documents.count().getAsLong())
                    .as(text)
                    .isEqualTo(all(documents).size());
        }
    }

    @Test
    void aByteOrderMarkIsNoText() throws IOException {
        Path file = write("c.txt", "\uFEFFa\nb");
        assertThat(all(Documents.lines(file))).extracting(Document::text).containsExactly("a", "b");
        assertThat(all(Documents.files(List.of(file))))
                .extracting(Document::text)
                .containsExactly("a\nb");
    }

    @Test
    void linesMayBeLongerThanAnyBuffer() throws IOException {
        String text = "é".repeat(100_000);
        Path file = write("d.txt", "x\n" + text + "\ny");
        assertThat(all(Documents.lines(file))).extracting(Document::text).containsExactly("x", text, "y");
    }

    @Test
    void aByteThatIsNotUtf8IsNamedByItsPosition() throws IOException {
        var bytes = new ByteArrayOutputStream();
        bytes.write("good\n".repeat(20_000).getBytes(StandardCharsets.UTF_8));
        bytes.write("caf".getBytes(StandardCharsets.UTF_8));
        bytes.write(0xE9);
        bytes.write("\n".getBytes(StandardCharsets.UTF_8));
        Path file = folder.resolve("latin1.txt");
        Files.write(file, bytes.toByteArray());
        for (Documents documents : List.of(Documents.lines(file), Documents.files(List.of(file)))) {
            assertThatThrownBy(() -> all(documents))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("byte 100003 (0xe9) is not UTF-8")
                    .hasMessageContaining("iconv");
        }
    }

    @Test
    void aFieldOfEveryJsonLineIsADocument() throws IOException {
        Path file = write("e.jsonl", "{\"text\": \"one\", \"id\": 1}\n\n{\"text\": \"zwei\\n\"}\n");
        assertThat(all(Documents.jsonLines(file, "text")))
                .extracting(Document::text)
                .containsExactly("one", "", "zwei\n");
    }

    @Test
    void aLineThatIsNotWhatItShouldBeIsNamed() throws IOException {
        assertThatThrownBy(
                        () -> all(Documents.jsonLines(write("f.jsonl", "{\"text\":\"a\"}\n{\"txt\":\"b\"}"), "text")))
                .hasMessage("f.jsonl:2: there is no field 'text'; nearest: txt");
        assertThatThrownBy(() -> all(Documents.jsonLines(write("g.jsonl", "{\"text\":7}"), "text")))
                .hasMessage("g.jsonl:1: field 'text' is not a text");
        assertThatThrownBy(() -> all(Documents.jsonLines(write("h.jsonl", "{\"text\":"), "text")))
                .hasMessageStartingWith("h.jsonl:1: not JSON");
        assertThatThrownBy(() -> all(Documents.jsonLines(write("i.jsonl", "[1]"), "text")))
                .hasMessageContaining("must be a JSON object");
    }

    @Test
    void everyFileIsADocument() throws IOException {
        Documents documents = Documents.files(List.of(write("1.txt", "a\nb"), write("2.txt", "")));
        assertThat(all(documents)).extracting(Document::text).containsExactly("a\nb", "");
        assertThatThrownBy(() -> Documents.files(List.of(folder))).hasMessageContaining("is a folder");
        assertThatThrownBy(() -> Documents.lines(folder.resolve("nothing"))).hasMessageContaining("does not exist");
    }

    @Test
    void whatCanBeReadOnceIsReadOnce() {
        Documents documents = Documents.once("a queue", List.of("a", "b").iterator());
        assertThat(documents.count()).isEmpty();
        assertThat(all(documents))
                .extracting(Document::source)
                .containsExactly("a queue, document 0", "a queue, document 1");
        assertThatThrownBy(documents::open).hasMessageContaining("a queue was read already");
        Documents again = Documents.stream("a list", () -> List.of("a").iterator());
        assertThat(all(again)).isEqualTo(all(again));
    }

    @Test
    void documentsAreFoundByNumber() {
        Documents documents = Documents.of("a", "b", "c");
        assertThat(documents.find(List.of(2L, 0L)).values())
                .extracting(Document::text)
                .containsExactly("a", "c");
        assertThatThrownBy(() -> documents.find(List.of(3L))).hasMessage("3 texts: there is no document 3");
    }

    @Test
    void anotherCorpusHasAnotherFingerprint() throws IOException {
        String first = Documents.of("ab", "c").fingerprint().orElseThrow();
        assertThat(Documents.of("ab", "c").fingerprint()).contains(first);
        assertThat(Documents.of("a", "bc").fingerprint())
                .isNotEqualTo(Documents.of("ab", "c").fingerprint());
        Path file = write("k.txt", "a");
        String before = Documents.lines(file).fingerprint().orElseThrow();
        write("k.txt", "b");
        assertThat(Documents.lines(file).fingerprint().orElseThrow()).isNotEqualTo(before);
    }

    private Path write(String name, String text) throws IOException {
        return Files.writeString(folder.resolve(name), text);
    }

    private static List<Document> all(Documents documents) {
        var all = new ArrayList<Document>();
        try (DocumentCursor cursor = documents.open()) {
            cursor.forEachRemaining(all::add);
        }
        return all;
    }
}
