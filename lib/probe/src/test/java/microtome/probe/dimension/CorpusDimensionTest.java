package microtome.probe.dimension;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import microtome.model.LanguageModel;
import microtome.model.LoadOptions;
import microtome.model.Site;
import microtome.model.corpus.CorpusHarvest;
import microtome.model.corpus.CorpusOptions;
import microtome.model.corpus.document.Documents;
import microtome.model.corpus.fold.RowPlaces;
import microtome.model.store.ModelStore;
import microtome.model.token.TokenSequence;
import microtome.probe.data.RoundTrip;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Folding a corpus tells the same as keeping all its tokens. */
class CorpusDimensionTest {
    private static final DimensionOptions OPTIONS =
            DimensionOptions.DEFAULT.sample(150).scales(2);

    private static LanguageModel model(String name) {
        Path folder = Path.of("../model/src/test/resources/microtome/model/architectures", name);
        return LanguageModel.load(
                ModelStore.standard().resolve(folder.toAbsolutePath().toString()), LoadOptions.DEFAULT);
    }

    private static List<TokenSequence> sequences(int count, int length) {
        var random = new SplittableRandom(3);
        var sequences = new ArrayList<TokenSequence>();
        for (int sequence = 0; sequence < count; sequence++) {
            sequences.add(TokenSequence.ofIds(random.ints(length, 5, 90).toArray()));
        }
        return sequences;
    }

    private static double[][] rows(LanguageModel model, List<TokenSequence> sequences, Site site, int skip) {
        var rows = new ArrayList<double[]>();
        for (var sequence : sequences) {
            float[] values = model.activations(sequence, List.of(site)).at(site).array();
            int width = values.length / sequence.size();
            for (int position = skip; position < sequence.size(); position++) {
                var row = new double[width];
                for (int i = 0; i < width; i++) {
                    row[i] = values[position * width + i];
                }
                rows.add(row);
            }
        }
        return rows.toArray(double[][]::new);
    }

    @ParameterizedTest
    @ValueSource(strings = {"llama-tied", "gpt2", "bert"})
    void foldedMeasuresAreThoseOfTheTokens(String name) {
        var model = model(name);
        var sequences = sequences(12, 10);
        var found = LayerDimensions.of(CorpusHarvest.of(model, Documents.ofTokens(sequences)), OPTIONS);
        assertThat(found.values()).hasSize(model.config().blocks() + (name.equals("bert") ? 1 : 2));
        for (int depth = 0; depth <= model.config().blocks(); depth++) {
            double[][] rows = rows(model, sequences, Site.residual(depth), 1);
            var layer = found.values().get(depth);
            // The fold multiplies in single precision: 24 bits, a thousand terms.
            assertThat(layer.spectrum().n()).isEqualTo(12 * 9);
            assertThat(layer.spectrum().participationRatio())
                    .isCloseTo(Spectrum.of(rows).participationRatio(), within(1e-4));
            assertThat(layer.spectrum().effectiveRankOfVariances())
                    .isCloseTo(Spectrum.of(rows).effectiveRankOfVariances(), within(1e-4));
            // Batches and single passes differ in the last bits of F32.
            assertThat(layer.directions().meanCosine())
                    .isCloseTo(Directions.of(rows).meanCosine(), within(1e-5));
            assertThat(layer.neighbours().sampled()).isEqualTo(12 * 9);
        }
        for (var result : List.of(found, found.intrinsic(), found.ranks(), found.anisotropy(), found.scales())) {
            RoundTrip.check(result);
        }
    }

    @Test
    void theFirstPositionCountsOnlyWhenAsked() {
        var harvest = CorpusHarvest.of(model("gpt2"), Documents.ofTokens(sequences(6, 10)));
        var sites = List.of(Site.residual(1));
        assertThat(n(LayerDimensions.of(harvest, OPTIONS, sites))).isEqualTo(6 * 9);
        assertThat(n(LayerDimensions.of(harvest, OPTIONS.withFirstPosition(), sites)))
                .isEqualTo(6 * 10);
        assertThat(n(LayerDimensions.of(harvest.with(CorpusOptions.DEFAULT.skipFirst(3)), OPTIONS, sites)))
                .isEqualTo(6 * 7);
    }

    @Test
    void theSampleIsOfTheSameTokensInEveryLayerAndNeverLarger() {
        var found = LayerDimensions.of(
                CorpusHarvest.of(model("gpt2"), Documents.ofTokens(sequences(40, 10))), OPTIONS.sample(100));
        assertThat(found.values()).allSatisfy(layer -> {
            assertThat(layer.spectrum().n()).isEqualTo(360);
            assertThat(layer.neighbours().sampled()).isEqualTo(100);
        });
    }

    @Test
    void aCorpusOfSingleTokensSaysWhatIsMissing() {
        var harvest = CorpusHarvest.of(model("gpt2"), Documents.ofTokens(sequences(6, 1)));
        assertThatThrownBy(() -> LayerDimensions.of(harvest, OPTIONS))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("no text is longer than the first positions that are skipped");
        assertThat(n(LayerDimensions.of(harvest, OPTIONS.withFirstPosition()))).isEqualTo(6);
    }

    @Test
    void aValueThatIsNotFiniteIsNamedByItsPlace() {
        var fold = new TokenFold(OPTIONS);
        var engine = model("gpt2").engine();
        try (var _ = engine.openScope()) {
            fold.begin(engine, 2);
            fold.accept(
                    engine.tensor(new float[] {1, 2, 3, Float.NaN}, 2, 2),
                    new RowPlaces(new long[] {4, 4}, new int[] {1, 2}, new int[] {7, 7}));
        }
        assertThatThrownBy(() -> DimensionReading.requireFinite(Site.residual(3), fold.result()))
                .isInstanceOf(ArithmeticException.class)
                .hasMessageStartingWith("residual.3, document 4, position 2, element 1 is NaN: ");
    }

    private static long n(LayerDimensions found) {
        return found.values().getFirst().spectrum().n();
    }
}
