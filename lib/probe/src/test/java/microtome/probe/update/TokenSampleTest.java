package microtome.probe.update;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

class TokenSampleTest {
    private static float[] sample(int capacity, int batchRows) {
        var split = new DocumentSplit(7);
        var sample = new TokenSample(capacity, 1);
        for (int from = 0; from < 60; from += batchRows) {
            int[] rows = IntStream.range(0, batchRows).toArray();
            int first = from;
            long[] priorities = IntStream.of(rows)
                    .mapToLong(row -> split.priority(0, first + row))
                    .toArray();
            sample.choose(rows, priorities, batchRows);
            var values = new float[batchRows];
            for (int row = 0; row < batchRows; row++) {
                values[row] = from + row;
            }
            sample.put(0, values, 1);
        }
        assertThat(sample.offered()).isEqualTo(60);
        return sample.rows(0, 1);
    }

    @Test
    void theSampleIsTheSmallestPrioritiesHoweverTheyCome() {
        var split = new DocumentSplit(7);
        float[] expected = new float[20];
        int[] order = IntStream.range(0, 60)
                .boxed()
                .sorted(java.util.Comparator.comparingLong(position -> split.priority(0, position)))
                .mapToInt(Integer::intValue)
                .toArray();
        for (int i = 0; i < 20; i++) {
            expected[i] = order[i];
        }
        for (int batch : new int[] {1, 5, 20, 60}) {
            assertThat(sample(20, batch)).containsExactly(expected);
        }
        assertThat(sample(100, 15)).hasSize(60).doesNotHaveDuplicates();
    }

    @Test
    void documentsAreSplitInEqualHalvesThatTheSeedDecides() {
        var split = new DocumentSplit(42);
        assertThat(LongStream.range(0, 1000).filter(split::isFit).count()).isEqualTo(500);
        var other = new DocumentSplit(43);
        long same = LongStream.range(0, 1000)
                .filter(document -> split.isFit(document) == other.isFit(document))
                .count();
        // pairs agree or differ as a whole, 500 coins: mean 500, standard deviation 2 sqrt(500) / 2
        assertThat(same).isBetween(500 - 4 * 23L, 500 + 4 * 23L);
    }
}
