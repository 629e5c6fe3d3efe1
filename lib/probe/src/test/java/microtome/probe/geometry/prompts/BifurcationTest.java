package microtome.probe.geometry.prompts;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import microtome.probe.data.prompt.Pairing;
import microtome.probe.data.prompt.PromptStates;
import org.junit.jupiter.api.Test;

class BifurcationTest {
    private static final List<Pairing> PAIRS =
            List.of(new Pairing(0, 1, "bank", false), new Pairing(2, 3, "bank", true), new Pairing(4, 5, "bat", false));

    /** Pair 0 parts from layer 4 on, its control does not, and the two contexts of "bat" are the same. */
    private static final PromptStates PLANTED = states(0.02);

    private static PromptStates states(double control) {
        return MadeUp.states(
                9,
                2,
                (layer, prompt, dimension) -> {
                    double angle = switch (prompt) {
                        case 1 -> layer < 4 ? 0.001 * layer : 0.2 * (layer - 3);
                        case 3 -> control * layer;
                        default -> 0;
                    };
                    return dimension == 0 ? Math.cos(angle) : Math.sin(angle);
                },
                PAIRS,
                MadeUp.labels(6, ""));
    }

    @Test
    void aPlantedForkIsFoundWhereItIs() {
        Bifurcation result = PromptGeometry.of(PLANTED).bifurcation();
        Fork bank = result.values().getFirst();
        assertThat(bank.delta()[8]).isCloseTo(2 * Math.sin(0.5), within(1e-6));
        assertThat(bank.base()).isEqualTo(1);
        assertThat(bank.ratio()).isCloseTo(2 * Math.sin(0.5) / (2 * Math.sin(0.0005)), within(1.0));
        assertThat(bank.onset()).isEqualTo(4);
        assertThat(result.verdict("bank")).isEqualTo(Fork.Verdict.SEPARATES);
    }

    @Test
    void theSameSentenceTwiceNeverParts() {
        Fork bat = PromptGeometry.of(PLANTED).bifurcation().values().getLast();
        assertThat(bat.delta()).containsOnly(0);
        assertThat(bat.base()).isEqualTo(-1);
        assertThat(bat.onset()).isEqualTo(-1);
        assertThat(bat.ratio()).isNaN();
        assertThat(PromptGeometry.of(PLANTED).bifurcation().verdict("bat")).isEqualTo(Fork.Verdict.NO_SEPARATION);
        assertThat(PromptGeometry.of(PLANTED).bifurcation().table().plainText()).contains("none", "no separation");
    }

    @Test
    void aControlThatGoesAsFarMeansNoSeparation() {
        assertThat(PromptGeometry.of(states(0.3)).bifurcation().verdict("bank")).isEqualTo(Fork.Verdict.NO_SEPARATION);
    }

    @Test
    void theBaseIsTheFirstLayerThatDiffersAtAll() {
        var fork = new Fork("x", "", false, "", "", new double[] {0, 1e-7, 0.1, 0.3, 0.5});
        assertThat(fork.base()).isEqualTo(2);
        assertThat(fork.ratio()).isEqualTo(5);
        assertThat(fork.onset()).isEqualTo(2);
        var late = new Fork("x", "", false, "", "", new double[] {0, 0, 0, 0, 0.5});
        assertThat(late.ratio()).isNaN();
        assertThat(late.onset()).isEqualTo(4);
    }

    @Test
    void controlsAreShownInGreyAndComparedAtTheEnd() {
        Bifurcation result = PromptGeometry.of(PLANTED).bifurcation();
        assertThat(result.plot().tree().toString()).contains("control: bank");
        assertThat(result.plot("bank").tree().toString()).contains("its control", "separates");
        assertThat(result.explain().facts())
                .containsEntry("pairs that separate", "1")
                .containsEntry("controls", "1");
        assertThat(result.test().n1()).isEqualTo(2);
    }

    @Test
    void aControlIsFoundByItsGroup() {
        var pair = new Fork("bank (river, money)", "bank", false, "", "", new double[] {0, 1});
        assertThat(pair.matches(new Fork("village", "bank", true, "", "", new double[] {0, 1})))
                .isTrue();
        assertThat(pair.matches(new Fork("village", "bat", true, "", "", new double[] {0, 1})))
                .isFalse();
        assertThat(new Fork("x", "", false, "", "", new double[1])
                        .matches(new Fork("y", "", true, "", "", new double[1])))
                .isFalse();
    }

    @Test
    void withoutControlsNothingIsClaimed() {
        var alone = MadeUp.states(
                4, 2, (layer, prompt, dimension) -> dimension + prompt * layer, List.of(PAIRS.getFirst()), "", "");
        Bifurcation result = PromptGeometry.of(alone).bifurcation();
        assertThat(result.verdict("bank")).isEqualTo(Fork.Verdict.NO_CONTROL);
        assertThat(result.table().plainText()).contains("no control");
    }

    @Test
    void aNameThatIsNotThereIsSaidWithThoseThatAre() {
        assertThatThrownBy(() -> PromptGeometry.of(PLANTED).bifurcation().plot("bass"))
                .hasMessage("bifurcation: no pair 'bass'; there are bank, bat");
    }

    @Test
    void wordsAtDifferentPositionsAreAnErrorThatNamesThePair() {
        var set = MadeUp.set(List.of(), "", "");
        var pair = new Pairing(0, 1, "bank", false);
        assertThatThrownBy(() -> WordAlignment.SAME_POSITION.check(pair, 2, 4, set))
                .hasMessageContaining(
                        "pair 'bank': the word ends at token 2 in 'prompt 0' and at token 4 in 'prompt 1'")
                .hasMessageContaining("ANY_POSITION");
        WordAlignment.SAME_POSITION.check(pair, 3, 3, set);
        WordAlignment.ANY_POSITION.check(pair, 2, 4, set);
    }
}
