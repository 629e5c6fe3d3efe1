package microtome.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.offset;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;
import microtome.model.LanguageModel;
import microtome.model.LoadOptions;
import microtome.model.Site;
import microtome.model.format.StoredTensor;
import microtome.model.format.WeightFile;
import microtome.model.format.WeightFormats;
import microtome.model.store.ModelStore;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ActivationsCommandTest {
    private static final String STORE = "microtome.models";
    private static final String TEXT = "a layer";

    @TempDir
    private Path folder;

    private Path model;
    private Path output;

    @BeforeEach
    void putAModelIntoAStore() throws IOException {
        System.setProperty(STORE, folder.resolve("store").toString());
        model = TinyModel.withTokenizer(folder.resolve("store/tiny-llama"));
        output = folder.resolve("values.safetensors");
    }

    @AfterEach
    void backToTheUsualStore() {
        System.clearProperty(STORE);
    }

    @Test
    void theUsualFileHoldsEveryResidualAndPatternUnderItsName() {
        Call call = activations("--model", "tiny-llama", "--text", TEXT);
        assertThat(call.err()).isEmpty();
        assertThat(call.status()).isZero();
        assertThat(call.out()).contains(output.toString(), "7 tokens, 10 tensors");
        try (WeightFile file = WeightFormats.open(output)) {
            assertThat(file.names())
                    .containsExactly(
                            "token_ids",
                            "residual.0",
                            "residual.1",
                            "residual.2",
                            "residual.3",
                            "final_norm",
                            "logits",
                            "pattern.0",
                            "pattern.1",
                            "pattern.2");
            assertThat(file.tensor("token_ids")).hasToString("token_ids: I32 [7]");
            assertThat(file.tensor("residual.3")).hasToString("residual.3: F32 [7, 32]");
            assertThat(file.tensor("logits")).hasToString("logits: F32 [7, 97]");
            assertThat(file.tensor("pattern.2")).hasToString("pattern.2: F32 [4, 7, 7]");
        }
    }

    @Test
    void theFileHoldsWhatTheModelComputesAndWhereItCameFrom() throws IOException {
        activations("--model", "tiny-llama", "--text", TEXT);
        var files = ModelStore.standard().resolve("tiny-llama");
        try (var loaded = LanguageModel.load(files, LoadOptions.DEFAULT.backend("reference"));
                WeightFile file = WeightFormats.open(output)) {
            var tokens = loaded.tokenizer().encode(TEXT);
            var expected = loaded.activations(tokens, ChosenSites.usual(loaded.config()));
            for (Site site : expected.values().keySet()) {
                assertThat(numbers(file.tensor(site.name())))
                        .as(site.name())
                        .isEqualTo(expected.at(site).array());
            }
            assertThat(file.metadata().string("model")).isEqualTo("tiny-llama");
            assertThat(file.metadata().string("text")).isEqualTo(TEXT);
            assertThat(file.metadata().string("device")).isEqualTo(loaded.card().device());
            assertThat(file.metadata().string("version")).isNotEmpty();
            try (WeightFile weights = WeightFormats.open(files.weights())) {
                assertThat(file.metadata().string("sha256")).isEqualTo(weights.sha256());
            }
        }
    }

    @Test
    void chosenSitesComeInTheOrderOfTheCallAndAllMeansAll() {
        activations("--model", model, "--text", TEXT, "--sites", "mlp_output.2,residual.0,mlp_output.2");
        assertThat(names()).containsExactly("token_ids", "mlp_output.2", "residual.0");
        activations("--model", model, "--text", TEXT, "--sites", "all");
        var all = new ArrayList<>(List.of("token_ids"));
        try (var loaded = LanguageModel.load(
                ModelStore.standard().resolve("tiny-llama"), LoadOptions.DEFAULT.backend("reference"))) {
            loaded.sites().forEach(site -> all.add(site.name()));
        }
        assertThat(names()).isEqualTo(all);
    }

    @Test
    void aFailedRunLeavesTheOldFileAndNothingElse() throws IOException {
        Files.writeString(output, "old");
        assertThat(activations("--model", model, "--text", "").status()).isEqualTo(2);
        assertThat(output).hasContent("old");
        assertThat(output.getParent().toFile().list()).containsExactlyInAnyOrder("store", "values.safetensors");
        assertThat(activations("--model", model, "--text", TEXT).status()).isZero();
        assertThat(names()).contains("logits");
    }

    @Test
    void anUnknownModelNamesTheNearest() {
        Call call = activations("--model", "tiny-lama", "--text", TEXT);
        assertThat(call.status()).isEqualTo(2);
        assertThat(call.err()).contains("there is no model 'tiny-lama'", "nearest: tiny-llama");
    }

    @Test
    void anUnknownSiteOrLayerNamesWhatThereIs() {
        assertThat(activations("--model", model, "--text", TEXT, "--sites", "residul.1")
                        .err())
                .contains("unknown site 'residul.1'", "nearest: residual.N");
        Call call = activations("--model", model, "--text", TEXT, "--sites", "pattern.3");
        assertThat(call.status()).isEqualTo(2);
        assertThat(call.err()).contains("site pattern.3: this model has pattern.0 to pattern.2 (3 blocks)");
        assertThat(activations("--model", model, "--text", TEXT, "--sites", "all,logits")
                        .err())
                .contains("all stands alone");
        assertThat(output).doesNotExist();
    }

    @Test
    void anEmptyPromptIsRefused() {
        Call call = activations("--model", model, "--text", "");
        assertThat(call.status()).isEqualTo(2);
        assertThat(call.err()).contains("the prompt has no tokens");
    }

    @Test
    void aModelWithoutTokenizerTakesTokensAndGivesWhatTheReferenceComputed() {
        Path bare = TinyModel.fixture("bert");
        try (WeightFile expected = WeightFormats.open(bare.resolve("expected.safetensors"))) {
            long[] ids = new long[12];
            expected.tensor("input_ids")
                    .bytes()
                    .asByteBuffer()
                    .order(ByteOrder.LITTLE_ENDIAN)
                    .asLongBuffer()
                    .get(ids);
            String listed = Arrays.stream(ids).mapToObj(Long::toString).collect(Collectors.joining(","));
            Call call = activations("--model", bare, "--tokens", listed, "--sites", "residual.3");
            assertThat(call.err()).isEmpty();
            assertThat(call.status()).isZero();
            float[] both = numbers(expected.tensor("hidden_states.3"));
            try (WeightFile file = WeightFormats.open(output)) {
                assertThat(file.metadata().string("text")).isEmpty();
                assertThat(numbers(file.tensor("residual.3")))
                        .containsExactly(Arrays.copyOf(both, both.length / 2), offset(2e-5f));
            }
        }
    }

    @Test
    void aTextForAModelWithoutTokenizerIsRefusedWithTheWayOut() {
        Call call = activations("--model", TinyModel.fixture("gpt2"), "--text", TEXT);
        assertThat(call.status()).isEqualTo(2);
        assertThat(call.err()).contains("model gpt2 came without a tokenizer", "--tokens 5,9,17", "tokenizer.json");
    }

    @Test
    void aPromptIsATextOrTokensAndNeitherIsNone() {
        assertThat(activations("--model", model).err()).contains("--text", "--tokens");
        Call both = activations("--model", model, "--text", TEXT, "--tokens", "1,2");
        assertThat(both.status()).isEqualTo(2);
        assertThat(both.err()).contains("mutually exclusive");
        assertThat(activations("--model", model, "--tokens", "1,x").err()).contains("--tokens", "'x'");
        assertThat(activations("--model", model, "--tokens", "1,97").err()).contains("token id 97", "0..96");
    }

    @Test
    void aPromptLongerThanTheContextIsRefused() {
        assertThat(activations("--model", model, "--text", "x".repeat(TinyModel.CONTEXT))
                        .status())
                .isZero();
        Call call = activations("--model", model, "--text", "x".repeat(TinyModel.CONTEXT + 3));
        assertThat(call.status()).isEqualTo(2);
        assertThat(call.err()).contains("67 tokens", "context is 64", "shorten it by 3");
    }

    @Test
    void aTruncatedModelIsRefused() throws IOException {
        Path weights = model.resolve("model.safetensors");
        byte[] whole = Files.readAllBytes(weights);
        Files.write(weights, Arrays.copyOf(whole, whole.length / 2));
        Call call = activations("--model", model, "--text", TEXT);
        assertThat(call.status()).isEqualTo(2);
        assertThat(call.err()).contains("model.safetensors", "fix:");
    }

    /** A file of the right size and kind with other bytes. */
    @Test
    void aBundledModelOfAnotherChecksumIsRefused() throws IOException {
        Path bundled = Files.createDirectories(folder.resolve("store/smollm2-135m-instruct"))
                .resolve("model.gguf");
        try (var file = new RandomAccessFile(bundled.toFile(), "rw")) {
            file.setLength(98_362_432);
            file.write("GGUF".getBytes(StandardCharsets.US_ASCII));
            file.write(ByteBuffer.allocate(20)
                    .order(ByteOrder.LITTLE_ENDIAN)
                    .putInt(3)
                    .array());
        }
        Call call = activations("--model", "smollm2-135m-instruct", "--text", TEXT);
        assertThat(call.status()).isEqualTo(2);
        assertThat(call.err())
                .contains(
                        "SHA-256",
                        "b179c9523d0e6a0f98a330c7562b682750a6f8c8c15e5bc70ea373728110db53",
                        "environment/run");
    }

    @Test
    void anOutputThatCannotBeWrittenIsRefusedBeforeTheModelLoads() {
        assertThat(Call.of("activations", "--model", "none", "--text", TEXT, "-o", folder)
                        .err())
                .contains("is a folder");
        Path nowhere = folder.resolve("no/values.safetensors");
        assertThat(Call.of("activations", "--model", "none", "--text", TEXT, "-o", nowhere)
                        .err())
                .contains("there is no folder", "mkdir -p");
    }

    private Call activations(Object... arguments) {
        var words = new ArrayList<Object>(List.of("activations", "--backend", "reference", "--output", output));
        words.addAll(List.of(arguments));
        return Call.of(words.toArray());
    }

    private List<String> names() {
        try (WeightFile file = WeightFormats.open(output)) {
            return file.names();
        }
    }

    private static float[] numbers(StoredTensor stored) {
        var numbers = new float[Math.toIntExact(stored.shape().elements())];
        stored.bytes()
                .asByteBuffer()
                .order(ByteOrder.LITTLE_ENDIAN)
                .asFloatBuffer()
                .get(numbers);
        return numbers;
    }
}
