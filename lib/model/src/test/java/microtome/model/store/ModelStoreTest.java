package microtome.model.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;
import microtome.model.BundledModelFile;
import microtome.model.LanguageModel;
import microtome.model.LoadOptions;
import microtome.model.Weights;
import microtome.model.format.BadWeightFile;
import microtome.model.format.Gguf;
import microtome.model.format.GgufBuilder;
import microtome.model.store.hub.Hub;
import microtome.model.store.hub.HubProblem;
import microtome.model.store.hub.HubSettings;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ModelStoreTest {
    private static final String NAME = "tiny-model";

    @TempDir
    private Path folder;

    private Path put(String name, String file) throws IOException {
        Path model = Files.createDirectories(folder.resolve(name));
        return Files.write(
                model.resolve(file),
                new GgufBuilder().string("general.name", name).build());
    }

    private Hub offlineHub() {
        URI nowhere = URI.create("https://hub.invalid");
        return new Hub(new HubSettings(nowhere, folder.resolve("hub"), Optional.empty(), true, true));
    }

    private ModelStore store(BundledModel... bundled) {
        return new ModelStore(List.of(folder.resolve("absent"), folder), List.of(bundled), this::offlineHub);
    }

    private static BundledModel known(Path file) throws IOException {
        try (Gguf opened = Gguf.open(file)) {
            return new BundledModel(NAME, "model.gguf", Files.size(file), opened.sha256());
        }
    }

    @Test
    void findsAModelByNameByFileAndByFolder() throws IOException {
        Path weights = put(NAME, "model.gguf");
        ModelFiles byName = store().resolve(NAME);
        assertThat(byName.name()).isEqualTo(NAME);
        assertThat(byName.weights()).isEqualTo(weights);
        assertThat(byName.tokenizer()).contains(weights);
        assertThat(byName.config()).isEmpty();
        assertThat(byName.sha256()).isEmpty();
        assertThat(store().resolve(weights.toString()).weights()).isEqualTo(weights);
        assertThat(store().resolve(weights.toString()).name()).isEqualTo("model.gguf");
        assertThat(store().resolve(weights.getParent().toString()).name()).isEqualTo(NAME);
        assertThat(store().names()).containsExactly(NAME);
    }

    @Test
    void findsWhatLiesBesideTheWeights() throws IOException {
        Path weights = Files.createDirectories(folder.resolve("hf")).resolve("model.safetensors");
        Files.write(weights, new byte[] {2, 0, 0, 0, 0, 0, 0, 0, '{', '}'});
        assertThat(store().resolve("hf").tokenizer()).isEmpty();
        Path config = Files.writeString(weights.resolveSibling("config.json"), "{}");
        Path tokenizer = Files.writeString(weights.resolveSibling("tokenizer.json"), "{}");
        assertThat(store().resolve("hf").config()).contains(config);
        assertThat(store().resolve("hf").tokenizer()).contains(tokenizer);
    }

    @Test
    void anUnknownNameShowsTheNearestAndWhereItLooked() throws IOException {
        put("smollm3-3b", "model.gguf");
        assertThatThrownBy(() ->
                        ModelStore.of(List.of(folder.resolve("absent"), folder)).resolve("smollm2-135m-instrukt"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("there is no model 'smollm2-135m-instrukt'")
                .hasMessageContaining("nearest: smollm2-135m-instruct, smollm3-3b")
                .hasMessageContaining(folder + "/absent (not there), " + folder)
                .hasMessageContaining("environment/run gets the bundled smollm2-135m-instruct");
    }

    @Test
    void anEmptyNameIsNotTheWorkingFolder() throws IOException {
        put(NAME, "model.gguf");
        assertThatThrownBy(() -> store().resolve(" "))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage(
                        "the name of the model is empty; give a name (here are tiny-model), a file or folder, or hf:org/name");
    }

    @Test
    void explainsPathsAndHubNames() {
        assertThatThrownBy(() -> store().resolve("models/none.gguf"))
                .hasMessageContaining("there is no file or folder");
        assertThatThrownBy(() -> store().resolve("org/name"))
                .hasMessageContaining("for the model of this name on the Hugging Face hub write hf:org/name");
        assertThatThrownBy(() -> store().resolve("hf:org")).isInstanceOf(HubProblem.class);
        assertThatThrownBy(() -> store().resolve("hf:/")).hasMessageContaining("write hf:org/name");
    }

    @Test
    void findsAModelOfTheHubWithItsCommitAndPlace() throws IOException {
        String commit = "0123456789abcdef0123456789abcdef01234567";
        Path repository = folder.resolve("hub/models--org--name");
        Path snapshot = Files.createDirectories(repository.resolve("snapshots").resolve(commit));
        Files.writeString(Files.createDirectories(repository.resolve("refs")).resolve("main"), commit);
        for (String file : List.of("config.json", "tokenizer.json", "model.safetensors")) {
            Files.writeString(snapshot.resolve(file), "{}");
        }
        ModelFiles files = store().resolve("hf:org/name");
        assertThat(files.name()).isEqualTo("hf:org/name");
        assertThat(files.weights()).isEqualTo(snapshot.resolve("model.safetensors"));
        assertThat(files.config()).contains(snapshot.resolve("config.json"));
        assertThat(files.tokenizer()).contains(snapshot.resolve("tokenizer.json"));
        assertThat(files.commit()).contains(commit);
        assertThat(files.source()).isEqualTo("commit %s, in %s", commit, snapshot);
        assertThat(store().hub().cached()).hasSize(1);
    }

    @Test
    void theCardOfAModelOfTheHubSaysWhichCommitItIsAndWhereItLies() throws IOException {
        String commit = "0123456789abcdef0123456789abcdef01234567";
        Path weights = BundledModelFile.required();
        String sum = BundledModel.all().getFirst().sha256();
        Path repository = folder.resolve("hub/models--org--name");
        Path snapshot = Files.createDirectories(repository.resolve("snapshots").resolve(commit));
        Path blob = Files.createDirectories(repository.resolve("blobs")).resolve(sum);
        Files.copy(weights, blob);
        Files.createSymbolicLink(snapshot.resolve("model.gguf"), Path.of("../../blobs", sum));
        String name = "hf:org/name/model.gguf@" + commit;
        var stored = LoadOptions.DEFAULT.weights(Weights.AS_STORED);
        try (var model = LanguageModel.load(store().resolve(name), stored)) {
            assertThat(model.card().name()).isEqualTo(name);
            assertThat(model.card().source()).isEqualTo("commit %s, in %s", commit, snapshot);
            assertThat(model.card().sha256()).isEqualTo(sum);
        }
    }

    @Test
    void aBundledModelIsCheckedOnceAndRemembered() throws IOException {
        Path weights = put(NAME, "model.gguf");
        BundledModel known = known(weights);
        assertThat(store(known).resolve(NAME).sha256()).contains(known.sha256());
        Path stamp = weights.resolveSibling("model.gguf.checked");
        assertThat(stamp).content().startsWith(known.sha256());
        Files.writeString(stamp, "something else");
        store(known).resolve(NAME);
        assertThat(stamp).content().startsWith(known.sha256());
    }

    @Test
    void aChangedFileIsRefusedWithBothSums() throws IOException {
        Path weights = put(NAME, "model.gguf");
        BundledModel known = known(weights);
        store(known).resolve(NAME);
        byte[] changed = Files.readAllBytes(weights);
        changed[changed.length - 1] ^= 1;
        Files.write(weights, changed);
        Files.setLastModifiedTime(weights, FileTime.fromMillis(1_000_000));
        assertThatThrownBy(() -> store(known).resolve(NAME))
                .isInstanceOf(BadWeightFile.class)
                .hasMessageContaining("SHA-256")
                .hasMessageContaining("allowed: " + known.sha256())
                .hasMessageContaining("environment/run");
    }

    @Test
    void aFileOfAnotherSizeIsRefusedAtOnce() throws IOException {
        Path weights = put(NAME, "model.gguf");
        BundledModel known = known(weights);
        Files.write(weights, new byte[3]);
        assertThatThrownBy(() -> store(known).resolve(NAME))
                .isInstanceOf(BadWeightFile.class)
                .hasMessageContaining("size: 3 bytes; allowed: " + known.bytes() + " bytes");
        Files.delete(weights);
        assertThatThrownBy(() -> store(known).resolve(NAME)).hasMessageContaining("nothing of this name");
    }

    @Test
    void theListedModelIsTheOneThatIsThere() {
        Path weights = BundledModelFile.required();
        assertThat(weights).hasFileName("model.gguf").hasSize(98_362_432);
        assertThat(ModelStore.standard().bundled()).contains("smollm2-135m-instruct");
    }

    @Test
    void theCacheFolderFollowsItsSettings() {
        Properties properties = new Properties();
        properties.setProperty("user.home", "/reader");
        properties.setProperty("os.name", "Linux");
        assertThat(CacheFolder.root(properties, Map.of())).isEqualTo(Path.of("/reader/.cache/microtome"));
        assertThat(CacheFolder.root(properties, Map.of("XDG_CACHE_HOME", "/x"))).isEqualTo(Path.of("/x/microtome"));
        assertThat(CacheFolder.root(properties, Map.of("MICROTOME_CACHE", "/y")))
                .isEqualTo(Path.of("/y"));
        properties.setProperty("microtome.cache", "/z");
        assertThat(CacheFolder.root(properties, Map.of("MICROTOME_CACHE", "/y")))
                .isEqualTo(Path.of("/z"));
    }
}
