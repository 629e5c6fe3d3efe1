package microtome.probe.lens;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class LogitRowTest {
    @Test
    void selectsWhatSortingWouldSelect() {
        var random = new Random(5);
        for (int vocabulary : new int[] {1, 2, 3, 31, 257, 1021}) {
            float[] logits = new float[vocabulary];
            for (int i = 0; i < logits.length; i++) {
                logits[i] = random.nextInt(40) / 4f - 5; // many ties
            }
            var row = new LogitRow(logits);
            int[] sorted = IntStream.range(0, vocabulary)
                    .boxed()
                    .sorted((a, b) -> Float.compare(row.at(b), row.at(a))) // stable: the lower id first
                    .mapToInt(Integer::intValue)
                    .toArray();
            for (int count : new int[] {1, 2, 5, vocabulary}) {
                int taken = Math.min(count, vocabulary);
                LogitRow.Top top = row.top(taken);
                assertThat(top.ids())
                        .as("%d of %d", taken, vocabulary)
                        .containsExactly(
                                IntStream.range(0, taken).map(i -> sorted[i]).toArray());
                for (int i = 0; i < taken; i++) {
                    assertThat(top.logits()[i]).isEqualTo(row.at(sorted[i]));
                }
            }
            for (int place = 0; place < vocabulary; place++) {
                assertThat(row.rank(sorted[place])).isEqualTo(place + 1);
            }
        }
    }

    @Test
    void minusInfinityRanksBehindEveryNumber() {
        var row = new LogitRow(new float[] {Float.NEGATIVE_INFINITY, 1, Float.NEGATIVE_INFINITY, 2});
        assertThat(row.top(4).ids()).containsExactly(3, 1, 0, 2);
        assertThat(row.rank(2)).isEqualTo(4);
    }
}
