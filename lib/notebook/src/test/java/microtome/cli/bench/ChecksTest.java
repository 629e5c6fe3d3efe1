package microtome.cli.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class ChecksTest {
    private static final Map<?, ?> OURS = Map.of("ids", List.of(1, 2), "best", 7, "logit", 12.5);

    @Test
    void theErrorOfAStateIsTheRelativeDistanceOfItsRow() {
        assertThat(StatesCheck.errors(new float[] {3, 4, 0, 2, 1, 1}, new float[] {3, 4, 0, 1, 1, 1}, 2))
                .containsExactly(0, 0, 1);
    }

    @Test
    void notANumberIsTheWorstError() {
        assertThat(StatesCheck.errors(new float[] {Float.NaN, 1, 5, 6}, new float[] {1, 1, 5, 6}, 2))
                .containsExactly(0, Double.POSITIVE_INFINITY);
    }

    @Test
    void anyErrorAboveItsBoundStopsTheBenchmark() {
        var bounds = new StatesCheck(3, 2, 1);
        assertThat(new StatesCheck(3, 2, 1).within(bounds)).startsWith("against transformers in F32");
        for (var wrong : List.of(
                new StatesCheck(3.1, 2, 1),
                new StatesCheck(3, 2.1, 1),
                new StatesCheck(3, 2, 1.1),
                new StatesCheck(3, 2, Double.NaN))) {
            assertThatThrownBy(() -> wrong.within(bounds))
                    .isInstanceOf(WrongResult.class)
                    .hasMessageContaining("not timed");
        }
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
