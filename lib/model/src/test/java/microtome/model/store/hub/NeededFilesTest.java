package microtome.model.store.hub;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class NeededFilesTest {
    private static final String COMMIT = "0123456789abcdef0123456789abcdef01234567";
    private static final HubName NAME = HubName.of("org/name");

    private static NeededFiles needed(HubName name, String... paths) {
        var files = new TreeMap<String, HubFile>();
        Stream.of(paths).forEach(path -> files.put(path, new HubFile(path, 98_362_432, new Checksum(COMMIT))));
        return new NeededFiles(name, new HubListing(COMMIT, files));
    }

    private static String weights(String... paths) {
        return needed(NAME, paths).weights().path();
    }

    @Test
    void oneFormOfTheWeightsIsChosen() {
        assertThat(weights("config.json", "model.safetensors", "model.safetensors.index.json", "x.gguf", "y.gguf"))
                .isEqualTo("model.safetensors");
        assertThat(weights("config.json", "model.safetensors.index.json", "consolidated.safetensors"))
                .isEqualTo("model.safetensors.index.json");
        assertThat(weights("config.json", "other.safetensors", "sub/model.safetensors"))
                .isEqualTo("other.safetensors");
        assertThat(weights("README.md", "sub/model.gguf")).isEqualTo("sub/model.gguf");
    }

    @Test
    void descriptionsLieBesideTheWeights() {
        var nested = needed(
                NAME.file("sub/model.safetensors"),
                "config.json",
                "sub/config.json",
                "sub/tokenizer.json",
                "sub/model.safetensors");
        assertThat(nested.descriptions(nested.weights()))
                .extracting(HubFile::path)
                .containsExactly("sub/config.json", "sub/tokenizer.json");
        var gguf = needed(NAME, "config.json", "model.gguf");
        assertThat(gguf.descriptions(gguf.weights())).isEmpty();
    }

    @Test
    void severalGgufFilesAreListedAsTheyAreWritten() {
        assertThatThrownBy(() -> weights("a-Q4_0.gguf", "sub/a-Q8_0.gguf"))
                .isInstanceOf(HubProblem.class)
                .hasMessageContaining("hf:org/name has 2 weight files; name one of them:")
                .hasMessageContaining("hf:org/name/a-Q4_0.gguf  (98.4 MB)")
                .hasMessageContaining("hf:org/name/sub/a-Q8_0.gguf  (98.4 MB)");
        assertThat(needed(NAME.file("sub/a-Q8_0.gguf"), "a-Q4_0.gguf", "sub/a-Q8_0.gguf")
                        .weights()
                        .path())
                .isEqualTo("sub/a-Q8_0.gguf");
    }

    @Test
    void picklesAreRefusedWithTheWayToConvertThem() {
        assertThatThrownBy(() -> weights("config.json", "pytorch_model.bin", "flax_model.msgpack"))
                .isInstanceOf(HubProblem.class)
                .hasMessageContaining("hf:org/name has only pickles (pytorch_model.bin (98.4 MB))")
                .hasMessageContaining("m = 'org/name'")
                .hasMessageContaining("save_pretrained('converted')");
    }

    @Test
    void whatCannotBeLoadedIsRefusedBeforeItIsDownloaded() {
        assertThatThrownBy(() -> weights("README.md")).hasMessageContaining("it has: README.md");
        assertThatThrownBy(() -> weights()).hasMessageContaining("it has: nothing");
        assertThatThrownBy(() -> weights("adapter_model.safetensors"))
                .hasMessageContaining("there is no config.json beside adapter_model.safetensors");
        assertThatThrownBy(() -> weights("m-00001-of-00002.gguf"))
                .hasMessageContaining("is one piece of a GGUF file")
                .hasMessageContaining("llama-gguf-split --merge");
    }
}
