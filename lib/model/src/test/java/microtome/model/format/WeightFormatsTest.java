package microtome.model.format;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import microtome.tensor.Shape;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class WeightFormatsTest {
    @TempDir
    private Path folder;

    private Path safetensors(String name, String tensor) {
        Path path = folder.resolve(name);
        try (var writer = SafetensorsWriter.to(path).declare(tensor, StoredType.F32, Shape.of(1))) {
            writer.write(tensor, new float[] {1});
            writer.finish();
        }
        return path;
    }

    @Test
    void theBytesDecideNotTheName() throws IOException {
        Path gguf = Files.write(
                folder.resolve("model.bin"), new GgufBuilder().u8("a", 1).build());
        try (WeightFile file = WeightFormats.open(gguf)) {
            assertThat(file).isInstanceOf(Gguf.class);
        }
        try (WeightFile file = WeightFormats.open(safetensors("model.gguf", "a"))) {
            assertThat(file).isInstanceOf(Safetensors.class);
        }
    }

    @Test
    void aHeaderWhoseLengthBeginsLikeAPickleIsNone() throws IOException {
        Path path = safetensors("model.safetensors", "a".repeat(580));
        assertThat(Files.readAllBytes(path)).startsWith(0x80, 2, 0, 0, 0, 0, 0, 0, '{'); // 640 bytes
        try (WeightFile file = WeightFormats.open(path)) {
            assertThat(file).isInstanceOf(Safetensors.class);
        }
    }

    @Test
    void explainsWhatIsThereInstead() throws IOException {
        refuses("model.gguf", "version https://git-lfs.github.com/spec/v1\noid sha256:1\n", "git lfs pull");
        refuses("model.safetensors", "<!DOCTYPE html><html>", "a web page instead of the file");
        refuses("empty.gguf", "", "an empty file");
        refuses("model.gguf", "not a model", "byte 0 (magic)");
        refuses("model.safetensors", "not a model", "(header length)");
        refuses("readme.txt", "not a model", "bytes of no known kind");
    }

    private void refuses(String name, String content, String part) throws IOException {
        Path path = Files.writeString(folder.resolve(name), content);
        assertThatThrownBy(() -> WeightFormats.open(path))
                .isInstanceOf(BadWeightFile.class)
                .hasMessageContaining(part);
    }

    @Test
    void findsTheWeightsOfAFolder() throws IOException {
        safetensors("other.safetensors", "a");
        assertThat(WeightFormats.weightsOf(folder)).hasFileName("other.safetensors");
        Files.write(
                folder.resolve("model-q8.gguf"), new GgufBuilder().u8("a", 1).build());
        assertThat(WeightFormats.weightsOf(folder)).hasFileName("model-q8.gguf");
        safetensors("model.safetensors", "a");
        assertThat(WeightFormats.weightsOf(folder)).hasFileName("model.safetensors");
    }

    @Test
    void partsWithoutTheirIndexAreExplained() {
        safetensors("model-00001-of-00002.safetensors", "a");
        safetensors("model-00002-of-00002.safetensors", "b");
        assertThatThrownBy(() -> WeightFormats.open(folder))
                .hasMessageContaining("these are parts of one model; download model.safetensors.index.json");
    }

    @Test
    void anArchiveOfArraysIsFoundInAFolderToo() throws IOException {
        Files.copy(NumpyFileTest.resource("types.npz"), folder.resolve("model.npz"));
        assertThat(WeightFormats.weightsOf(folder)).hasFileName("model.npz");
        safetensors("other.safetensors", "a");
        assertThat(WeightFormats.weightsOf(folder)).hasFileName("other.safetensors");
    }

    @Test
    void explainsFoldersWithoutOneModel() throws IOException {
        assertThatThrownBy(() -> WeightFormats.open(folder)).hasMessageContaining("an empty folder");
        Files.writeString(folder.resolve("config.json"), "{}");
        assertThatThrownBy(() -> WeightFormats.open(folder)).hasMessageContaining("no weight file among: config.json");
        Files.writeString(folder.resolve("pytorch_model.bin"), "x");
        assertThatThrownBy(() -> WeightFormats.open(folder)).hasMessageContaining("a pickle");
        Files.writeString(folder.resolve("a.gguf"), "x");
        Files.writeString(folder.resolve("b.gguf"), "x");
        assertThatThrownBy(() -> WeightFormats.open(folder))
                .hasMessageContaining("2 weight files: a.gguf, b.gguf")
                .hasMessageContaining("give the path of the file you mean");
        assertThatThrownBy(() -> WeightFormats.open(folder.resolve("none.gguf")))
                .isInstanceOf(UncheckedIOException.class)
                .hasMessageContaining("there is no such file");
    }

    @Test
    void readsAModelThatLiesInSeveralFiles() throws IOException {
        safetensors("model-1.safetensors", "a");
        safetensors("model-2.safetensors", "b");
        Path index =
                index("{\"metadata\":{},\"weight_map\":{\"b\":\"model-2.safetensors\",\"a\":\"model-1.safetensors\"}}");
        try (WeightFile file = WeightFormats.open(folder)) {
            assertThat(file.path()).isEqualTo(index);
            assertThat(file.names()).containsExactly("b", "a");
            assertThat(file.tensor("a").shape()).isEqualTo(Shape.of(1));
            assertThat(file.sha256()).hasSize(64);
            assertThatThrownBy(() -> file.tensor("c")).hasMessageContaining("nearest: a, b");
        }
    }

    @Test
    void refusesAnIndexThatIsWrong() throws IOException {
        safetensors("model-1.safetensors", "a");
        refusesIndex("{}", "no tensor in an object of this name");
        refusesIndex("{\"weight_map\":{\"b\":\"model-1.safetensors\"}}", "nothing of this name in model-1.safetensors");
        refusesIndex(
                "{\"weight_map\":{\"a\":\"model-9.safetensors\"}}",
                "model-9.safetensors: file: the index names it, and it is not there");
        refusesIndex("{\"weight_map\":{\"a\":\"pytorch_model-1.bin\"}}", "a pickle");
        refusesIndex("{\"weight_map\":{}}", "no tensor in an object of this name");
        refusesIndex("{\"weight_map\":{\"a\":\"x.safetensors\",\"a\":\"y.safetensors\"}}", "Duplicate field 'a'");
        for (String name : List.of(
                "../model-1.safetensors",
                "/etc/passwd",
                "a\\\\b",
                "C:a",
                "x\\n/../../y",
                "\\u0000",
                "\\ud800",
                "..",
                ".",
                "")) {
            refusesIndex("{\"weight_map\":{\"a\":\"" + name + "\"}}", "allowed: the name of a file beside the index");
        }
        refusesIndex("{\"weight_map\":{\"a\":1}}", "allowed: VALUE_STRING");
        refusesIndex("{\"weight_map\":", "JSON");
    }

    private void refusesIndex(String json, String part) throws IOException {
        Path index = index(json);
        assertThatThrownBy(() -> WeightFormats.open(index))
                .isInstanceOf(BadWeightFile.class)
                .hasMessageContaining(part);
    }

    private Path index(String json) throws IOException {
        return Files.writeString(folder.resolve("model.safetensors.index.json"), json);
    }

    @Test
    void readsConfigurationsStrictly() throws IOException {
        Path good = Files.writeString(folder.resolve("config.json"), "{\"hidden_size\":576}");
        assertThat(ConfigFile.read(good).root().get("hidden_size").asInt()).isEqualTo(576);
        assertThat(ConfigFile.read(good).root().get("head_dim")).isNull();
        for (String bad : new String[] {"[]", "", "{\"a\":1,\"a\":2}", "{} {}", "{\"a\":", "nul"}) {
            Path path = Files.writeString(folder.resolve("bad.json"), bad);
            assertThatThrownBy(() -> ConfigFile.read(path)).as(bad).isInstanceOf(BadWeightFile.class);
        }
    }
}
