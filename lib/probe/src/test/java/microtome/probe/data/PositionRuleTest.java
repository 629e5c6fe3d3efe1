package microtome.probe.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

class PositionRuleTest {
    private static final float[] THREE_TOKENS = {100, 200, 1, 2, 5, 8};

    @Test
    void eachRuleTakesItsPositions() {
        assertThat(PositionRule.LAST.point(THREE_TOKENS, 3)).containsExactly(5, 8);
        assertThat(PositionRule.position(1).point(THREE_TOKENS, 3)).containsExactly(1, 2);
        assertThat(PositionRule.MEAN.point(THREE_TOKENS, 3)).containsExactly(106.0 / 3, 70);
        assertThat(PositionRule.MEAN_WITHOUT_FIRST.point(THREE_TOKENS, 3)).containsExactly(3, 5);
    }

    @Test
    void aPromptOfOneTokenKeepsIt() {
        assertThat(PositionRule.MEAN_WITHOUT_FIRST.point(new float[] {7, 9}, 1)).containsExactly(7, 9);
        assertThat(PositionRule.MEAN_WITHOUT_FIRST.readsFirst(1)).isTrue();
        assertThat(PositionRule.LAST.readsFirst(1)).isTrue();
    }

    @Test
    void knowsWhetherTheMassiveFirstPositionCounts() {
        assertThat(PositionRule.MEAN.readsFirst(3)).isTrue();
        assertThat(PositionRule.position(0).readsFirst(3)).isTrue();
        assertThat(PositionRule.MEAN_WITHOUT_FIRST.readsFirst(3)).isFalse();
        assertThat(PositionRule.LAST.readsFirst(3)).isFalse();
    }

    @Test
    void saysWhichPositionsThereAre() {
        assertThatThrownBy(() -> PositionRule.position(3).point(THREE_TOKENS, 3))
                .hasMessage("position 3: the prompt has 3 tokens, valid are 0..2");
        assertThatThrownBy(() -> PositionRule.position(-1))
                .hasMessage("position -1: counting starts at 0; the last token is PositionRule.LAST");
    }
}
