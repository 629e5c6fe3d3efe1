package microtome.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Function;
import java.util.stream.IntStream;
import microtome.model.format.StoredTensor;
import microtome.model.format.WeightFormats;
import microtome.model.store.ModelStore;
import microtome.model.token.TokenSequence;
import microtome.tensor.DType;
import microtome.tensor.Engine;
import microtome.tensor.Tensor;
import org.junit.jupiter.api.Test;

/** Weights multiplied by as they are stored stand for the same numbers as the decoded ones. */
class StoredWeightsTest {
    private static final double RELATIVE = 1e-6;
    private static final int[] IDS = {504, 3575, 282, 4649, 314};
    private static final int[] TINY = {5, 17, 96};
    private static final int PARIS = 7042;

    private static LanguageModel load(Weights weights) {
        return LanguageModel.load(
                BundledModelFile.files(), LoadOptions.DEFAULT.backend("cpu").weights(weights));
    }

    /**
     * Of one product, relative to the sum of the sizes of its terms, since orders of summation differ: two lanes of F32 alone
     * are 4e-6 apart at the end of 30 blocks.
     */
    @Test
    void everyProductOfTheBundledModelIsThatOfItsDecodedWeights() {
        Backends.assume("cpu");
        var random = new Random(20261124);
        try (var file = WeightFormats.open(BundledModelFile.required());
                var engine = Engine.open("cpu")) {
            for (String name : file.names()) {
                StoredTensor stored = file.tensor(name);
                if (stored.shape().rank() == 2) {
                    for (int rows : new int[] {1, 8}) {
                        assertThat(errorOfProduct(engine, stored, rows, random))
                                .as("%s, %d rows", stored, rows)
                                .isLessThanOrEqualTo(RELATIVE);
                    }
                }
            }
        }
    }

    private static double errorOfProduct(Engine engine, StoredTensor stored, int rows, Random random) {
        try (var _ = engine.openScope()) {
            long inputs = stored.shape().extent(1);
            var values = new float[(int) (rows * inputs)];
            for (int i = 0; i < values.length; i++) {
                values[i] = (float) random.nextGaussian();
            }
            Tensor x = engine.tensor(values, rows, inputs);
            Tensor mapped = engine.wrap(stored.bytes(), stored.type());
            float[] decoded = x.matmulTransposed(engine.pack(mapped, DType.F32)).toFloats();
            float[] sizes =
                    x.abs().matmulTransposed(mapped.cast(DType.F32).abs()).toFloats();
            float[] ours = x.matmulTransposed(mapped).toFloats();
            return IntStream.range(0, ours.length)
                    .mapToDouble(i -> Math.abs((double) ours[i] - decoded[i]) / sizes[i])
                    .max()
                    .orElseThrow();
        }
    }

    /** The bundled file has matrices of Q4_1, whose blocks nearly all hold both ends of their scale and so come back as they were. */
    @Test
    void roundedOnLoadingItSaysSoAndWhatWasRoundedSoAlreadyStays() {
        Backends.assume("cpu");
        float[] decoded = with(Weights.F32, StoredWeightsTest::logits);
        float[] eight = with(Weights.Q8_0, StoredWeightsTest::logits);
        float[] four = with(Weights.Q4_1, StoredWeightsTest::logits);
        assertThat(eight).isNotEqualTo(decoded);
        assertThat(top(eight)).isEqualTo(PARIS).isEqualTo(top(decoded)).isEqualTo(top(four));
        try (var model = load(Weights.Q8_0)) {
            assertThat(model.card().computation()).isEqualTo("F32, weights q8_0");
            assertThat(model.card().parity()).startsWith("not compared with weights in Q8_0; with those of the file: ");
        }
    }

    private static int top(float[] logits) {
        int from = logits.length - 49152; // the last position
        int best = from;
        for (int i = from; i < logits.length; i++) {
            best = logits[i] > logits[best] ? i : best;
        }
        return best - from;
    }

    @Test
    void gradientsFlowThroughThem() {
        Backends.assume("cpu");
        float[] decoded = with(Weights.F32, model -> gradientOfTheEmbeddings(model, IDS, PARIS));
        float[] stored = with(Weights.AS_STORED, model -> gradientOfTheEmbeddings(model, IDS, PARIS));
        assertThat(ReferenceData.relativeError(stored, decoded)).isLessThanOrEqualTo(3e-5); // of the reference's README
    }

    @Test
    void theyStayInTheFile() {
        Backends.assume("cpu");
        try (var stored = load(Weights.AS_STORED)) {
            ModelCard card = stored.card();
            assertThat(card.weights()).isEqualTo(Weights.AS_STORED);
            assertThat(card.weightBytes()).isBetween(card.fileBytes() * 9 / 10, card.fileBytes());
            // Norms, and the query and key rows that stand in another order than the file's.
            assertThat(card.loadedBytes()).isLessThan(card.weightBytes() / 8);
            logits(stored);
            assertThat(stored.engine().liveBytes()).isLessThan(card.weightBytes() / 8);
        }
    }

    @Test
    void everyFormOfAnF32FileGivesTheLogitsWithinItsRounding() {
        var files = ModelStore.standard()
                .resolve(ReferenceData.path("architectures/llama-tied").toString());
        try (var plain = LanguageModel.load(files, LoadOptions.DEFAULT.backend("reference"));
                var stored = LanguageModel.load(
                        files, LoadOptions.DEFAULT.backend("reference").weights(Weights.AS_STORED));
                var rounded = LanguageModel.load(
                        files, LoadOptions.DEFAULT.backend("reference").weights(Weights.BF16))) {
            float[] expected = tinyLogits(plain);
            assertThat(tinyLogits(stored)).isEqualTo(expected);
            double error = ReferenceData.relativeError(tinyLogits(rounded), expected);
            assertThat(error).isPositive().isLessThan(0x1p-6); // a few roundings of 2^-9
            assertThat(rounded.card().weightBytes()).isLessThan(plain.card().weightBytes() * 6 / 10);
        }
    }

    @Test
    void gradientsThroughRoundedWeightsAgreeAcrossBackends() {
        Backends.assume("cpu");
        var files = ModelStore.standard()
                .resolve(ReferenceData.path("architectures/llama-tied").toString());
        var found = new ArrayList<float[]>();
        for (String backend : List.of("reference", "cpu")) {
            var options = LoadOptions.DEFAULT.backend(backend).weights(Weights.BF16);
            try (var model = LanguageModel.load(files, options)) {
                found.add(gradientOfTheEmbeddings(model, TINY, 42));
            }
        }
        assertThat(found.getLast()).containsExactly(found.getFirst(), within(2e-5f)); // the bound of this model's data
    }

    private static float[] tinyLogits(LanguageModel model) {
        return model.activations(TokenSequence.ofIds(TINY), List.of(Site.logits()))
                .at(Site.logits())
                .array();
    }

    private static <T> T with(Weights weights, Function<LanguageModel, T> reading) {
        try (var model = load(weights)) {
            return reading.apply(model);
        }
    }

    private static float[] logits(LanguageModel model) {
        return model.activations(TokenSequence.ofIds(IDS), List.of(Site.logits()))
                .at(Site.logits())
                .array();
    }

    private static float[] gradientOfTheEmbeddings(LanguageModel model, int[] ids, int token) {
        try (var _ = model.engine().openScope();
                var tape = model.engine().record()) {
            var embedded = new AtomicReference<Tensor>();
            var scalar = new AtomicReference<Tensor>();
            model.run(List.of(TokenSequence.ofIds(ids)), new Tap() {
                @Override
                public boolean wants(Site site) {
                    return site.equals(Site.embedding()) || site.equals(Site.logits());
                }

                @Override
                public Tensor at(Site site, Tensor value) {
                    if (site.equals(Site.embedding())) {
                        embedded.set(value);
                    } else {
                        scalar.set(value.slice(1, ids.length - 1, ids.length).slice(2, token, token + 1));
                    }
                    return value;
                }
            });
            assertThat(scalar.get().dtype()).isEqualTo(DType.F32);
            return tape.gradient(scalar.get(), embedded.get()).toFloats();
        }
    }
}
