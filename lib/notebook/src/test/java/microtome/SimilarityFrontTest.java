package microtome;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import microtome.cli.TinyModel;
import microtome.probe.data.PositionRule;
import microtome.probe.data.prompt.PromptSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SimilarityFrontTest {
    private static final PromptSet LETTERS = PromptSet.of(
            "letters",
            Map.of(
                    "even",
                    List.of("ab", "cd", "abab", "cdcd", "abcdab"),
                    "odd",
                    List.of("abc", "bcd", "cab", "dab", "a1b")));

    @TempDir
    private Path folder;

    @Test
    void promptsCorporaAndRunsAreOneLineEach() throws IOException {
        Model model =
                Microtome.load(TinyModel.withTokenizer(folder.resolve("tiny")).toString());
        assertThat(model.prompts(LETTERS).similarity().cka().values().matrix()[0])
                .isNotEmpty();
        assertThat(model.prompts(LETTERS)
                        .at(PositionRule.MEAN)
                        .similarity()
                        .procrustes()
                        .table()
                        .rows())
                .isNotEmpty();
        assertThat(model.prompts(LETTERS).neighbourDepth().values().depths()).hasSize(10);
        assertThat(model.corpus(LETTERS.texts()).similarity().cka().values().neighbours())
                .isNotEmpty();
        assertThat(model.run("abcd").predictionDepth().values().depths()).hasSize(3);
    }

    @Test
    void twoModelsAreComparedByTokenAndByPrompt() throws IOException {
        Model model =
                Microtome.load(TinyModel.withTokenizer(folder.resolve("tiny")).toString());
        TwoModels two = Microtome.between(model, model);
        assertThat(two.similarity(LETTERS).cka().neighbours().rows()).isNotEmpty();
        double[][] matrix = two.similarity(LETTERS.texts(), 1000).cka().values().matrix();
        for (int layer = 0; layer < matrix.length; layer++) {
            assertThat(matrix[layer][layer]).isCloseTo(1, org.assertj.core.api.Assertions.within(1e-9));
        }
        assertThatThrownBy(() -> two.similarity(LETTERS.texts(), 0)).hasMessage("rows(0): keep at least 1");
    }
}
