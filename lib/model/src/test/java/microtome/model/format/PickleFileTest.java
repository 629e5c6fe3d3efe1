package microtome.model.format;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PickleFileTest {
    @TempDir
    private Path folder;

    /** How pickles of protocols 0 to 5 begin: a dictionary, a list, a class; and what PyTorch wrote before its archives. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "(dp0\nVweight\np1\n",
                "(lp0\n",
                "cnumpy.core.multiarray\n_reconstruct\np0\n",
                "}q\u0000X",
                "]q\u0000(",
                "\u0080\u0002}q\u0000X",
                "\u0080\u0003}q\u0000",
                "\u0080\u0004\u0095",
                "\u0080\u0005\u0095",
                "\u0080\u0002\u008a\nl\u00fc\u009cF\u00f9 j\u00a8P\u0019."
            })
    void everyProtocolIsRefusedWhateverTheNameSays(String content) throws IOException {
        for (String name : new String[] {"model.safetensors", "weights", "pytorch_model.bin"}) {
            refuses(Files.write(folder.resolve(name), content.getBytes(StandardCharsets.ISO_8859_1)));
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"a.bin", "a.pt", "a.PTH", "a.ckpt", "a.pkl", "a.pickle"})
    void theNamesOfPicklesAreRefusedWhateverIsInside(String name) throws IOException {
        refuses(Files.write(folder.resolve(name), new byte[] {1, 2, 3}));
    }

    @Test
    void theArchiveOfTorchIsRefused() throws IOException {
        byte[] archive = NumpySeeds.archive(false, new byte[3], new byte[3]);
        String torch = new String(archive, StandardCharsets.ISO_8859_1).replace("r/b.npy", "r/b.pkl");
        refuses(Files.write(folder.resolve("model.pt"), torch.getBytes(StandardCharsets.ISO_8859_1)));
    }

    @Test
    void aTruncatedArchiveOfTorchIsRefusedAsOne() throws IOException {
        refuses(Files.write(folder.resolve("pytorch_model.bin"), new byte[] {'P', 'K', 3, 4, 0, 0}));
    }

    private static void refuses(Path path) {
        assertThatThrownBy(() -> WeightFormats.open(path))
                .isInstanceOf(BadWeightFile.class)
                .hasMessageContaining("a pickle, which runs a program of its own")
                .hasMessageContaining("torch.load(\"" + path.getFileName() + "\", \"cpu\", weights_only=True)")
                .hasMessageContaining("save_file(");
    }

    @Test
    void ordinaryTextIsNoPickle() {
        for (String text : new String[] {"(c) 2026\nall rights", "{\"a\":1}", "]", "cat", "copy of\na\nb"}) {
            assertThat(PickleFile.hasMagic(text.getBytes(StandardCharsets.ISO_8859_1)))
                    .as(text)
                    .isFalse();
        }
    }

    @Test
    void theTwoLinesStayTwoLinesWhateverTheFileIsCalled() {
        Path path = Path.of("a\"); import os\n\\x.größe.bin");
        String message = PickleFile.refusal(path).getMessage();
        String lines = message.substring(message.indexOf("import torch"));
        assertThat(lines.lines()).hasSize(2);
        assertThat(lines).contains("torch.load(\"a\\U00000022); import os\\U0000000a\\U0000005cx.größe.bin\", ");
    }
}
