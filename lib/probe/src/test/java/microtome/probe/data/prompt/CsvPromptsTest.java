package microtome.probe.data.prompt;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CsvPromptsTest {
    @TempDir
    private Path folder;

    private PromptSet read(String text) throws IOException {
        return PromptSet.read(Files.writeString(folder.resolve("mine.csv"), text));
    }

    @Test
    void readsTextsAndLabels() throws IOException {
        var set = read("text,label\nGood food,yes\nBad food,no\n");
        assertThat(set.name()).isEqualTo("mine");
        assertThat(set.prompts()).containsExactly(Prompt.of("Good food", "yes"), Prompt.of("Bad food", "no"));
        assertThat(set.pairs()).isEmpty();
        assertThat(set.source()).isEqualTo(PromptSource.OWN);
    }

    @Test
    void readsGroupsAndWordsInAnyOrderOfColumns() throws IOException {
        var set = read("word, label,text,group\r\nbat,a,The bat flew.,g\r\n,b,Nothing,\r\n");
        assertThat(set.prompts())
                .containsExactly(new Prompt("The bat flew.", "a", "g", "bat"), new Prompt("Nothing", "b", "", ""));
    }

    @Test
    void quotedFieldsMayHoldCommasQuotesAndLines() throws IOException {
        var set = read("\uFEFFtext,label\n\"Well, \"\"yes\"\",\nshe said\",a\n\nlast,\"b\"");
        assertThat(set.prompts()).containsExactly(Prompt.of("Well, \"yes\",\nshe said", "a"), Prompt.of("last", "b"));
    }

    @Test
    void everyProblemNamesFileAndLineAndSaysWhatToDo() {
        assertProblem("", "the file is empty; its first line names the columns: text,label");
        assertProblem("text,label\n", "there is no prompt behind the names of the columns");
        assertProblem("text,lable\na,b\n", "line 1: unknown column 'lable'; nearest: label");
        assertProblem("a text without header,x\n", "line 1: unknown column 'a text without header'");
        assertProblem("text,group\na,b\n", "line 1: no column 'label' among text,group");
        assertProblem("text,label,text\na,b,c\n", "line 1: a column stands twice in text,label,text");
        assertProblem(
                "text,label\na,b\nHello, world,b\n",
                "line 3: 3 fields for 2 columns; put texts with commas in double quotes");
        assertProblem("text,label\na\n", "line 2: 1 fields for 2 columns");
        assertProblem("text,label\n\"a\nb\",x\n ,y\n", "line 4: a prompt needs a text; this one is blank");
        assertProblem("text,label\na,\n", "line 2: no label; give each prompt one");
        assertProblem("text,label,word\nA bat,x,cat\n", "line 2: prompt 'A bat': the word 'cat' does not stand in it");
        assertProblem("text,label\n\"a,b\n", "line 2: a quote is opened and never closed");
        assertProblem("text,label\nsay \"a\",b\n", "line 2: a quote in the middle of a field");
        assertProblem("text,label\n\"a\"b,c\n", "line 2: 'b' stands behind a closing quote");
    }

    private void assertProblem(String text, String message) {
        assertThatThrownBy(() -> read(text))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("mine.csv: ")
                .hasMessageContaining(message);
    }

    @Test
    void otherEncodingsAndMissingFilesAreErrors() throws IOException {
        Path latin =
                Files.write(folder.resolve("latin.csv"), "text,label\nCafé,x\n".getBytes(StandardCharsets.ISO_8859_1));
        assertThatThrownBy(() -> PromptSet.read(latin)).hasMessageContaining("the file is not UTF-8; save it as UTF-8");
        assertThatThrownBy(() -> PromptSet.read(folder.resolve("none.csv")))
                .isInstanceOf(NoSuchFileException.class)
                .hasMessageContaining("there is no such file");
    }
}
