package microtome;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import microtome.cli.TinyModel;
import microtome.display.MimeTypes;
import microtome.model.LoadOptions;
import microtome.probe.concept.cluster.ClusterOptions;
import microtome.probe.concept.comparison.Classifier;
import microtome.probe.concept.comparison.ClassifierOptions;
import microtome.probe.data.prompt.PromptSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Every character is a token of this model. */
class ClassifierFrontTest {
    @Test
    void promptsAreReadByClassifiersAndFallIntoClusters(@TempDir Path folder) throws IOException {
        var lm = Microtome.load(
                TinyModel.withTokenizer(folder.resolve("tiny")).toString(), LoadOptions.DEFAULT.backend("reference"));
        var prompts = lm.prompts(PromptSet.of(
                "two kinds",
                Map.of("short", List.of("a b", "b c", "c d"), "long", List.of("one of", "of one", "ten of"))));
        var read = prompts.classifiers("emb");
        assertThat(read.mimeBundle()).containsKey(MimeTypes.PLOTLY);
        assertThat(read.classifiers()).containsExactly(Classifier.values());
        assertThat(read.explain().facts()).containsKey("device");
        var trees = ClassifierOptions.DEFAULT.only(Classifier.TREE);
        assertThat(prompts.classifiers(trees).layerNames()).startsWith("emb", "1");
        assertThat(prompts.clusters().layerNames()).startsWith("emb", "1");
        assertThat(prompts.clusters(ClusterOptions.DEFAULT.components(2).minClusterSize(2))
                        .table()
                        .plainText())
                .contains("the first 2 principal components");
    }
}
