package microtome.probe.lens;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class SettledDepthTest {
    @Test
    void isTheFirstFromWhichAllLaterOnesHold() {
        assertThat(depth(true, true, true)).isZero();
        assertThat(depth(false, false, true)).isEqualTo(2);
        assertThat(depth(true, false, true)).isEqualTo(2); // right early, but not from then on
        assertThat(depth(false, true, true)).isEqualTo(1);
        assertThat(depth(true, true, false)).isEqualTo(3); // not even at the last
    }

    private static int depth(boolean... holds) {
        return SettledDepth.of(holds.length, depth -> holds[depth]);
    }
}
