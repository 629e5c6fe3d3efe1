package microtome.model.store.hub;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class HubNameTest {
    @Test
    void readsRepositoryFileAndRevision() {
        assertThat(HubName.parse("hf:gpt2")).isEqualTo(HubName.of("gpt2"));
        assertThat(HubName.parse("hf:org/name")).isEqualTo(new HubName("org/name", Optional.empty(), "main"));
        assertThat(HubName.parse("hf:org/name@v1.0").revision()).isEqualTo("v1.0");
        assertThat(HubName.parse("hf:org/name@refs/pr/7").revision()).isEqualTo("refs/pr/7");
        assertThat(HubName.parse("hf:o_rg/na-me.v2/sub/model-Q8_0.gguf@abc"))
                .isEqualTo(new HubName("o_rg/na-me.v2", Optional.of("sub/model-Q8_0.gguf"), "abc"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"hf:gpt2", "hf:org/name", "hf:org/name@v1", "hf:org/name/a/b.gguf@refs/pr/1"})
    void isWrittenAsItIsRead(String text) {
        assertThat(HubName.parse(text)).hasToString(text);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "hf:",
                "hf:/",
                "hf:org/",
                "hf://org/name",
                "hf:../name",
                "hf:org/..",
                "hf:org/na..me",
                "hf:org/na--me",
                "hf:org/name.git",
                "hf:-org/name",
                "hf:org/name@",
                "hf:org/name@../main",
                "hf:org/name@a//b",
                "hf:org/name@a\\b",
                "hf:org/name/../x.gguf",
                "hf:org/name//x.gguf",
                "hf:org/name/pytorch_model.bin",
                "hf:org/name/C:x.gguf",
                "org/name"
            })
    void refusesWhatNamesNothingOrLeadsElsewhere(String text) {
        assertThatThrownBy(() -> HubName.parse(text))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("hf:org/name");
    }

    @Test
    void theFolderIsThatOfPython() {
        assertThat(HubName.of("org/name").folder()).isEqualTo("models--org--name");
        assertThat(HubName.of("gpt2").folder()).isEqualTo("models--gpt2");
    }
}
