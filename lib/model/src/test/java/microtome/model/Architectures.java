package microtome.model;

import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.params.provider.Arguments;

/** The tiny random models that another program wrote, one or two of every family. */
public final class Architectures {
    private static final List<String> DECODERS = List.of(
            "gemma2",
            "gemma3",
            "gpt-neox",
            "gpt2",
            "llama-rope3",
            "llama-tied",
            "mistral-window",
            "olmo2",
            "phi3",
            "qwen2",
            "qwen3");

    private static final List<String> BACKENDS = List.of("reference", "cpu");

    private Architectures() {}

    /** The folders of those that give logits. */
    public static Stream<String> decoders() {
        return DECODERS.stream();
    }

    /** The folders of all of them. */
    public static Stream<String> all() {
        return Stream.concat(decoders(), Stream.of("bert"));
    }

    static Stream<Arguments> onEveryBackend() {
        return all().flatMap(Architectures::backends);
    }

    static Stream<Arguments> decodersOnEveryBackend() {
        return decoders().flatMap(Architectures::backends);
    }

    private static Stream<Arguments> backends(String folder) {
        return BACKENDS.stream().map(backend -> Arguments.of(folder, backend));
    }
}
