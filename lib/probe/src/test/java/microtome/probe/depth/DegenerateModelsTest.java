package microtome.probe.depth;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import microtome.model.token.TokenSequence;
import microtome.probe.data.RoundTrip;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class DegenerateModelsTest {
    private static final List<TokenSequence> PROMPTS = Fixtures.prompts(16, 16);

    @TempDir
    private Path folder;

    /** Block 1 adds zeros: leaving it out changes no bit, and as a reader it has nothing that could change. */
    @ParameterizedTest
    @EnumSource
    void aBlockThatAddsNothingHasNoEffect(SkipReach reach) {
        try (var model = Fixtures.changed(folder, (name, values) -> {
            if (name.equals("model.layers.1.mlp.down_proj.weight")
                    || name.equals("model.layers.1.self_attn.o_proj.weight")) {
                Arrays.fill(values, 0);
            }
        })) {
            for (SkippedPart part : SkippedPart.values()) {
                SkipPlan plan = DepthUse.of(model, PROMPTS).skip().with(SkipOptions.DEFAULT.part(part));
                SkipEffect found = switch (reach) {
                    case CURRENT -> plan.current();
                    case FUTURE -> plan.future();
                    case LOCAL -> plan.local();
                };
                assertThat(found.values().effect()[1]).containsExactly(0, 0, 0);
                assertThat(found.values().output()[1]).isZero();
                assertThat(found.values().effect()[0][1])
                        .as("nothing to change")
                        .isNaN();
                assertThat(found.values().effect()[0][2]).isPositive();
                assertThat(found.table().plainText())
                        .contains("block 1 adds less than 1e-06 at every position that counts");
                RoundTrip.check(found);
            }
        }
    }

    @Test
    void aModelOfOneBlockHasAnOutputEffectAndNoScore() {
        try (var model = Fixtures.oneBlock(folder)) {
            SkipEffect found =
                    RoundTrip.check(DepthUse.of(model, PROMPTS).skip().current());
            assertThat(found.values().effect()).isEqualTo(new double[][] {{0}});
            assertThat(found.values().output()[0]).isPositive();
            DepthScore score = RoundTrip.check(found.score());
            assertThat(score.values().getFirst().score()).isNaN();
            assertThat(score.values().getFirst().normalised()).isNaN();
            assertThat(score.table().plainText()).contains("a model of one block has no later block");
        }
    }
}
