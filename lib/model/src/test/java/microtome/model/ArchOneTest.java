package microtome.model;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import microtome.model.store.ModelStore;
import microtome.model.token.TokenSequence;
import microtome.tensor.Tensor;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Six tiny models drawn from a seed, against numbers that two programs computed in double precision. In F32 they must agree
 * within 2e-5: a wrong form of the GELU changes logits by 1e-4.
 */
class ArchOneTest {
    private static final float BOUND = 2e-5f;

    @TempDir
    private Path folder;

    static Stream<Arguments> onEveryBackend() {
        return ArchOneGoldens.ALL.stream()
                .flatMap(golden -> Stream.of("reference", "cpu").map(backend -> Arguments.of(golden, backend)));
    }

    @ParameterizedTest
    @MethodSource("onEveryBackend")
    void valuesAgree(ArchOneGoldens golden, String backend) {
        Backends.assume(backend);
        try (var model = load(golden, backend);
                var scope = model.engine().openScope()) {
            var harvest = new Harvest(scope, List.of(Site.residual(0), Site.residual(1), Site.logits()));
            model.run(List.of(tokens()), harvest);
            float[] logits = harvest.get(Site.logits()).toFloats();
            int last = ArchOneModels.TOKENS.length - 1;
            assertNear(Arrays.copyOfRange(logits, last * ArchOneModels.VOCABULARY, logits.length), golden.lastLogits());
            assertNear(Arrays.copyOf(logits, 3), golden.firstLogits());
            assertNear(start(harvest.get(Site.residual(0)), last), golden.embedding());
            assertNear(start(harvest.get(Site.residual(1)), last), golden.afterFirstBlock());
        }
    }

    @ParameterizedTest
    @MethodSource("onEveryBackend")
    void gradientsAgree(ArchOneGoldens golden, String backend) {
        Backends.assume(backend);
        try (var model = load(golden, backend)) {
            assertGradient(model, golden, golden.full(), golden.fullTimesValue(), Frozen.NOTHING);
        }
    }

    /** With patterns, the denominators of all norms and what MLPs add held, and logits before their cap. */
    @ParameterizedTest
    @MethodSource("onEveryBackend")
    void gradientsWithFrozenPartsAgree(ArchOneGoldens golden, String backend) {
        Backends.assume(backend);
        try (var model = load(golden, backend)) {
            assertGradient(model, golden, golden.frozen(), golden.frozenTimesValue(), Frozen.PATTERNS_NORMS_MLPS);
        }
    }

    private enum Frozen {
        NOTHING,
        PATTERNS_NORMS_MLPS;

        boolean holds(Site site) {
            return this == PATTERNS_NORMS_MLPS
                    && switch (site.kind()) {
                        case PATTERN, MLP_OUTPUT, ATTENTION_NORM_SCALE, MLP_NORM_SCALE, FINAL_NORM_SCALE -> true;
                        case ATTENTION_POST_NORM_SCALE, MLP_POST_NORM_SCALE -> true;
                        default -> false;
                    };
        }
    }

    /** Puts a constant in the place of what is frozen, so that nothing flows back through it, and keeps the two ends. */
    private static final class Freezing implements Tap {
        private final LanguageModel model;
        private final ArchOneGoldens golden;
        private final Frozen frozen;
        private final Site logits;
        private Tensor embedding;
        private float[] embedded;
        private Tensor difference;

        Freezing(LanguageModel model, ArchOneGoldens golden, Frozen frozen) {
            this.model = model;
            this.golden = golden;
            this.frozen = frozen;
            boolean uncapped = frozen != Frozen.NOTHING && model.config().logitCap() > 0;
            this.logits = uncapped ? Site.uncappedLogits() : Site.logits();
        }

        @Override
        public boolean wants(Site site) {
            return site.equals(Site.residual(0)) || site.equals(logits) || frozen.holds(site);
        }

        @Override
        public Tensor at(Site site, Tensor value) {
            if (frozen.holds(site)) {
                return model.engine().tensor(value.toFloats(), value.shape().extents());
            }
            if (site.equals(logits)) {
                difference = logit(value, golden.up()).minus(logit(value, golden.down()));
            } else {
                embedding = value;
                embedded = value.toFloats();
            }
            return value;
        }

        private static Tensor logit(Tensor logits, int token) {
            int last = ArchOneModels.TOKENS.length - 1;
            return logits.slice(1, last, last + 1).slice(2, token, token + 1).reshape(1);
        }
    }

    private static void assertGradient(
            LanguageModel model, ArchOneGoldens golden, float[] sums, float[] products, Frozen frozen) {
        try (var _ = model.engine().openScope();
                var tape = model.engine().record()) {
            var tap = new Freezing(model, golden, frozen);
            model.run(List.of(tokens()), tap);
            float[] gradient = tape.gradient(tap.difference, tap.embedding).toFloats();
            var ourSums = new float[sums.length];
            var ourProducts = new float[sums.length];
            for (int i = 0; i < gradient.length; i++) {
                ourSums[i / ArchOneModels.WIDTH] += Math.abs(gradient[i]);
                ourProducts[i / ArchOneModels.WIDTH] += gradient[i] * tap.embedded[i];
            }
            assertGradientNear(ourSums, sums);
            assertGradientNear(ourProducts, products);
        }
    }

    private static float[] start(Tensor stream, int position) {
        int from = position * ArchOneModels.WIDTH;
        return Arrays.copyOfRange(stream.toFloats(), from, from + 3);
    }

    private static TokenSequence tokens() {
        return TokenSequence.ofIds(ArchOneModels.TOKENS);
    }

    private LanguageModel load(ArchOneGoldens golden, String backend) {
        Path written = new ArchOneModels(golden.family()).draw().write(folder.resolve(golden.family()));
        return LanguageModel.load(
                ModelStore.standard().resolve(written.toString()), LoadOptions.DEFAULT.backend(backend));
    }

    private static void assertNear(float[] ours, float[] theirs) {
        assertThat(ours).hasSameSizeAs(theirs);
        for (int i = 0; i < ours.length; i++) {
            assertThat(Math.abs(ours[i] - theirs[i]))
                    .as("element %d: %s", i, Arrays.toString(ours))
                    .isLessThanOrEqualTo(BOUND);
        }
    }

    /** Eight terms of up to ten: F32 rounds a sum of that size by 1e-6 a step, relative to its size. */
    private static void assertGradientNear(float[] ours, float[] theirs) {
        for (int i = 0; i < ours.length; i++) {
            assertThat(Math.abs(ours[i] - theirs[i]))
                    .as("position %d: %s", i, Arrays.toString(ours))
                    .isLessThanOrEqualTo(BOUND * Math.max(1, Math.abs(theirs[i])));
        }
    }
}
