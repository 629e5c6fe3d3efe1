package microtome.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import microtome.Microtome;
import microtome.model.Site;
import microtome.model.corpus.document.Documents;
import microtome.model.corpus.fold.TopExamples;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CorpusCellTest {
    private static final List<String> TEXTS = List.of("one text", "and another", "", "a third one");

    @TempDir
    private Path folder;

    @Test
    void aCellFoldsTextsAndSaysWhatItRead() throws IOException {
        var model =
                Microtome.load(TinyModel.withTokenizer(folder.resolve("tiny")).toString());
        Site site = Site.residual(2);
        var corpus = model.corpus(TEXTS).length(8).skipFirst(1);
        var moments = corpus.moments(site);
        assertThat(moments.at(site).count()).isEqualTo(30 - 5); // five pieces lose their first position
        assertThat(moments.explain().plainText()).contains("3 of 4 documents, 1 empty ones skipped");
        assertThat(corpus.mimeBundle().get("text/plain").toString()).contains("length 8", "first 1 positions skipped");
        TopExamples.Example best = corpus.examples(3, site).at(site).of(0).getFirst();
        assertThat(corpus.covariance(site).at(site).matrix()[0][0])
                .isCloseTo(moments.at(site).variance()[0], org.assertj.core.api.Assertions.withinPercentage(0.01));
        String text = corpus.harvest()
                .documents()
                .find(List.of(best.document()))
                .get(best.document())
                .text();
        assertThat(best.position()).isBetween(1, text.length() - 1);
        Path lines = Files.write(folder.resolve("lines.txt"), TEXTS);
        assertThat(model.corpus(Documents.lines(lines)).moments(site).at(site).count())
                .isEqualTo(30);
        assertThat(corpus.store(folder.resolve("shards"), site).rows()).isEqualTo(25);
    }
}
