package microtome.probe.dimension;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.List;
import microtome.display.InterruptedWorkException;
import microtome.display.MimeTypes;
import microtome.probe.data.Origin;
import microtome.probe.data.ProbeResult;
import microtome.probe.data.RoundTrip;
import microtome.probe.data.prompt.Prompt;
import microtome.probe.data.prompt.PromptSet;
import microtome.probe.data.prompt.PromptStates;
import org.junit.jupiter.api.Test;

class LayerDimensionsTest {
    private static final List<String> LAYERS = List.of("emb", "1", "2");
    private static final DimensionOptions OPTIONS =
            DimensionOptions.DEFAULT.sample(300).scales(3);

    private static final LayerDimensions FOUND = measured();

    private static LayerDimensions measured() {
        float[][] plane = States.floats(States.embedded(States.normal(400, 2, 1), 20, 2));
        float[][] cloud = States.floats(States.normal(400, 20, 3));
        return LayerDimensions.of(
                LAYERS, new float[][][] {plane, cloud, new float[400][20]}, "made-up states", OPTIONS);
    }

    private static List<ProbeResult<?>> all(LayerDimensions found) {
        return List.of(found, found.intrinsic(), found.scales(), found.ranks(), found.anisotropy());
    }

    @Test
    void everyResultComesBackFromItsJsonAndShowsWhatItIs() {
        for (var result : all(FOUND)) {
            RoundTrip.check(result);
            assertThat(result.mimeBundle()).containsKeys(MimeTypes.PLOTLY, MimeTypes.HTML);
            assertThat(result.plot().png()).isNotEmpty();
            assertThat(result).hasToString(result.table().plainText());
            assertThat(result.explain().facts()).containsEntry("n", "400").containsEntry("inputs", "made-up states");
        }
    }

    @Test
    void aPlaneIsSmallInEveryMeasureAndACloudIsLarge() {
        var intrinsic = FOUND.intrinsic().values();
        var ranks = FOUND.ranks().values();
        // Three standard errors of the estimate from 300 states, D / √N each.
        assertThat(intrinsic.fit()[0]).isCloseTo(2, within(3 * 2 / Math.sqrt(300)));
        assertThat(intrinsic.likeliest()).hasDimensions(3, 3);
        assertThat(intrinsic.fit()[1]).isGreaterThan(8);
        for (double[] rank : List.of(ranks.ofVariances(), ranks.participationRatio(), ranks.stableRank())) {
            assertThat(rank[0]).isBetween(1.0, 2.0001);
            assertThat(rank[1]).isBetween(10.0, 20.0);
        }
        assertThat(ranks.bound()).containsExactly(20, 20, 20);
    }

    @Test
    void statesThatDoNotVaryAreMissingWithTheirReasonInEveryTable() {
        for (var result : all(FOUND)) {
            assertThat(result.table().rows().toString()).contains("NaN");
            assertThat(result.explain().notes()).anyMatch(note -> note.startsWith("layer 2 is missing: "));
        }
        assertThat(FOUND.ranks().table().plainText()).contains(LayerDimension.FLAT);
        assertThat(FOUND.intrinsic().table().plainText())
                .contains("1 different states of 300, fewer than 50")
                .contains("1 different states of 300 have no 20 neighbours each");
        assertThat(FOUND.anisotropy().table().plainText()).contains(LayerDimension.NO_DIRECTIONS);
        assertThat(FOUND.plot().plainText()).contains("NaN");
    }

    @Test
    void partsOfTheSampleAreMeasuredAlone() {
        var scales = FOUND.scales().values().scales();
        assertThat(scales).hasSize(3);
        assertThat(scales.get(1).getFirst().states()).isEqualTo(150);
        assertThat(scales.get(2).getFirst().parts()).isEqualTo(4);
        assertThat(scales.get(0).getFirst().fit())
                .isEqualTo(FOUND.intrinsic().values().fit()[0]);
        assertThat(scales.get(0).getFirst().deviation()).isNaN();
        assertThat(scales.get(2).getFirst().deviation()).isPositive();
    }

    @Test
    void fewPromptsHaveRanksButNoIntrinsicDimension() {
        var texts = Arrays.stream("a b c d e f g h".split(" "))
                .map(text -> Prompt.of(text, ""))
                .toList();
        float[][] states = States.floats(States.normal(8, 30, 5));
        var found = LayerDimensions.of(
                new PromptStates(
                        new PromptSet("letters", texts, List.of()),
                        List.of("3"),
                        new float[][][] {states},
                        Origin.given("8 prompts")),
                DimensionOptions.DEFAULT);
        assertThat(found.intrinsic().values().fit()).containsOnly(Double.NaN);
        assertThat(found.intrinsic().values().likeliest()[0][0]).isPositive(); // five neighbours there are
        assertThat(found.intrinsic().values().likeliest()[1][0]).isNaN();
        assertThat(found.ranks().values().bound()).containsExactly(7);
        assertThat(found.ranks().values().ofSingularValues()[0]).isLessThanOrEqualTo(7);
        all(found).forEach(RoundTrip::check);
    }

    @Test
    void oneStateIsMissingEverywhereAndNoError() {
        var found =
                LayerDimensions.of(List.of("1"), new float[][][] {{{1, 2, 3}}}, "one state", DimensionOptions.DEFAULT);
        for (var result : all(found)) {
            RoundTrip.check(result);
            assertThat(result.plot().png()).isNotEmpty();
        }
        assertThat(found.ranks().values().bound()).containsExactly(0);
    }

    @Test
    void oneSeedMakesOneResultAndAnotherDrawsOtherStates() {
        assertThat(measured().json()).isEqualTo(FOUND.json());
        float[][] cloud = States.floats(States.normal(400, 20, 3));
        double first = fit(cloud, OPTIONS);
        assertThat(fit(cloud, OPTIONS)).isEqualTo(first);
        assertThat(fit(cloud, OPTIONS.seed(2))).isNotEqualTo(first);
    }

    private static double fit(float[][] states, DimensionOptions options) {
        return LayerDimensions.of(List.of("1"), new float[][][] {states}, "cloud", options)
                .intrinsic()
                .values()
                .fit()[0];
    }

    @Test
    void anInterruptKeepsTheLayersThatAreDone() {
        var meter = new LayerMeter(OPTIONS);
        double[][] cloud = States.normal(60, 4, 1);
        var reading = new DimensionReading(OPTIONS);
        var measured = reading.measured(LAYERS, Origin.given("made-up states"), layer -> {
            var done = meter.measured(LAYERS.get(layer), cloud);
            if (layer == 1) {
                Thread.currentThread().interrupt();
            }
            return done;
        });
        assertThat(measured.names()).containsExactly("emb", "1");
        assertThat(measured.origin().remarks()).containsExactly("stopped after 2 of 3 layers");
        assertThat(Thread.interrupted()).isFalse();
        Thread.currentThread().interrupt();
        assertThatThrownBy(() -> LayerDimensions.of(
                        List.of("1"), new float[][][] {States.floats(cloud)}, "made-up states", OPTIONS))
                .isInstanceOf(InterruptedWorkException.class);
        assertThat(Thread.interrupted()).isFalse();
    }

    @Test
    void badInputIsNamed() {
        var wrong = States.floats(States.normal(60, 4, 1));
        wrong[9][3] = Float.POSITIVE_INFINITY;
        assertThatThrownBy(() ->
                        LayerDimensions.of(List.of("7"), new float[][][] {wrong}, "wrong", DimensionOptions.DEFAULT))
                .hasMessage("layer 7: state 9, element 3 is Infinity; all numbers must be finite");
        assertThatThrownBy(() -> LayerDimensions.of(List.of(), new float[0][][], "none", DimensionOptions.DEFAULT))
                .hasMessage("no layer was measured; give at least one");
        assertThatThrownBy(() -> DimensionOptions.DEFAULT.sample(49)).hasMessageContaining("need 50 to 20,000");
        assertThatThrownBy(() -> DimensionOptions.DEFAULT.neighbours(1)).hasMessageContaining("each from 2 to 1999");
        assertThatThrownBy(() -> DimensionOptions.DEFAULT.scales(0)).hasMessageContaining("need 1 to 10");
    }
}
