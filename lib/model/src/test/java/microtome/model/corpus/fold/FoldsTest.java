package microtome.model.corpus.fold;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import microtome.model.LanguageModel;
import microtome.model.Site;
import microtome.model.Values;
import microtome.model.corpus.CorpusHarvest;
import microtome.model.corpus.CorpusOptions;
import microtome.model.corpus.Folded;
import microtome.model.corpus.TinyModel;
import microtome.model.corpus.document.Documents;
import microtome.model.token.TokenSequence;
import microtome.tensor.Engine;
import microtome.tensor.Tensor;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Folds against sums in double precision over activations of one text at a time. Values differ from those in a batch by the
 * rounding of F32 only: {@code EPSILON} is what a stream of 3 blocks of width 32 may gather, 2^-24 times about a hundred
 * additions one after another, relative to the largest value.
 */
class FoldsTest {
    private static final double EPSILON = 100 * Math.pow(2, -24);
    private static final Site RESIDUAL = Site.residual(2);
    private static final Site HEADS = Site.headOutput(1);
    private static final List<TokenSequence> SEQUENCES = TinyModel.sequences(200, 60, 3);
    private static final CorpusOptions OPTIONS =
            CorpusOptions.DEFAULT.batchTokens(256).windowTokens(2000);

    private static LanguageModel model;
    private static Map<Site, List<Row>> rows;
    private static double largest;

    private record Row(long document, int position, float[] values) {}

    @TempDir
    private Path folder;

    @BeforeAll
    static void load() {
        model = TinyModel.load();
        rows = new TreeMap<>(Map.of(RESIDUAL, new ArrayList<>(), HEADS, new ArrayList<>()));
        for (int document = 0; document < SEQUENCES.size(); document++) {
            var read = model.activations(SEQUENCES.get(document), rows.keySet());
            for (Site site : rows.keySet()) {
                Values values = read.at(site);
                for (int position = 0; position < values.shape().extent(0); position++) {
                    rows.get(site).add(new Row(document, position, values.row(position)));
                }
            }
        }
        for (Row row : rows.get(RESIDUAL)) {
            for (float value : row.values) {
                largest = Math.max(largest, Math.abs(value));
            }
        }
    }

    @AfterAll
    static void close() {
        model.close();
    }

    private static <R> Folded<R> fold(java.util.function.Supplier<Fold<R>> folds, CorpusOptions options) {
        return CorpusHarvest.of(model, Documents.ofTokens(SEQUENCES))
                .with(options)
                .fold(List.of(HEADS, RESIDUAL), folds);
    }

    @Test
    void momentsAreThoseOfTheStoredActivations() {
        Folded<ColumnMoments> folded = fold(Folds::moments, OPTIONS);
        for (Site site : rows.keySet()) {
            assertMoments(folded.at(site), expected(site));
        }
        assertThat(folded.coverage().documents()).isEqualTo(200);
        assertThat(folded.coverage().rows()).isEqualTo(rows.get(RESIDUAL).size());
        assertThat(folded.coverage().complete()).isTrue();
    }

    @Test
    void neitherBatchesNorPaddingChangeMoments() {
        for (CorpusOptions options :
                List.of(OPTIONS.batchTokens(1), OPTIONS.batchTokens(2000).padding(0.9, 2000), OPTIONS.padding(0, 0))) {
            Folded<ColumnMoments> folded = fold(Folds::moments, options);
            assertMoments(folded.at(RESIDUAL), expected(RESIDUAL));
        }
    }

    @Test
    void theOrderOfDocumentsDoesNotChangeMoments() {
        var shuffled = new ArrayList<>(SEQUENCES);
        Collections.shuffle(shuffled, new Random(4));
        ColumnMoments other = CorpusHarvest.of(model, Documents.ofTokens(shuffled))
                .with(OPTIONS)
                .fold(List.of(RESIDUAL), Folds::moments)
                .at(RESIDUAL);
        assertMoments(other, expected(RESIDUAL));
    }

    @Test
    void skippedPositionsDoNotCount() {
        Folded<ColumnMoments> folded = fold(Folds::moments, OPTIONS.skipFirst(1));
        double[][] kept = rows.get(RESIDUAL).stream()
                .filter(row -> row.position > 0)
                .map(row -> doubles(row.values))
                .toArray(double[][]::new);
        assertMoments(folded.at(RESIDUAL), moments(kept));
    }

    @Test
    void covarianceAndGramAreThoseOfTheStoredActivations() {
        Both<Covariance, Gram> both =
                fold(() -> Folds.covariance().and(Folds.gram()), OPTIONS).at(RESIDUAL);
        double[][] all = matrix(RESIDUAL);
        double[] mean = moments(all).mean();
        double bound = 4 * EPSILON * largest * largest;
        for (int i = 0; i < mean.length; i++) {
            for (int j = 0; j < mean.length; j++) {
                double scatter = 0;
                double product = 0;
                for (double[] row : all) {
                    scatter += (row[i] - mean[i]) * (row[j] - mean[j]);
                    product += row[i] * row[j];
                }
                assertThat(both.first().matrix()[i][j]).isCloseTo(scatter / (all.length - 1), within(bound));
                assertThat(both.second().products()[i][j] / all.length).isCloseTo(product / all.length, within(bound));
            }
        }
        assertThat(both.first().correlation()[3][3]).isCloseTo(1, within(1e-12));
    }

    @Test
    void examplesAreTheLargestValuesAndKnowTheirPlaces() {
        TopExamples found = fold(() -> Folds.examples(5), OPTIONS).at(RESIDUAL);
        for (int feature = 0; feature < found.features().size(); feature++) {
            int at = feature;
            List<Row> best = rows.get(RESIDUAL).stream()
                    .sorted(Comparator.comparingDouble((Row row) -> row.values[at])
                            .reversed())
                    .limit(5)
                    .toList();
            assertThat(found.of(feature)).hasSize(5);
            for (int rank = 0; rank < 5; rank++) {
                TopExamples.Example example = found.of(feature).get(rank);
                assertThat(example.value()).isCloseTo(best.get(rank).values[at], within(EPSILON * largest));
                float there = valueAt(example, at);
                assertThat(example.value()).isCloseTo(there, within(EPSILON * largest));
            }
        }
    }

    @Test
    void placesOfExamplesAreForgottenOnlyWhenTheyAreBeaten() {
        Engine engine = model.engine();
        var fold = new ExamplesFold(2);
        fold.begin(engine, 1);
        int batch = 1000;
        for (int start = 0; start < 200_000; start += batch) {
            var values = new float[batch];
            var places = new RowPlaces(new long[batch], new int[batch], new int[batch]);
            for (int row = 0; row < batch; row++) {
                int number = start + row;
                values[row] = number == 7 ? 3 : number == 150_001 ? 2 : (number % 1000) / 1000f;
                places.documents()[row] = number / 10;
                places.positions()[row] = number % 10;
            }
            try (var _ = engine.openScope()) {
                fold.accept(engine.tensor(values, batch, 1), places);
            }
        }
        assertThat(fold.result().of(0))
                .containsExactly(new TopExamples.Example(3, 0, 7), new TopExamples.Example(2, 15_000, 1));
        fold.close();
    }

    @Test
    void histogramsCountEveryValueOnce() {
        double edge = largest / 2;
        Histogram found = fold(() -> Folds.histogram(-edge, edge, 10), OPTIONS).at(HEADS);
        Histogram straight = histogram(HEADS, -edge, edge, 10);
        for (int feature = 0; feature < found.features(); feature++) {
            long sum = 0;
            for (int bin = 0; bin < 10; bin++) {
                sum += found.of(feature)[bin];
                // A value on a border may round to either side.
                assertThat(found.of(feature)[bin]).isCloseTo(straight.of(feature)[bin], within(1L));
            }
            assertThat(sum + found.below(feature) + found.above(feature) + found.notNumbers(feature))
                    .isEqualTo(rows.get(HEADS).size());
        }
        assertThat(found.borders()).hasSize(11).startsWith(-edge).endsWith(edge);
    }

    @Test
    void histogramsCountWhatIsBesideTheBins() {
        var fold = new HistogramFold(0, 1, 2);
        fold.begin(model.engine(), 1);
        try (var _ = model.engine().openScope()) {
            float[] values = {-1, 0, 0.25f, 0.5f, 1, 1.5f, Float.NaN};
            fold.accept(model.engine().tensor(values, 7, 1), null);
        }
        assertThat(fold.result().counts()[0]).containsExactly(2, 2, 1, 1, 1);
    }

    @Test
    void partsMergeToTheWhole() {
        Documents first = Documents.ofTokens(SEQUENCES.subList(0, 90));
        Documents second = Documents.ofTokens(SEQUENCES.subList(90, 200));
        assertMoments(of(first, Folds::moments).and(of(second, Folds::moments)), expected(RESIDUAL));
        assertThat(of(first, Folds::moments).and(ColumnMoments.none(32)).count())
                .isEqualTo(of(first, Folds::moments).count());
        Gram gram = of(first, Folds::gram).and(of(second, Folds::gram));
        Gram whole = fold(Folds::gram, OPTIONS).at(RESIDUAL);
        Covariance joined = of(first, Folds::covariance).and(of(second, Folds::covariance));
        Covariance covariance = fold(Folds::covariance, OPTIONS).at(RESIDUAL);
        double bound = 4 * EPSILON * largest * largest;
        assertThat(gram.count()).isEqualTo(whole.count());
        for (int i = 0; i < 32; i++) {
            assertThat(gram.products()[i][5] / gram.count())
                    .isCloseTo(whole.products()[i][5] / gram.count(), within(bound));
            assertThat(joined.matrix()[i][7]).isCloseTo(covariance.matrix()[i][7], within(bound));
        }
        TopExamples examples = of(first, () -> Folds.examples(3)).and(shifted(of(second, () -> Folds.examples(3)), 90));
        List<List<TopExamples.Example>> expected =
                fold(() -> Folds.examples(3), OPTIONS).at(RESIDUAL).features();
        for (int feature = 0; feature < 32; feature++) {
            for (int rank = 0; rank < 3; rank++) {
                assertThat(examples.of(feature).get(rank).value())
                        .isCloseTo(expected.get(feature).get(rank).value(), within(EPSILON * largest));
            }
        }
        assertThatThrownBy(() -> ColumnMoments.none(3).and(ColumnMoments.none(4)))
                .hasMessageContaining("3 features and 4 features do not belong together");
    }

    @Test
    void resultsAreReadBackAsTheyWereSaved() {
        Path file = folder.resolve("result.safetensors");
        ColumnMoments moments = fold(Folds::moments, OPTIONS).at(RESIDUAL);
        moments.save(file);
        ColumnMoments again = ColumnMoments.load(file);
        assertThat(again.count()).isEqualTo(moments.count());
        assertThat(again.mean()).isEqualTo(moments.mean());
        assertThat(again.squares()).isEqualTo(moments.squares());
        assertThatThrownBy(() -> Covariance.load(file))
                .hasMessageEndingWith("result.safetensors: holds column moments, not covariance");
        Covariance covariance = fold(Folds::covariance, OPTIONS).at(RESIDUAL);
        covariance.save(file);
        assertThat(Covariance.load(file).scatter()).isDeepEqualTo(covariance.scatter());
        covariance.gram().save(file);
        assertThat(Gram.load(file).products()).isDeepEqualTo(covariance.gram().products());
        TopExamples examples =
                fold(() -> Folds.examples(300), OPTIONS.skipFirst(50)).at(RESIDUAL);
        examples.save(file);
        assertThat(TopExamples.load(file)).isEqualTo(examples);
        Histogram histogram = fold(() -> Folds.histogram(-1, 1, 4), OPTIONS).at(RESIDUAL);
        histogram.save(file);
        assertThat(Histogram.load(file).counts()).isDeepEqualTo(histogram.counts());
    }

    @Test
    void aFoldOfOnesOwnSeesEveryRowOnce() {
        Map<Long, Integer> seen = fold(Counting::new, OPTIONS).at(RESIDUAL);
        for (int document = 0; document < SEQUENCES.size(); document++) {
            assertThat(seen.get((long) document))
                    .isEqualTo(SEQUENCES.get(document).size());
        }
    }

    private static final class Counting implements Fold<Map<Long, Integer>> {
        private final Map<Long, Integer> seen = new TreeMap<>();

        @Override
        public void begin(Engine engine, int features) {
            assertThat(features).isEqualTo(32);
        }

        @Override
        public void accept(Tensor rows, RowPlaces places) {
            assertThat(rows.extent(0)).isEqualTo(places.rows());
            for (long document : places.documents()) {
                seen.merge(document, 1, Integer::sum);
            }
        }

        @Override
        public Map<Long, Integer> result() {
            return seen;
        }
    }

    private static <R> R of(Documents documents, java.util.function.Supplier<Fold<R>> folds) {
        return CorpusHarvest.of(model, documents)
                .with(OPTIONS)
                .fold(List.of(RESIDUAL), folds)
                .at(RESIDUAL);
    }

    private static TopExamples shifted(TopExamples examples, long by) {
        return new TopExamples(
                examples.slots(),
                examples.features().stream()
                        .map(all -> all.stream()
                                .map(one -> new TopExamples.Example(one.value(), one.document() + by, one.position()))
                                .toList())
                        .toList());
    }

    private static float valueAt(TopExamples.Example example, int feature) {
        return rows.get(RESIDUAL).stream()
                .filter(row -> row.document == example.document() && row.position == example.position())
                .findFirst()
                .orElseThrow()
                .values[feature];
    }

    private static Histogram histogram(Site site, double low, double high, int bins) {
        var fold = new HistogramFold(low, high, bins);
        double[][] all = matrix(site);
        fold.begin(model.engine(), all[0].length);
        var flat = new float[all.length * all[0].length];
        for (int i = 0; i < flat.length; i++) {
            flat[i] = (float) all[i / all[0].length][i % all[0].length];
        }
        try (var _ = model.engine().openScope()) {
            fold.accept(model.engine().tensor(flat, all.length, all[0].length), null);
        }
        return fold.result();
    }

    private static double[][] matrix(Site site) {
        return rows.get(site).stream().map(row -> doubles(row.values)).toArray(double[][]::new);
    }

    private static ColumnMoments expected(Site site) {
        return moments(matrix(site));
    }

    private static ColumnMoments moments(double[][] all) {
        var mean = new double[all[0].length];
        var squares = new double[all[0].length];
        for (double[] row : all) {
            for (int i = 0; i < mean.length; i++) {
                mean[i] += row[i] / all.length;
            }
        }
        for (double[] row : all) {
            for (int i = 0; i < mean.length; i++) {
                squares[i] += Math.pow(row[i] - mean[i], 2);
            }
        }
        return new ColumnMoments(all.length, mean, squares);
    }

    private static void assertMoments(ColumnMoments actual, ColumnMoments expected) {
        assertThat(actual.count()).isEqualTo(expected.count());
        for (int i = 0; i < expected.features(); i++) {
            assertThat(actual.mean()[i]).isCloseTo(expected.mean()[i], within(EPSILON * largest));
            assertThat(actual.variance()[i]).isCloseTo(expected.variance()[i], within(4 * EPSILON * largest * largest));
        }
    }

    private static double[] doubles(float[] values) {
        var doubles = new double[values.length];
        for (int i = 0; i < values.length; i++) {
            doubles[i] = values[i];
        }
        return doubles;
    }
}
