package microtome.kernel;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class ArrayTextTest {
    @Test
    void aShortArrayShowsEveryValueWithFourDigits() {
        assertThat(ArrayText.of(new double[] {1, -0.5, 3.14159265, 1e-9, 12345678.9}))
                .isEqualTo("double[5] {1, -0.5, 3.142, 1.000e-09, 1.235e+07}");
        assertThat(ArrayText.of(new float[] {0.1f, Float.NaN, Float.NEGATIVE_INFINITY}))
                .isEqualTo("float[3] {0.1, NaN, -Infinity}");
        assertThat(ArrayText.of(new long[] {Long.MAX_VALUE})).isEqualTo("long[1] {9223372036854775807}");
        assertThat(ArrayText.of(new int[0])).isEqualTo("int[0] {}");
    }

    @Test
    void aLongArrayShowsItsStartAndItsSpan() {
        assertThat(ArrayText.of(IntStream.range(0, 100).toArray()))
                .isEqualTo("int[100] {0, 1, 2, 3, 4, 5, 6, 7, 8, 9, …}  0 to 99, mean 49.5");
    }

    @Test
    void theSpanLeavesOutWhatIsNotANumberAndCountsIt() {
        var values = new double[12];
        values[11] = Double.NaN;
        assertThat(ArrayText.of(values)).endsWith("0 to 0, mean 0 (1 NaN or infinite)");
    }

    @Test
    void rowsStandBelowEachOther() {
        assertThat(ArrayText.of(new float[][] {{1, 2}, null, {3}}))
                .isEqualTo("float[3][]\n[0] float[2] {1, 2}\n[1] null\n[2] float[1] {3}");
        assertThat(ArrayText.of(new int[8][1])).endsWith("[5] int[1] {0}\n… 2 more");
    }
}
