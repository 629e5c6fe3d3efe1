package microtome.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import java.util.stream.IntStream;
import microtome.model.store.ModelStore;
import microtome.model.token.TokenSequence;
import microtome.tensor.Engine;
import microtome.tensor.Layers;
import microtome.tensor.Tensor;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Gradients with respect to the residual stream, against another program's. */
class GradientReferenceTest {
    private static final float ARCHITECTURE_ABSOLUTE = 2e-5f;
    private static final double SMOLLM2_RELATIVE = 3e-5;
    private static final int PARIS = 7042;
    private static final int ROME = 7268;

    /** Remembers the residuals, and the scalar that a function makes of the logits; a tape keeps what it needs of them. */
    private static final class Seen implements Tap {
        private final UnaryOperator<Tensor> scalarOfLogits;
        private final Map<Site, Tensor> residuals = new HashMap<>();
        private Tensor scalar;
        private float value;

        Seen(UnaryOperator<Tensor> scalarOfLogits) {
            this.scalarOfLogits = scalarOfLogits;
        }

        @Override
        public boolean wants(Site site) {
            return site.kind() == Site.Kind.RESIDUAL || site.equals(Site.logits());
        }

        @Override
        public Tensor at(Site site, Tensor value) {
            if (site.equals(Site.logits())) {
                scalar = scalarOfLogits.apply(value);
                this.value = scalar.toFloats()[0];
            } else {
                residuals.put(site, value);
            }
            return value;
        }
    }

    @ParameterizedTest
    @MethodSource("microtome.model.Architectures#decodersOnEveryBackend")
    void lossAndItsGradientAgree(String folder, String backend) {
        Backends.assume(backend);
        String resource = "architectures/" + folder;
        var files = ModelStore.standard().resolve(ReferenceData.path(resource).toString());
        try (var expected = ReferenceData.open(resource + "/expected.safetensors");
                var model = LanguageModel.load(files, LoadOptions.DEFAULT.backend(backend));
                var _ = model.engine().openScope();
                var tape = model.engine().record()) {
            int[] ids = expected.ints("input_ids");
            int positions = (int) expected.shape("input_ids").extent(1);
            var seen = new Seen(logits -> meanLoss(model.engine(), logits, ids, positions));
            model.run(sequences(ids, positions), seen);
            assertThat(seen.value).isCloseTo(expected.floats("loss")[0], within(ARCHITECTURE_ABSOLUTE));
            float[] ours = tape.gradient(seen.scalar, seen.residuals.get(Site.residual(0)))
                    .toFloats();
            float[] theirs = expected.floats("grad.inputs_embeds");
            assertThat(ours).hasSameSizeAs(theirs);
            for (int i = 0; i < ours.length; i++) {
                assertThat(ours[i]).as("element %d", i).isCloseTo(theirs[i], within(ARCHITECTURE_ABSOLUTE));
            }
        }
    }

    /** The mean cross-entropy of every next token. */
    private static Tensor meanLoss(Engine engine, Tensor logits, int[] ids, int positions) {
        int[] next = IntStream.range(0, ids.length)
                .filter(i -> i % positions != 0)
                .map(i -> ids[i])
                .toArray();
        var targets = engine.indices(next, ids.length / positions, positions - 1);
        return Layers.crossEntropy(logits.slice(1, 0, positions - 1), targets)
                .reshape(-1)
                .mean(0);
    }

    private static List<TokenSequence> sequences(int[] ids, int positions) {
        var sequences = new ArrayList<TokenSequence>();
        for (int from = 0; from < ids.length; from += positions) {
            sequences.add(TokenSequence.ofIds(Arrays.copyOfRange(ids, from, from + positions)));
        }
        return sequences;
    }

    @Test
    void theBundledModelsLogitDifferenceAgreesAndReachesEveryResidualInOnePass() {
        Backends.assume("cpu");
        try (var expected = ReferenceData.open("smollm2/expected.safetensors");
                var model = LanguageModel.load(BundledModelFile.files(), LoadOptions.DEFAULT.backend("cpu"))) {
            long tensors = model.engine().liveTensors();
            try (var _ = model.engine().openScope();
                    var tape = model.engine().record()) {
                int[] ids = expected.ints("capital.input_ids");
                var seen = new Seen(logits -> logitDifference(logits, ids.length - 1));
                model.run(List.of(TokenSequence.ofIds(ids)), seen);
                var depths = IntStream.rangeClosed(0, model.config().blocks())
                        .mapToObj(depth -> seen.residuals.get(Site.residual(depth)))
                        .toList();
                var gradients = tape.gradients(seen.scalar, depths);
                assertThat(gradients).hasSize(31);
                assertThat(relative(gradients.getFirst().toFloats(), expected.floats("capital.grad_logit_diff_embed")))
                        .isLessThanOrEqualTo(SMOLLM2_RELATIVE);
                // After the last block only the last position reaches its logits.
                float[] last = gradients.getLast().toFloats();
                int width = model.config().width();
                for (int i = 0; i < last.length; i++) {
                    assertThat(last[i] != 0)
                            .as("position %d, element %d", i / width, i % width)
                            .isEqualTo(i / width == ids.length - 1);
                }
            }
            // The packed transposes stay beside the weights: seven per block and the unembedding's, made on first use.
            assertThat(model.engine().liveTensors()).isGreaterThan(tensors).isLessThan(tensors + 2 * (7 * 30 + 1) + 4);
        }
    }

    private static Tensor logitDifference(Tensor logits, int position) {
        var row = logits.slice(1, position, position + 1);
        return row.slice(2, PARIS, PARIS + 1).minus(row.slice(2, ROME, ROME + 1));
    }

    private static double relative(float[] ours, float[] theirs) {
        assertThat(ours).hasSameSizeAs(theirs);
        double difference = 0;
        double size = 0;
        for (int i = 0; i < ours.length; i++) {
            difference += Math.pow((double) ours[i] - theirs[i], 2);
            size += Math.pow(theirs[i], 2);
        }
        return Math.sqrt(difference / size);
    }
}
