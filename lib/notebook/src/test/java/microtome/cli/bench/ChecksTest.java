package microtome.cli.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class ChecksTest {
    private static final Map<?, ?> OURS = Map.of("ids", List.of(1, 2), "best", 7, "logit", 12.5);

    @Test
    void theErrorOfAStateIsThatOfItsWorstRow() {
        assertThat(StatesCheck.relative(new float[] {3, 4, 0, 2}, new float[] {3, 4, 0, 1}, 2))
                .isEqualTo(1);
        assertThat(StatesCheck.relative(new float[] {3, 4}, new float[] {3, 4}, 2))
                .isZero();
    }

    @Test
    void notANumberIsTheWorstError() {
        assertThat(StatesCheck.relative(new float[] {Float.NaN, 1, 5, 6}, new float[] {1, 1, 5, 6}, 2))
                .isInfinite();
    }

    @Test
    void processesThatAgreeMayBeTimed() {
        assertThat(StartBench.agreement(OURS, Map.of("ids", List.of(1, 2), "best", 7, "logit", 12.5001)))
                .startsWith("same token ids, same most likely next token 7, its logit differs by 1.0e-04");
    }

    @Test
    void otherTokensAnotherBestOrAnotherLogitStopTheBenchmark() {
        for (Map<?, ?> theirs : List.of(
                Map.of("ids", List.of(1, 3), "best", 7, "logit", 12.5),
                Map.of("ids", List.of(1, 2), "best", 8, "logit", 12.5),
                Map.of("ids", List.of(1, 2), "best", 7, "logit", 12.51),
                Map.of("ids", List.of(1, 2), "best", 7, "logit", Double.NaN))) {
            assertThatThrownBy(() -> StartBench.agreement(OURS, theirs))
                    .isInstanceOf(WrongResult.class)
                    .hasMessageContaining("not timed");
        }
    }

    @Test
    void thePassageIsLongEnoughToBeWorthRunning() {
        assertThat(Passage.text().split("\\s+")).hasSizeGreaterThan(700);
    }
}
