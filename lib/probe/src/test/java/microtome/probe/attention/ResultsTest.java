package microtome.probe.attention;

import static org.assertj.core.api.Assertions.assertThat;

import microtome.display.MimeTypes;
import microtome.probe.Prompts;
import microtome.probe.data.RoundTrip;
import org.junit.jupiter.api.Test;

class ResultsTest {
    private static final float[][] PREVIOUS = {{1, 0, 0}, {1, 0, 0}, {0, 1, 0}};
    private static final float[][] SINK = {{1, 0, 0}, {1, 0, 0}, {1, 0, 0}};
    private static final PatternSource SOURCE = new PatternSource(Prompts.ofTokens(3), 5);
    private static final HeadPattern HEAD = new HeadPattern(SOURCE, 2, PREVIOUS);
    private static final BlockPatterns BLOCK = new BlockPatterns(SOURCE, new float[][][] {PREVIOUS, SINK});

    @Test
    void whatCausalityForbidsIsAGapInThePictureAndZeroInTheNumbers() {
        assertThat(HEAD.plot().plainText()).contains("heat map 3 x 3").contains("3 NaN");
        assertThat(HEAD.values()).isDeepEqualTo(PREVIOUS);
        assertThat(HEAD.plot().png()).isNotEmpty();
    }

    @Test
    void theTableOfAHeadSaysWhereEveryQueryLooks() {
        assertThat(HEAD.table().plainText()).contains("t2").contains("t1 (1)").contains("block 5, head 2");
        assertThat(HEAD).hasToString(HEAD.table().plainText());
        assertThat(HEAD.mimeBundle()).containsKey(MimeTypes.PLOTLY);
    }

    @Test
    void allHeadsAreOnePanelEachAndOneRowEach() {
        assertThat(BLOCK.plot().plainText()).contains("2 heat maps 3 x 3");
        assertThat(BLOCK.plot().png()).isNotEmpty();
        assertThat(BLOCK.table().rows()).hasSize(2);
        assertThat(BLOCK.table().plainText()).contains("n = 2").contains("0.5000");
        assertThat(BLOCK.statistics()).containsExactly(HeadStatistics.of(PREVIOUS), HeadStatistics.of(SINK));
    }

    @Test
    void everyResultSaysWhatItIs() {
        assertThat(HEAD.explain().facts())
                .containsEntry("block", "5")
                .containsEntry("head", "2")
                .containsKeys("n", "tokens");
        assertThat(BLOCK.explain().paper()).hasToString("https://arxiv.org/abs/1706.03762");
    }

    @Test
    void everyResultBecomesJsonAndComesBack() {
        RoundTrip.check(HEAD);
        RoundTrip.check(BLOCK);
    }

    @Test
    void onePromptTokenHasNoStatisticsAndSaysWhy() {
        var alone = new BlockPatterns(new PatternSource(Prompts.ofTokens(1), 0), new float[][][] {{{1}}});
        assertThat(alone.table().plainText()).contains("NaN").contains(PatternSource.ONE_TOKEN);
        assertThat(alone.plot().png()).isNotEmpty();
    }
}
