package microtome.probe.attribution;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import microtome.display.MimeTypes;
import microtome.model.token.TokenSequence;
import microtome.probe.Prompts;
import microtome.probe.data.Integration;
import microtome.probe.data.ProbeResult;
import microtome.probe.data.RoundTrip;
import org.junit.jupiter.api.Test;

class ResultsTest {
    private static final Asked ASKED = new Asked(Prompts.ofTokens(2), "logit of a − b", 1, false, 0);
    private static final DirectAttribution DIRECT = direct(ASKED, 0.75);
    private static final AttributionPatching PATCHING = new AttributionPatching(
            new AttributionPatching.Pair(ASKED, Prompts.ofTokens(2), null),
            new AttributionPatching.Values(2, -1, scores(1), scores(-1)),
            PatchDirection.NOISING);
    private static final IntegratedGradients INTEGRATED = integrated(0.5);
    private static final InputGradients GRADIENTS = new InputGradients(
            ASKED,
            TokenSequence.ofIds(0, 1),
            new InputGradients.Values(new double[] {-0.5, 1}, new double[] {2, 3}, 0.75));

    /** Embedding 1, heads -0.5 and 0.125, bias 0.0625, MLP 0.0625, constant 0: they sum to 0.75. */
    private static DirectAttribution direct(Asked asked, double ofModel) {
        return new DirectAttribution(
                asked,
                new DirectAttribution.Values(
                        1,
                        0,
                        new double[] {-0.3125},
                        new double[][] {{-0.5, 0.125}},
                        new double[] {0.0625},
                        new double[] {0.0625},
                        0,
                        new double[] {1, 0.75},
                        ofModel));
    }

    private static PatchScores scores(double sign) {
        return new PatchScores(
                new double[][] {{0, -sign}, {0, -2 * sign}},
                new double[][] {{0, -0.5 * sign}},
                new double[][] {{0, 0.25 * sign}},
                new double[][][] {{{0, -0.75 * sign}, {0, 0.25 * sign}}});
    }

    private static IntegratedGradients integrated(double second) {
        return new IntegratedGradients(
                new IntegratedGradients.Way(
                        ASKED, TokenSequence.ofIds(0, 1), "the mean embedding", Integration.DEFAULT),
                new IntegratedGradients.Values(new double[] {0.25, second}, 1, 0.25));
    }

    @Test
    void everyResultShowsAPictureAndSaysWhatItIs() {
        for (ProbeResult<?> result :
                new ProbeResult<?>[] {DIRECT, PATCHING, PATCHING.denoising(), INTEGRATED, GRADIENTS}) {
            assertThat(result.mimeBundle()).containsKeys(MimeTypes.PLOTLY, MimeTypes.HTML, MimeTypes.TEXT);
            assertThat(result.plot().png()).isNotEmpty();
            assertThat(result.explain().facts())
                    .containsKeys("n", "metric", "position", "model", "sha256", "device", "tokens", "library");
            assertThat(result.explain().paper()).isNotNull();
            assertThat(result.toString()).isEqualTo(result.table().plainText());
        }
        for (var figure : Arrays.asList(DIRECT.heads(), DIRECT.accumulated(), GRADIENTS.norms(), PATCHING.heads())) {
            assertThat(figure.png()).isNotEmpty();
        }
        for (AttributedPart part : AttributedPart.values()) {
            assertThat(PATCHING.plot(part).png()).isNotEmpty();
        }
    }

    @Test
    void thePartsAreListedByTheirSize() {
        assertThat(DIRECT.values().sum()).isEqualTo(0.75);
        assertThat(DIRECT.top(3).rows())
                .extracting(row -> row.getFirst().value())
                .containsExactly("embedding", "head 0.0", "head 0.1");
        assertThat(DIRECT.table().plainText())
                .contains("embedding +1.0000")
                .contains("0.0 -0.5000")
                .contains("logit of a − b after t1 (position 1)")
                .contains("0.7500; sum of all parts: 0.7500");
    }

    @Test
    void aCapIsTold() {
        assertThat(DIRECT.explain().notes()).noneMatch(note -> note.contains("the model caps its logits"));
        DirectAttribution capped = direct(new Asked(Prompts.ofTokens(2), "logit of a − b", 1, false, 30), 0.7);
        assertThat(capped.explain().notes())
                .contains("logits count as they are before the family caps them to ±30.0")
                .contains(
                        "the model caps its logits: after the cap the metric is 0.7000; contributions add up before it");
        assertThat(capped.table().plainText()).contains("after the cap the metric is 0.7000");
    }

    @Test
    void roundedProductsAreTold() {
        DirectAttribution rounded = direct(new Asked(Prompts.ofTokens(2), "logit of a − b", 1, true, 0), 0.74);
        assertThat(rounded.explain().notes())
                .anyMatch(note -> note.contains("BF16"))
                .noneMatch(note -> note.contains("the model caps"));
    }

    @Test
    void scoresAreSeenFromEitherSide() {
        assertThat(PATCHING.table().plainText()).contains("corrupt into clean").contains("-2.0000");
        assertThat(PATCHING.denoising().table().plainText())
                .contains("clean into corrupt")
                .contains("+2.0000")
                .contains("clean 2.0000, corrupt -1.0000");
        assertThat(PATCHING.denoising().noising().table().plainText())
                .isEqualTo(PATCHING.table().plainText());
        assertThat(PATCHING.values().noising().headTotals()).isEqualTo(new double[][] {{-0.75, 0.25}});
        assertThat(PATCHING.top(2).rows())
                .extracting(row -> row.getFirst().value())
                .containsExactly("head 0.0", "attention output 0");
    }

    @Test
    void theGapIsShownAndMoreThanFivePercentIsCalledWrong() {
        assertThat(INTEGRATED.isTrusted()).isTrue();
        assertThat(INTEGRATED.table().plainText())
                .contains("sum 0.7500, F(prompt) − F(baseline) = 1.0000 − 0.2500 = 0.7500, gap 0.0 %")
                .doesNotContain("do not read");
        IntegratedGradients wrong = integrated(0.6);
        assertThat(wrong.values().gap()).isGreaterThan(0.05);
        assertThat(wrong.isTrusted()).isFalse();
        assertThat(wrong.plot().tree().toString()).contains("NOT CONVERGED");
        assertThat(wrong.table().plainText()).contains("do not read these numbers");
    }

    @Test
    void everyResultBecomesJsonAndComesBack() {
        for (ProbeResult<?> result :
                new ProbeResult<?>[] {DIRECT, PATCHING, PATCHING.denoising(), INTEGRATED, GRADIENTS}) {
            RoundTrip.check(result);
        }
    }

    @Test
    void valuesAreCopies() {
        DIRECT.values().heads()[0][0] = 9;
        assertThat(DIRECT.values().heads()[0][0]).isEqualTo(-0.5);
        PATCHING.values().noising().residual()[1][1] = 9;
        assertThat(PATCHING.values().noising().residual()[1][1]).isEqualTo(-2);
        INTEGRATED.values().tokens()[0] = 9;
        assertThat(INTEGRATED.values().tokens()[0]).isEqualTo(0.25);
        GRADIENTS.values().norms()[0] = 9;
        assertThat(GRADIENTS.values().norms()[0]).isEqualTo(2);
    }
}
