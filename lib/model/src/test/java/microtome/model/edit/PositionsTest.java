package microtome.model.edit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.stream.IntStream;
import microtome.model.token.TokenSequence;
import org.junit.jupiter.api.Test;

class PositionsTest {
    private static final TokenSequence FIVE = TokenSequence.ofIds(1, 2, 3, 4, 5);

    private static int[] chosen(Positions positions, boolean grows) {
        Positions absolute = positions.in(FIVE, grows);
        return IntStream.range(0, 9).filter(absolute::has).toArray();
    }

    @Test
    void negativePositionsCountFromTheEndOfThePrompt() {
        assertThat(chosen(Positions.of(-1, 0), true)).containsExactly(0, 4);
        assertThat(chosen(Positions.range(1, -2), true)).containsExactly(1, 2, 3);
        assertThat(chosen(Positions.range(-3, -2).and(Positions.of(0)), false)).containsExactly(0, 2, 3);
    }

    @Test
    void onlyOpenEndsAndNumbersReachWhatIsGenerated() {
        assertThat(chosen(Positions.from(-2), true)).containsExactly(3, 4, 5, 6, 7, 8);
        assertThat(chosen(Positions.ALL, true)).hasSize(9);
        assertThat(chosen(Positions.of(7), true)).containsExactly(7);
        assertThat(chosen(Positions.range(0, -1), true)).containsExactly(0, 1, 2, 3, 4);
    }

    @Test
    void whatIsNotThereIsRefusedWithTheTokens() {
        assertThatThrownBy(() -> Positions.of(5).in(FIVE, false))
                .hasMessageContaining("the run has 5 tokens", "0 '#1'");
        assertThatThrownBy(() -> Positions.from(5).in(FIVE, false)).hasMessageContaining("position 5");
        assertThatThrownBy(() -> Positions.of(-6).in(FIVE, true)).hasMessageContaining("give -5..4");
        assertThatThrownBy(() -> Positions.range(4, -2).in(FIVE, true)).hasMessageContaining("which is empty");
        assertThatThrownBy(() -> Positions.range(3, 2)).hasMessageContaining("both ends are included");
        assertThatThrownBy(Positions::of).hasMessageContaining("none given");
    }

    @Test
    void theyAreCalledAsTheyWereGiven() {
        assertThat(Positions.ALL).hasToString("all");
        assertThat(Positions.from(2)).hasToString("2..");
        assertThat(Positions.of(3, -1).and(Positions.range(5, 7))).hasToString("3, -1, 5..7");
    }
}
