package microtome.probe.depth.mapping;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import microtome.model.LanguageModel;
import microtome.model.LoadOptions;
import microtome.model.Site;
import microtome.model.corpus.document.Documents;
import microtome.model.store.ModelStore;
import microtome.model.token.TokenSequence;
import microtome.probe.BundledModel;
import microtome.probe.data.RoundTrip;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class LayerMapsTest {
    private static LanguageModel model(String name) {
        Path folder = Path.of("../model/src/test/resources/microtome/model/architectures", name);
        return LanguageModel.load(
                ModelStore.standard().resolve(folder.toAbsolutePath().toString()), LoadOptions.DEFAULT);
    }

    private static LanguageModel miniLm() {
        var store = ModelStore.standard();
        assumeTrue(store.names().contains("minilm"), "MiniLM is not there; environment/verify java gets it");
        return LanguageModel.load(store.resolve("minilm"), LoadOptions.DEFAULT);
    }

    /** Random tokens of a vocabulary of 97, in documents of different lengths. */
    private static Documents documents(int count) {
        var random = new Random(3);
        return Documents.ofTokens(IntStream.range(0, count)
                .mapToObj(_ -> TokenSequence.ofIds(
                        random.ints(20 + random.nextInt(20), 0, 97).toArray()))
                .toList());
    }

    @ParameterizedTest
    @ValueSource(strings = {"llama-tied", "gpt2", "gemma2", "bert"})
    void aModelBesideItselfHasNoErrorOnTheDiagonal(String name) {
        try (var model = model(name);
                var same = model(name)) {
            LayerMaps found = LayerMaps.between(model, same, documents(60));
            double[][] error = found.values().error();
            assertThat(found.sources()).containsExactly("emb", "1", "2", "3");
            for (int layer = 0; layer < 4; layer++) {
                // A product over 32 features in F32 along axes that vary less by up to 1,000.
                assertThat(error[layer][layer]).as("layer %d", layer).isLessThan(1e-3);
                assertThat(error[layer][(layer + 1) % 4]).isGreaterThan(error[layer][layer]);
            }
            assertThat(error)
                    .isDeepEqualTo(
                            LayerMaps.within(model, documents(60)).values().error());
        }
    }

    @Test
    void twoModelsOfOneVocabularyNeedNotBeAlike() {
        try (var first = model("llama-tied");
                var second = model("gpt2")) {
            LayerMaps found = LayerMaps.between(first, second, documents(40), MapOptions.DEFAULT.every(3));
            assertThat(found.values().error()).hasDimensions(2, 2);
            for (double[] row : found.values().error()) {
                for (int target = 0; target < row.length; target++) {
                    assertThat(row[target]).isPositive();
                }
            }
            assertThat(found.plot().tree().toString()).contains("source layer of", "target layer of");
            assertThat(found.explain().facts().keySet()).contains("model", "model 2");
            assertThat(found.table().plainText()).contains("mean alone", "→ 3");
            RoundTrip.check(found);
        }
    }

    @Test
    void fewTokensOfWideLayersSaySo() {
        try (var model = model("llama-tied")) {
            var short10 = Documents.ofTokens(IntStream.range(0, 10)
                    .mapToObj(i -> TokenSequence.ofIds(i, i + 1, i + 2))
                    .toList());
            LayerMaps found = LayerMaps.within(model, short10);
            assertThat(found.values().fitted()).isEqualTo(16);
            assertThat(found.explain().notes().toString()).contains("fewer positions than features");
            assertThat(found.table().notes().toString()).contains("fewer positions than features");
            RoundTrip.check(found);
            assertThatThrownBy(() -> LayerMaps.within(model, documents(9))).hasMessageContaining("give at least ten");
            assertThatThrownBy(() -> LayerMaps.within(model, Documents.ofTokens(List.of())))
                    .hasMessageContaining("no documents are left to fit to");
        }
    }

    @Test
    void aStoppedWorkIsGreyAndSaysSo() {
        try (var model = model("llama-tied")) {
            Documents texts = documents(20);
            Thread.currentThread().interrupt();
            LayerMaps found = LayerMaps.within(model, texts);
            assertThat(Thread.interrupted()).isFalse();
            assertThat(found.table().plainText()).contains("stopped at source layer emb");
            assertThat(found.plot().tree().toString()).contains("STOPPED");
            assertThat(found.plot().png()).isNotEmpty();
            RoundTrip.check(found);
        }
    }

    @Test
    void valuesThatAreNotFiniteNameTheirSite() {
        try (var model = model("llama-tied")) {
            assertThatThrownBy(() -> ModelRows.checkFinite(model, Site.residual(2), new float[] {1, Float.NaN}))
                    .hasMessageContaining("residual.2")
                    .hasMessageContaining("NaN");
        }
    }

    @Test
    void nothingStaysOnTheEngine() {
        try (var model = model("llama-tied")) {
            LayerMaps.within(model, documents(20));
            long tensors = model.engine().liveTensors();
            LayerMaps.within(model, documents(20));
            assertThat(model.engine().liveTensors()).isEqualTo(tensors);
        }
    }

    @Test
    void modelsThatReadOtherTokensAreRefused() {
        LanguageModel bundled = BundledModel.get();
        try (var encoder = miniLm()) {
            assertThatThrownBy(() -> LayerMaps.between(bundled, encoder, Documents.of("a text")))
                    .hasMessageContaining("do not read the same tokens")
                    .hasMessageContaining("49152 and 30522 tokens");
        }
        try (var other = model("llama-tied")) {
            assertThatThrownBy(() -> LayerMaps.between(bundled, other, documents(10)))
                    .hasMessageContaining("49152 and 97 rows of the embedding");
        }
    }

    /** An encoder has a stream too, though each of its layers is normed. */
    @Test
    void anEncoderHasMapsBetweenItsLayers() {
        try (var encoder = miniLm()) {
            List<String> texts = IntStream.range(0, 20)
                    .mapToObj(i -> "Text number " + i + " is about rivers, bread and the price of " + i + " tickets.")
                    .toList();
            LayerMaps found = LayerMaps.within(encoder, Documents.of(texts), MapOptions.DEFAULT.every(3));
            assertThat(found.sources()).containsExactly("emb", "3", "6");
            assertThat(found.values().error()[1][1]).isLessThan(found.values().error()[0][1]);
        }
    }
}
