package microtome.model.edit;

import static microtome.model.edit.SmallModel.OTHER;
import static microtome.model.edit.SmallModel.TOKENS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import microtome.model.Activations;
import microtome.model.Head;
import microtome.model.LanguageModel;
import microtome.model.Site;
import microtome.model.Site.Kind;
import microtome.model.Tap;
import microtome.model.Values;
import microtome.tensor.Shape;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** What every kind of edit does to its value, what it costs, and how it says what it cannot do. */
class EditTest {
    private static LanguageModel model;

    @BeforeAll
    static void load() {
        model = SmallModel.open("reference");
    }

    @AfterAll
    static void close() {
        model.close();
    }

    private static Values read(Site site, Edit... edits) {
        return new RunPlan(model, TOKENS, Edits.of(edits))
                .activations(List.of(site))
                .at(site);
    }

    @Test
    void aHeadThatIsZeroedMixesNothingAndTheOthersStay() {
        Values plain = read(Site.headOutput(1));
        Values edited = read(Site.headOutput(1), Edit.zero(new Head(1, 2)));
        for (int position = 0; position < 5; position++) {
            for (int head = 0; head < 4; head++) {
                float[] expected = head == 2 ? new float[8] : plain.row(position, head);
                assertThat(edited.row(position, head)).isEqualTo(expected);
            }
        }
    }

    @Test
    void addingAndScalingReachTheChosenPositionsOfTheChosenBlocks() {
        var vector = new float[32];
        vector[7] = 2;
        Edit add = Edit.add(Site.mlpOutput(0), vector, 1.5).layers(0, 1).positions(1, -1);
        for (int block = 0; block < 2; block++) {
            Values plain = block == 0 ? read(Site.mlpOutput(0)) : read(Site.mlpOutput(1), add.layers(0, 0));
            Values edited = read(Site.mlpOutput(block), add);
            for (int position = 0; position < 5; position++) {
                float[] expected = plain.row(position);
                expected[7] += position == 1 || position == 4 ? 3 : 0;
                assertThat(edited.row(position)).isEqualTo(expected);
            }
        }
        assertThat(read(Site.residual(1), Edit.scale(Site.residual(1), 4)).row(3))
                .isEqualTo(times(read(Site.residual(1)).row(3), 4));
    }

    private static float[] times(float[] row, float factor) {
        for (int i = 0; i < row.length; i++) {
            row[i] *= factor;
        }
        return row;
    }

    @Test
    void aDirectionIsTakenAwayOrKeptWhateverItsLength() {
        var direction = new float[32];
        direction[3] = 30;
        direction[4] = -40;
        Site site = Site.residual(2);
        float[] plain = read(site).row(2);
        float[] without = read(site, Edit.projectOut(site, direction)).row(2);
        float[] only = read(site, Edit.keepOnly(site, direction)).row(2);
        double along = 0.6 * plain[3] - 0.8 * plain[4];
        for (int i = 0; i < plain.length; i++) {
            double part = along * (i == 3 ? 0.6 : i == 4 ? -0.8 : 0);
            assertThat(only[i]).isCloseTo((float) part, within(1e-6f)); // two roundings of numbers below 10
            assertThat(without[i]).isCloseTo((float) (plain[i] - part), within(1e-6f));
        }
    }

    @Test
    void aMeanIsPutAtEveryPositionAndHeadItIsGivenFor() {
        var mean = new float[8];
        mean[1] = 7;
        Values edited = read(Site.headOutput(0), Edit.mean(Site.headOutput(0), new Values(Shape.of(8), mean)));
        for (int position = 0; position < 5; position++) {
            for (int head = 0; head < 4; head++) {
                assertThat(edited.row(position, head)).isEqualTo(mean);
            }
        }
    }

    @Test
    void scoresThatAreZeroedStillHideWhatIsBehind() {
        Values pattern = read(Site.pattern(1), Edit.zero(Site.scores(1)).heads(0, 1));
        for (int query = 0; query < 5; query++) {
            for (int key = 0; key < 5; key++) {
                assertThat(pattern.at(0, query, key)).isCloseTo(key <= query ? 1f / (query + 1) : 0, within(1e-6f));
            }
        }
    }

    @Test
    void aPatternMayBePutFromAnotherRunForOneListeningToken() {
        Activations other = model.activations(OTHER, List.of(Site.pattern(1)));
        Values plain = read(Site.pattern(1));
        Values edited = read(
                Site.pattern(1), Edit.replace(Site.pattern(1), other).head(3).positions(-1));
        assertThat(edited.row(3, 4)).isEqualTo(other.at(Site.pattern(1)).row(3, 4));
        assertThat(edited.row(3, 3)).isEqualTo(plain.row(3, 3));
        assertThat(edited.row(2)).isEqualTo(plain.row(2));
        assertThat(Edits.of(Edit.scale(Site.pattern(1), 2)).explain().notes().toString())
                .contains("need not sum to 1");
    }

    @Test
    void aFunctionOfOnesOwnIsAppliedWhereChosen() {
        Edit negated = Edit.custom(Site.residual(1), "negated", value -> value.negate())
                .positions(0);
        assertThat(read(Site.residual(1), negated).row(0))
                .isEqualTo(times(read(Site.residual(1)).row(0), -1));
        assertThat(read(Site.residual(1), negated).row(1))
                .isEqualTo(read(Site.residual(1)).row(1));
        Edit shorter = Edit.custom(Site.residual(1), "shorter", value -> value.slice(1, 0, 2));
        assertThatThrownBy(() -> read(Site.residual(1), shorter))
                .hasMessage(
                        "custom edit 'shorter' at residual.1 gave back F32 [1, 2, 32]; it has to be F32 [1, 5, 32] like the value there");
    }

    @Test
    void editsBehindWhatIsReadDoNotRun() {
        Edit failing = Edit.custom(Site.mlpOutput(1), "never", value -> {
            throw new AssertionError("was run");
        });
        assertThat(read(Site.residual(1), failing).array())
                .isEqualTo(read(Site.residual(1)).array());
        assertThatThrownBy(() -> read(Site.residual(2), failing)).hasMessage("was run");
    }

    @Test
    void editsOfOtherPositionsCostAPassNothing() {
        Edits edits = Edits.of(
                Edit.zero(Site.mlpOutput(1)).positions(2),
                Edit.zero(Site.mlpOutput(2)).positions(9),
                Edit.replace(Site.residual(1), model.activations(OTHER, List.of(Site.residual(1)))));
        AttachedEdits attached = AttachedEdits.of(edits, model, List.of(TOKENS), true);
        assertThat(attached.from(0).wants(Site.mlpOutput(1))).isTrue();
        assertThat(attached.from(0).wants(Site.mlpOutput(2))).isFalse();
        assertThat(attached.from(0).wants(Site.residual(1))).isTrue();
        assertThat(attached.from(5)).isSameAs(Tap.NONE);
        assertThat(attached.from(9).wants(Site.mlpOutput(2))).isTrue();
        assertThat(attached.from(9).wants(Site.mlpOutput(1))).isFalse();
    }

    @Test
    void runsWithEditsLeaveNothingBehind() {
        Edits edits = Edits.of(
                Edit.zero(new Head(1, 2)),
                Edit.freeze(Site.pattern(2)),
                Edit.add(Site.residual(1), new float[32], 1).from(2));
        SmallModel.logits(model, TOKENS, edits);
        long tensors = model.engine().liveTensors();
        for (int i = 0; i < 50; i++) {
            SmallModel.logits(model, TOKENS, edits);
        }
        // Fewer when garbage of other tests was collected meanwhile.
        assertThat(model.engine().liveTensors()).isLessThanOrEqualTo(tensors);
    }

    @Test
    void whatAModelOrARunDoesNotHaveIsSaidBeforeItRuns() {
        assertRefused(Edit.add(Site.residual(1), new float[31], 1))
                .hasMessage("edit at residual.1: the direction has 31 elements, the value there is 32 wide");
        assertRefused(Edit.zero(new Head(1, 4)))
                .hasMessage("edit at head_output.1, head 4: head 4 does not exist; head_output has heads 0..3");
        assertRefused(Edit.zero(new Site(Kind.KEY, 1)).head(2)).hasMessageContaining("key has heads 0..1");
        assertRefused(Edit.zero(Site.mlpOutput(3))).hasMessageContaining("this model has mlp_output.0 to mlp_output.2");
        assertRefused(Edit.zero(Site.mlpOutput(0)).layers(1, 4)).hasMessageContaining("mlp_output.2");
        assertRefused(Edit.zero(Site.residual(1)).positions(5))
                .hasMessage(
                        "edit at residual.1, position 5: position 5: the run has 5 tokens; give 0..4, or -5..-1 from the end; the tokens are 0 '#5' 1 '#17' 2 '#96' 3 '#0' 4 '#42'");
        assertRefused(Edit.zero(Site.residual(1)).positions(-6)).hasMessageContaining("give -5..4");
        assertRefused(Edit.zero(Site.residual(1)).sequences(1)).hasMessageContaining("the run has 0..0");
        var three = new Values(Shape.of(3, 32), new float[96]);
        assertRefused(Edit.replace(Site.residual(1), three))
                .hasMessageContaining("the values have 3 positions, the prompt has 5")
                .hasMessageContaining(".positions(-1)");
        assertRefused(Edit.replace(Site.residual(1), three).positions(4))
                .hasMessageContaining("position 4 is chosen, the given values have 0..2");
        assertRefused(Edit.replace(Site.residual(1), new Values(Shape.of(33), new float[33])))
                .hasMessageContaining("are [33], the value there is [5, 32]");
    }

    private static org.assertj.core.api.AbstractThrowableAssert<?, ? extends Throwable> assertRefused(Edit edit) {
        return assertThatThrownBy(() -> new RunPlan(model, TOKENS, Edits.of(edit)))
                .isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void whatASiteCannotHaveIsSaidWhenTheEditIsMade() {
        assertThatThrownBy(() -> Edit.zero(Site.mlpOutput(1)).head(2))
                .hasMessageContaining("mlp_output.1 has no heads")
                .hasMessageContaining("head_output");
        assertThatThrownBy(() -> Edit.add(Site.pattern(1), new float[5], 1))
                .hasMessageContaining("Use zero, scale, replace, freeze or custom");
        assertThatThrownBy(() -> Edit.projectOut(Site.residual(1), new float[32]))
                .hasMessageContaining("points nowhere");
        assertThatThrownBy(() -> Edit.scale(Site.residual(1), Double.NaN)).hasMessageContaining("scale: NaN");
        assertThatThrownBy(() -> Edit.zero(Site.residual(1)).layers(2, 1)).hasMessageContaining("first <= last");
        Activations other = model.activations(OTHER, List.of(Site.residual(1)));
        assertThatThrownBy(() -> Edit.replace(Site.mlpOutput(1), other))
                .hasMessage("the other run has no mlp_output; read were [residual.1]; read it with activations(...)");
    }
}
