package microtome.tensor.nd4j;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.lang.foreign.ValueLayout;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import microtome.model.LanguageModel;
import microtome.model.LoadOptions;
import microtome.model.Site;
import microtome.model.Tap;
import microtome.model.format.WeightFile;
import microtome.model.format.WeightFormats;
import microtome.model.store.ModelStore;
import microtome.model.token.TokenSequence;
import microtome.tensor.Layers;
import microtome.tensor.Tensor;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The tiny models on this backend: every value, the loss and its gradient within the bound of their page. */
class ParityTest {
    private static final float BOUND = 2e-5f;

    @TempDir
    private Path folder;

    @ParameterizedTest
    @ValueSource(strings = {"llama-tied", "llama-rope3"})
    void theCommandLineAgreesWithTransformers(String name) throws Exception {
        var ended =
                InAProcess.in(folder).run("microtome.cli.Main", "parity", Fixtures.folder(name), "--backend", "nd4j");
        assertThat(ended.err()).isEmpty();
        assertThat(ended.status()).as(ended.out()).isZero();
        assertThat(ended.out().lines().toList().getFirst()).endsWith(", OPENBLAS, " + threads() + " threads");
        assertThat(ended.out().lines().toList().getLast()).matches("parity: max=\\d\\.\\d\\de-\\d\\d bound=2e-05 OK");
    }

    private static String threads() {
        return Nd4jLibrary.instance().device().facts().get("threads");
    }

    /** Remembers the embedded tokens and the loss; the tape keeps what it needs of them. */
    private static final class Seen implements Tap {
        private final int[] ids;
        private final int positions;
        private Tensor embedded;
        private Tensor loss;
        private float value;

        Seen(int[] ids, int positions) {
            this.ids = ids;
            this.positions = positions;
        }

        @Override
        public boolean wants(Site site) {
            return site.equals(Site.residual(0)) || site.equals(Site.logits());
        }

        @Override
        public Tensor at(Site site, Tensor value) {
            if (site.equals(Site.logits())) {
                loss = meanLoss(value);
                this.value = loss.toFloats()[0];
            } else {
                embedded = value;
            }
            return value;
        }

        private Tensor meanLoss(Tensor logits) {
            int[] next = IntStream.range(0, ids.length)
                    .filter(i -> i % positions != 0)
                    .map(i -> ids[i])
                    .toArray();
            var targets = logits.engine().indices(next, ids.length / positions, positions - 1);
            return Layers.crossEntropy(logits.slice(1, 0, positions - 1), targets)
                    .reshape(-1)
                    .mean(0);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"llama-tied", "llama-rope3"})
    void lossAndItsGradientAgree(String name) {
        var files = ModelStore.standard().resolve(Fixtures.folder(name).toString());
        try (var expected = WeightFormats.open(Fixtures.folder(name).resolve("expected.safetensors"));
                var model = LanguageModel.load(files, LoadOptions.DEFAULT.backend("nd4j"));
                var _ = model.engine().openScope();
                var tape = model.engine().record()) {
            int[] ids = ids(expected);
            int positions = Math.toIntExact(expected.tensor("input_ids").shape().extent(1));
            var seen = new Seen(ids, positions);
            model.run(sequences(ids, positions), seen);
            assertThat(seen.value).isCloseTo(floats(expected, "loss")[0], within(BOUND));
            var ours = tape.gradient(seen.loss, seen.embedded).toFloats();
            var theirs = floats(expected, "grad.inputs_embeds");
            assertThat(ours).hasSameSizeAs(theirs);
            for (int i = 0; i < ours.length; i++) {
                assertThat(ours[i]).as("element %d", i).isCloseTo(theirs[i], within(BOUND));
            }
        }
    }

    private static List<TokenSequence> sequences(int[] ids, int positions) {
        var sequences = new ArrayList<TokenSequence>();
        for (int from = 0; from < ids.length; from += positions) {
            sequences.add(TokenSequence.ofIds(Arrays.copyOfRange(ids, from, from + positions)));
        }
        return sequences;
    }

    private static int[] ids(WeightFile file) {
        var stored = file.tensor("input_ids").bytes();
        int count = Math.toIntExact(file.tensor("input_ids").shape().elements());
        boolean wide = stored.byteSize() == 8L * count;
        return IntStream.range(0, count)
                .map(i -> stored.get(ValueLayout.JAVA_INT_UNALIGNED, (wide ? 8L : 4L) * i))
                .toArray();
    }

    private static float[] floats(WeightFile file, String name) {
        var stored = file.tensor(name).bytes();
        var values = new float[Math.toIntExact(file.tensor(name).shape().elements())];
        for (int i = 0; i < values.length; i++) {
            values[i] = stored.get(ValueLayout.JAVA_FLOAT_UNALIGNED, 4L * i);
        }
        return values;
    }
}
