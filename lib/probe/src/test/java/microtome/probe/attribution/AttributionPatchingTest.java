package microtome.probe.attribution;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import microtome.model.LanguageModel;
import microtome.model.Site;
import microtome.model.Tap;
import microtome.model.edit.Edit;
import microtome.model.edit.Edits;
import microtome.model.edit.RunPlan;
import microtome.model.token.TokenSequence;
import microtome.probe.BundledModel;
import microtome.probe.data.Integration;
import microtome.tensor.Tensor;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class AttributionPatchingTest {
    /** The bound on every tensor of a tiny model in float32. */
    private static final double NEAR = 2e-5;

    @TempDir
    Path folder;

    /** Exchanging values for true, one by one, is what the scores estimate: the error falls with the square of the change. */
    @Test
    void smallChangesAreEstimatedToSecondOrder() {
        double coarse = worstError(folder.resolve("coarse"), 1.0 / 8);
        double fine = worstError(folder.resolve("fine"), 1.0 / 32);
        assertThat(coarse).isGreaterThan(10 * NEAR); // so that rounding is no part of it
        assertThat(coarse / fine).isBetween(10.0, 26.0); // 16, where the next order is small
    }

    @Test
    void aValueThatDoesNotDifferHasScoreZero() {
        try (var model = TinyOne.load(folder, "reference")) {
            PatchScores scores = Attribution.of(model, TinyOne.CLEAN, TinyOne.METRIC)
                    .patching(TinyOne.CORRUPT)
                    .values()
                    .denoising();
            for (AttributedPart part : AttributedPart.values()) {
                for (double[] row : scores.of(part)) {
                    assertThat(row[0]).isEqualTo(0.0); // before the token that differs
                }
            }
            assertThat(scores.heads()[1][1][0]).isEqualTo(0.0);
        }
    }

    @Test
    void headsSumToTheAttentionOutput() {
        try (var model = TinyOne.fixture("llama-rope3", "cpu")) {
            var found = Attribution.of(model, TokenSequence.ofIds(4, 9, 33, 70), new LogitMetric.Difference(1, 2))
                    .patching(TokenSequence.ofIds(4, 10, 33, 71))
                    .values();
            for (PatchScores scores : List.of(found.noising(), found.denoising())) {
                for (int block = 0; block < 3; block++) {
                    for (int position = 0; position < 4; position++) {
                        double sum = 0;
                        for (double[] head : scores.heads()[block]) {
                            sum += head[position];
                        }
                        assertThat(sum).isCloseTo(scores.attention()[block][position], within(NEAR));
                    }
                }
            }
        }
    }

    @Test
    void denoisingIsNoisingWithThePromptsExchanged() {
        try (var model = TinyOne.load(folder, "cpu")) {
            var there = Attribution.of(model, TinyOne.CLEAN, TinyOne.METRIC)
                    .patching(TinyOne.CORRUPT)
                    .values();
            var back = Attribution.of(model, TinyOne.CORRUPT, TinyOne.METRIC)
                    .patching(TinyOne.CLEAN)
                    .values();
            assertThat(back.clean()).isCloseTo(there.corrupt(), within(NEAR));
            for (AttributedPart part : AttributedPart.values()) {
                double[][] expected = there.denoising().of(part);
                for (int row = 0; row < expected.length; row++) {
                    assertThat(back.noising().of(part)[row]).containsExactly(expected[row], within(NEAR));
                }
            }
        }
    }

    @Test
    void averagedGradientsOfTheEmbeddingSumToTheDifferenceOfThePrompts() {
        try (var model = TinyOne.load(folder, "reference")) {
            var found = Attribution.of(model, TinyOne.CLEAN, TinyOne.METRIC)
                    .patching(TinyOne.CORRUPT, Integration.gaussLegendre(20))
                    .values();
            double change = found.corrupt() - found.clean();
            assertThat(Arrays.stream(found.noising().residual()[0]).sum()).isCloseTo(change, within(NEAR));
            assertThat(Arrays.stream(found.denoising().residual()[0]).sum()).isCloseTo(-change, within(NEAR));
        }
    }

    @Test
    void averagingIsNearerToTheTruthThanThePromptAlone() {
        try (var model = TinyOne.load(folder, "reference")) {
            var attribution = Attribution.of(model, TinyOne.CLEAN, TinyOne.METRIC);
            double exact = exact(model, Site.residual(0), 1);
            double first =
                    attribution.patching(TinyOne.CORRUPT).values().noising().residual()[0][1];
            double averaged = attribution
                    .patching(TinyOne.CORRUPT, Integration.midpoint(5))
                    .values()
                    .noising()
                    .residual()[0][1];
            assertThat(exact).isCloseTo(1.070818, within(NEAR));
            assertThat(first).isNegative(); // the wrong sign
            assertThat(averaged).isCloseTo(exact, within(0.002)); // as the independent program's five midpoints
        }
    }

    @Test
    void equalPromptsHaveNoEffectAndSaySo() {
        try (var model = TinyOne.load(folder, "cpu")) {
            AttributionPatching found =
                    Attribution.of(model, TinyOne.CLEAN, TinyOne.METRIC).patching(TinyOne.CLEAN);
            assertThat(found.values().noising().residual()[2]).containsOnly(0.0);
            assertThat(found.table().plainText()).contains("both prompts have the same metric");
            assertThat(found.explain().plainText()).contains("both prompts have the same metric");
            assertThat(found.plot().mimeBundle()).isNotEmpty();
        }
    }

    @Test
    void aPromptOfOneTokenIsExchangedWhole() {
        try (var model = TinyOne.load(folder, "cpu")) {
            AttributionPatching found = Attribution.of(model, TokenSequence.ofIds(3), TinyOne.METRIC)
                    .patching(TokenSequence.ofIds(5), Integration.gaussLegendre(40));
            double change = found.values().corrupt() - found.values().clean();
            assertThat(found.values().noising().residual()[0][0]).isCloseTo(change, within(NEAR * 10));
        }
    }

    /** Both runs have the edit, so a value that is edited away has no effect, and the rest is that of the edited model. */
    @Test
    void editsReachBothPrompts() {
        try (var model = TinyOne.load(folder, "reference")) {
            Edits silent = Edits.of(Edit.zero(Site.attentionOutput(1)));
            RunPlan clean = RunPlan.of(model, TinyOne.CLEAN).with(silent);
            var attribution = Attribution.of(clean, TinyOne.METRIC);
            RunPlan corrupt = RunPlan.of(model, TinyOne.CORRUPT);
            AttributionPatching.Values found = attribution.patching(corrupt).values();
            assertThat(found.clean()).isCloseTo(attribution.direct().values().metric(), within(NEAR));
            double other = Attribution.of(corrupt.with(silent), TinyOne.METRIC)
                    .direct()
                    .values()
                    .metric();
            assertThat(found.corrupt()).isCloseTo(other, within(NEAR));
            assertThat(found.noising().attention()[1]).containsOnly(0.0);
            assertThat(found.noising().heads()[1][0]).containsOnly(0.0);
            var averaged =
                    attribution.patching(corrupt, Integration.gaussLegendre(20)).values();
            assertThat(Arrays.stream(averaged.noising().residual()[0]).sum())
                    .isCloseTo(other - found.clean(), within(NEAR));
            Edits others = Edits.of(Edit.zero(Site.mlpOutput(0)));
            assertThatThrownBy(() -> attribution.patching(corrupt.with(others)))
                    .hasMessageContaining("give the other run without edits");
        }
    }

    @Test
    void everyFamilyIsDifferentiated() {
        for (String family : List.of("gpt2", "gpt-neox", "gemma2", "gemma3", "olmo2", "phi3", "qwen2", "qwen3")) {
            try (var model = TinyOne.fixture(family, "reference")) {
                var found = Attribution.of(model, TokenSequence.ofIds(4, 9, 33, 70), new LogitMetric.Difference(1, 2))
                        .patching(TokenSequence.ofIds(4, 10, 33, 71), Integration.gaussLegendre(200))
                        .values();
                double change = found.corrupt() - found.clean();
                assertThat(change).as(family).isNotZero();
                assertThat(Arrays.stream(found.noising().residual()[0]).sum())
                        .as(family)
                        .isCloseTo(change, within(10 * NEAR));
            }
        }
    }

    @Test
    void promptsOfDifferentLengthAreShown() {
        LanguageModel model = BundledModel.get();
        var attribution =
                Attribution.of(model, BundledModel.tokens("capital"), LogitMetric.difference(model, " Paris", " Rome"));
        assertThatThrownBy(() -> attribution.patching("The capital of Italy"))
                .hasMessageContaining("one prompt has 5 tokens and the other 4")
                .hasMessageContaining("[0]The [1]␣capital [2]␣of [3]␣France [4]␣is")
                .hasMessageContaining("[0]The [1]␣capital [2]␣of [3]␣Italy");
        assertThatThrownBy(() -> attribution.integratedGradients(
                        Baseline.prompt(model.tokenizer().encode("The capital of Italy"))))
                .hasMessageContaining("integrated gradients compares position by position");
    }

    @Test
    void theBundledModelTakesFranceForItaly() {
        LanguageModel model = BundledModel.get();
        TokenSequence clean = BundledModel.tokens("capital");
        AttributionPatching found = Attribution.of(model, clean, LogitMetric.difference(model, " Paris", " Rome"))
                .patching("The capital of Italy is");
        AttributionPatching.Values values = found.values();
        assertThat(values.clean()).isPositive();
        assertThat(values.corrupt()).isNegative();
        for (double[] row : values.noising().residual()) {
            assertThat(row[0]).isZero();
            assertThat(row[2]).isZero(); // nothing before France knows of it
        }
        assertThat(values.noising().residual()[0][4]).isZero(); // and the last token has not heard of it yet
        assertThat(values.noising().residual()[30][3]).isZero(); // nor can it be heard any more after the last block
        assertThat(values.noising().residual()[30][4]).isNegative();
        assertThat(found.top(3).rows()).hasSize(3);
        assertThat(found.table().plainText()).contains("␣France/␣Italy");
        assertThat(found.denoising().explain().name()).isEqualTo("attribution patching, clean into corrupt");
        assertThat(found.heads().mimeBundle()).isNotEmpty();
        assertThatThrownBy(() -> found.heads(5)).hasMessage("position 5: the prompts have positions 0..4");
    }

    /** The largest difference of a score and the true change, over parts and heads of all positions. */
    private static double worstError(Path folder, double share) {
        folder.toFile().mkdirs();
        try (var model = TinyOne.loadWithCorruption(folder, share)) {
            PatchScores scores = Attribution.of(model, TinyOne.CLEAN, TinyOne.METRIC)
                    .patching(TinyOne.CORRUPT)
                    .values()
                    .noising();
            double worst = 0;
            for (AttributedPart part : AttributedPart.values()) {
                double[][] rows = scores.of(part);
                for (int row = 0; row < rows.length; row++) {
                    for (int position = 0; position < 6; position++) {
                        double exact = exact(model, part.site(row), position);
                        worst = Math.max(worst, Math.abs(rows[row][position] - exact));
                    }
                }
            }
            return Math.max(worst, worstOfHeads(model, scores));
        }
    }

    private static double worstOfHeads(LanguageModel model, PatchScores scores) {
        double worst = 0;
        for (int block = 0; block < 2; block++) {
            for (int head = 0; head < 2; head++) {
                for (int position = 0; position < 6; position++) {
                    double exact = exact(model, Site.headOutput(block), position, head);
                    worst = Math.max(worst, Math.abs(scores.heads()[block][head][position] - exact));
                }
            }
        }
        return worst;
    }

    /** The change of the metric when the corrupt prompt's value at one position, or of one head there, is put in. */
    private static double exact(LanguageModel model, Site site, int... place) {
        float[] corrupt =
                model.activations(TinyOne.CORRUPT, List.of(site)).at(site).row(place);
        return metric(model, new Put(site, place, corrupt)) - metric(model, Tap.NONE);
    }

    private static double metric(LanguageModel model, Tap edit) {
        var seen = new float[1][];
        model.run(List.of(TinyOne.CLEAN), Tap.all(List.of(edit, new Put(Site.logits(), new int[0], null) {
            @Override
            public Tensor at(Site site, Tensor value) {
                seen[0] = value.toFloats();
                return value;
            }
        })));
        return (double) seen[0][5 * 11 + 9] - seen[0][5 * 11 + 2];
    }

    /** Puts numbers in the place of one position, or of one head there. */
    private static class Put implements Tap {
        private final Site where;
        private final int[] place;
        private final float[] numbers;

        Put(Site where, int[] place, float[] numbers) {
            this.where = where;
            this.place = place;
            this.numbers = numbers;
        }

        @Override
        public boolean wants(Site site) {
            return site.equals(where);
        }

        @Override
        public Tensor at(Site site, Tensor value) {
            float[] all = value.toFloats();
            int offset =
                    place[0] * (place.length == 1 ? numbers.length : Math.toIntExact(value.extent(2)) * numbers.length)
                            + (place.length == 1 ? 0 : place[1] * numbers.length);
            System.arraycopy(numbers, 0, all, offset, numbers.length);
            return value.engine().tensor(all, value.shape().extents());
        }
    }
}
