package microtome.probe.depth;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import microtome.model.LanguageModel;
import microtome.model.Site;
import microtome.model.config.BlockOrder;
import microtome.model.edit.Edit;
import microtome.model.edit.Edits;
import microtome.model.edit.RunPlan;
import microtome.model.token.TokenSequence;
import microtome.probe.data.Origin;
import microtome.probe.data.RoundTrip;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ContributionsTest {
    private static final List<TokenSequence> PROMPTS = Fixtures.prompts(12, 7, 12);

    private static LanguageModel model;

    @TempDir
    private Path folder;

    @BeforeAll
    static void load() {
        model = Fixtures.model("llama-tied");
    }

    @AfterAll
    static void close() {
        model.close();
    }

    /** h = (3, 4), a = (4, -3), m = (-7, 1): right angle, then back to the negative of what was there. */
    @Test
    void lengthsAndCosinesAreThoseOfTheFormulas() {
        float[] h = {9, 9, 3, 4};
        float[] a = {9, 9, 4, -3};
        float[] m = {9, 9, -10, -5};
        float[] after = {9, 9, -3, -4};
        var vectors = new BlockVectors(BlockOrder.NORM_FIRST, 2);
        vectors.take(1, h, a, null, m, after);
        assertThat(vectors.measure(Quantity.ATTENTION_SHARE)).isEqualTo(1);
        assertThat(vectors.measure(Quantity.ATTENTION_COSINE)).isZero();
        assertThat(vectors.measure(Quantity.MLP_SHARE)).isCloseTo(Math.sqrt(125.0 / 50), within(1e-15));
        assertThat(vectors.measure(Quantity.MLP_COSINE)).isCloseTo(-75 / Math.sqrt(125.0 * 50), within(1e-15));
        assertThat(vectors.measure(Quantity.BLOCK_SHARE)).isEqualTo(2);
        assertThat(vectors.measure(Quantity.BLOCK_COSINE)).isEqualTo(-1);
        assertThat(vectors.measure(Quantity.STREAM_COSINE)).isEqualTo(-1);
        assertThat(vectors.measure(Quantity.STREAM_NORM)).isEqualTo(5);
        var parallel = new BlockVectors(BlockOrder.PARALLEL, 2);
        parallel.take(1, h, a, null, m, after);
        assertThat(parallel.measure(Quantity.MLP_SHARE)).isCloseTo(Math.sqrt(125.0 / 25), within(1e-15));
        assertThat(parallel.measure(Quantity.MLP_COSINE)).isCloseTo(-50 / Math.sqrt(125.0 * 25), within(1e-15));
    }

    @Test
    void aVectorWithoutLengthHasNoCosineAndASmallDenominatorIsHeldUp() {
        var vectors = new BlockVectors(BlockOrder.NORM_FIRST, 2);
        vectors.take(0, new float[2], new float[] {3e-6f, 4e-6f}, null, new float[2], new float[] {3e-6f, 4e-6f});
        assertThat(vectors.measure(Quantity.ATTENTION_SHARE)).isCloseTo(5, within(1e-6));
        assertThat(vectors.measure(Quantity.ATTENTION_COSINE)).isNaN();
        assertThat(vectors.measure(Quantity.MLP_SHARE)).isZero();
        assertThat(vectors.measure(Quantity.MLP_COSINE)).isNaN();
    }

    @Test
    void aSpreadLeavesOutWhatIsNoNumber() {
        assertThat(Spread.of(4, Double.NaN, 1, 2, 9)).isEqualTo(new Spread(4, 3, 9, 4, 1));
        assertThat(Spread.of(Double.NaN).n()).isZero();
        assertThat(Spread.of(Double.NaN).mean()).isNaN();
    }

    /** h_0 + sum of a + m = h_L, read off the cosines' parts: what blocks add is what the stream gains. */
    @Test
    void whatBlocksAddIsWhatTheStreamGains() {
        try (var scope = model.engine().openScope()) {
            var batch =
                    new SkipBatch(model, List.of(new Trial(0, PROMPTS.getFirst(), 12, 1)), SkippedPart.BLOCK, scope);
            for (int block = 0; block < 3; block++) {
                double largest = 0;
                float[] gained =
                        batch.stream(block + 1).minus(batch.stream(block)).toFloats();
                int width = model.config().width();
                for (int position = 1; position < 12; position++) {
                    double squares = 0;
                    for (int i = position * width; i < (position + 1) * width; i++) {
                        squares += (double) gained[i] * gained[i];
                    }
                    largest = Math.max(largest, Math.sqrt(squares));
                }
                double found = DepthUse.of(model, List.of(PROMPTS.getFirst()))
                        .contributions()
                        .of(Quantity.BLOCK_NORM)
                        .byBlock()
                        .get(block)
                        .maximum();
                assertThat(found).isCloseTo(largest, within(1e-5 * largest));
            }
        }
    }

    @Test
    void position0CountsOnlyWhereItIsAskedForOrAlone() {
        DepthUse depth = DepthUse.of(model, PROMPTS);
        assertThat(depth.contributions().of(Quantity.STREAM_NORM).byBlock()).allMatch(spread -> spread.n() == 28);
        Contributions all = depth.withFirstPosition().contributions();
        assertThat(all.of(Quantity.STREAM_NORM).byBlock()).allMatch(spread -> spread.n() == 31);
        assertThat(all.explain().facts()).containsEntry("positions", "all");
        Contributions single = DepthUse.of(model, Fixtures.prompts(1)).contributions();
        assertThat(single.of(Quantity.STREAM_NORM).byBlock()).allMatch(spread -> spread.n() == 1);
        assertThat(single.explain().notes()).anyMatch(note -> note.startsWith("1 prompts of one token"));
    }

    @Test
    void aRunWithEditsIsMeasuredAsTheyMakeIt() {
        var plan = new RunPlan(model, PROMPTS.getFirst(), Edits.of(Edit.zero(Site.mlpOutput(1))));
        Contributions found = DepthUse.of(plan).contributions();
        assertThat(found.of(Quantity.MLP_NORM).means()[1]).isZero();
        assertThat(found.of(Quantity.MLP_NORM).means()[0]).isPositive();
        assertThat(found.of(Quantity.MLP_COSINE).byBlock().get(1).leftOut()).isEqualTo(11);
        assertThat(found.table().plainText()).contains("a vector shorter than 1e-12 has no direction");
        assertThat(found.explain().facts())
                .containsEntry("left out", "at most 11 positions of a block, where a vector has no direction");
        RoundTrip.check(found);
    }

    @Test
    void aNumberThatIsNoneIsNamedBySite() {
        try (var broken = Fixtures.changed(folder, (name, values) -> {
            if (name.equals("model.layers.1.mlp.down_proj.weight")) {
                values[3] = Float.NaN;
            }
        })) {
            DepthUse depth = DepthUse.of(broken, PROMPTS);
            assertThatThrownBy(depth::contributions)
                    .isInstanceOf(ArithmeticException.class)
                    .hasMessageStartingWith("mlp_output.1, position 0, element 0 is NaN");
            assertThatThrownBy(() -> depth.skip().current())
                    .isInstanceOf(ArithmeticException.class)
                    .hasMessageStartingWith("residual.2, prompt 1, position 0 is not finite");
        }
    }

    @Test
    void anInterruptKeepsThePromptsThatAreDone() {
        Thread.currentThread().interrupt();
        Contributions found = DepthUse.of(model, PROMPTS).contributions();
        assertThat(Thread.interrupted()).as("the interrupt was heard").isFalse();
        assertThat(found.isComplete()).isFalse();
        assertThat(found.of(Quantity.BLOCK_SHARE).means()).containsOnly(Double.NaN);
        assertThat(found.table().plainText()).contains("not complete: stopped after 0 of 3 prompts");
        RoundTrip.check(found);
    }

    @Test
    void barsOfTheFirstBlockThatWouldHideAllOthersAreCutAndTold() {
        List<Contributions.Measured> measured = Arrays.stream(Quantity.values())
                .map(quantity -> new Contributions.Measured(quantity, List.of(Spread.of(17.25), Spread.of(0.5))))
                .toList();
        String tree = new Contributions(measured, BlockOrder.NORM_FIRST, false, "", Origin.given("made up"))
                .plot()
                .tree()
                .toString();
        assertThat(tree.replace("<br>", " "))
                .contains("block 0 is cut: attention 17.25, MLP 17.25, block 17.25", "[0.6, 0.5]");
    }

    @Test
    void everyPictureAndTheJsonAreOfAllBlocks() {
        Contributions found = RoundTrip.check(DepthUse.of(model, PROMPTS).contributions());
        assertThat(found.cosinePlot().tree().toString()).contains("writes something new", "attention");
        assertThat(found.normPlot().tree().toString()).contains("stream");
        try (var encoder = Fixtures.model("bert")) {
            Contributions postNorm =
                    RoundTrip.check(DepthUse.of(encoder, PROMPTS).contributions());
            assertThat(postNorm.plot().tree().toString()).contains("post-norm");
            assertThat(postNorm.table().plainText()).contains("|h' - h| / |h|");
        }
    }
}
