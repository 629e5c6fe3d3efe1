package microtome.cli.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class TurnsTest {
    private final List<String> order = new ArrayList<>();

    @Test
    void contendersAlternateAndEverySecondRoundGoesBackwards() {
        new Turns(1, 2).take(List.of(recorded("a"), recorded("b")));
        assertThat(order).containsExactly("b", "a", "a", "b", "b", "a");
    }

    @Test
    void warmUpsAreNotCounted() {
        List<Timings> timings = new Turns(2, 3).take(List.of(recorded("a")));
        assertThat(order).hasSize(5);
        assertThat(timings.getFirst().seconds()).containsExactly(3, 4, 5);
    }

    @Test
    void noRoundsIsRefused() {
        assertThatThrownBy(() -> new Turns(0, 0)).hasMessage("0 warm-ups and 0 rounds; need at least 0 and 1");
    }

    /** Its n-th run takes n seconds. */
    private Contender recorded(String name) {
        return Contender.of(name, () -> {
            order.add(name);
            return order.stream().filter(name::equals).count();
        });
    }
}
