package microtome.tensor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class GrowingRowsTest {
    private static final int WIDTH = 3;

    private final Engine engine = Engine.open("reference");

    @AfterEach
    void close() {
        engine.close();
    }

    @Test
    void holdAllThatWasAppendedInItsOrder() {
        try (var rows = new GrowingRows(engine, DType.F32, WIDTH)) {
            int count = 0;
            for (int added : new int[] {1, 0, 62, 1, 1, 200}) {
                rows.append(engine.tensor(numbers(count, added), 1, added, WIDTH));
                count += added;
                assertThat(rows.count()).isEqualTo(count);
                assertThat(rows.rows().shape()).isEqualTo(Shape.of(1, count, WIDTH));
                assertThat(rows.rows().toFloats()).isEqualTo(numbers(0, count));
            }
        }
    }

    @Test
    void aViewStaysAsItWasWhileRowsArrive() {
        try (var rows = new GrowingRows(engine, DType.F32, WIDTH)) {
            rows.append(engine.tensor(numbers(0, 2), 2, WIDTH));
            Tensor view = rows.rows();
            for (int i = 2; i < 500; i++) {
                rows.append(engine.tensor(numbers(i, 1), 1, WIDTH));
            }
            assertThat(view.toFloats()).isEqualTo(numbers(0, 2));
        }
    }

    @Test
    void memoryDoublesAndNothingElseIsAllocated() {
        long before = engine.liveBytes();
        try (var rows = new GrowingRows(engine, DType.F32, WIDTH);
                var _ = engine.openScope()) {
            Tensor one = engine.tensor(numbers(0, 1), 1, WIDTH);
            long own = engine.liveBytes();
            for (int i = 1; i <= 1000; i++) {
                rows.append(one);
                long capacity = Math.max(64, i == 1 ? 1 : Integer.highestOneBit(i - 1) * 2L);
                assertThat(engine.liveBytes() - own).as("%d rows", i).isEqualTo(capacity * WIDTH * Float.BYTES);
            }
        }
        assertThat(engine.liveBytes()).isEqualTo(before);
    }

    @Test
    void outlivesTheScopeInWhichItGrew() {
        try (var rows = new GrowingRows(engine, DType.F32, WIDTH)) {
            try (var _ = engine.openScope()) {
                rows.append(engine.tensor(numbers(0, 70), 70, WIDTH));
            }
            assertThat(rows.rows().toFloats()).isEqualTo(numbers(0, 70));
        }
    }

    @Test
    void truncatedRowsGivePlaceToOthers() {
        try (var rows = new GrowingRows(engine, DType.F32, WIDTH)) {
            rows.append(engine.tensor(numbers(0, 3), 3, WIDTH));
            rows.truncate(1);
            rows.append(engine.tensor(numbers(1, 1), 1, WIDTH));
            assertThat(rows.rows().toFloats()).isEqualTo(numbers(0, 2));
            assertThatThrownBy(() -> rows.truncate(3)).hasMessage("truncate to 3 rows: there are 2; give 0..2");
        }
    }

    @Test
    void whatDoesNotFitSaysWhy() {
        var rows = new GrowingRows(engine, DType.F32, WIDTH);
        assertThatThrownBy(() -> rows.append(engine.filled(1, DType.F32, 2, 4)))
                .hasMessage("append: rows are F32 [2, 4]; they must be F32 [..., 3] of the same engine");
        assertThatThrownBy(() -> rows.append(engine.filled(1, DType.BF16, 2, WIDTH)))
                .hasMessage("append: rows are BF16 [2, 3]; they must be F32 [..., 3] of the same engine");
        try (var _ = engine.record()) {
            assertThatThrownBy(() -> rows.append(engine.filled(1, DType.F32, WIDTH)))
                    .isInstanceOf(IllegalStateException.class)
                    .hasMessageContaining("a tape is open");
        }
        rows.close();
        assertThatThrownBy(rows::rows).hasMessage("these rows are closed; make new ones");
        assertThatThrownBy(() -> new GrowingRows(engine, DType.Q8_0, 32))
                .hasMessageContaining("need at least 1 element, of a type without blocks");
    }

    private static float[] numbers(int firstRow, int rows) {
        var values = new float[rows * WIDTH];
        IntStream.range(0, values.length).forEach(i -> values[i] = firstRow * WIDTH + i);
        return values;
    }
}
