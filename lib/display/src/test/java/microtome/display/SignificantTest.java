package microtome.display;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class SignificantTest {
    @Test
    void keepsFiveDigitsInJson() {
        assertThat(Significant.json(0.123456789)).isEqualTo(0.12346);
        assertThat(Significant.json(-1234.5678)).isEqualTo(-1234.6);
        assertThat(Significant.json(1.234567e-30)).isEqualTo(1.2346e-30);
    }

    @Test
    void keepsWholeNumbersExactlyAndWithoutAPoint() {
        assertThat(Json.write(Significant.json(new double[] {0, -0.0, 3, 49152017, 99999.7})))
                .isEqualTo("[0,0,3,49152017,100000]");
    }

    @Test
    void hasNoNumberForWhatJsonCannotName() {
        assertThat(Significant.json(new double[] {Double.NaN, Double.NEGATIVE_INFINITY}))
                .containsExactly(null, null);
    }

    @Test
    void writesTextWithoutNoise() {
        assertThat(Significant.text(0.1 + 0.2, 4)).isEqualTo("0.3");
        assertThat(Significant.text(123456, 3)).isEqualTo("123456");
        assertThat(Significant.text(1234.567, 3)).isEqualTo("1230");
        assertThat(Significant.text(0.000123456, 3)).isEqualTo("0.000123");
        assertThat(Significant.text(0.0000123456, 3)).isEqualTo("1.23e-5");
        assertThat(Significant.text(-6.02e23, 3)).isEqualTo("-6.02e23");
        assertThat(Significant.text(Double.NaN, 3)).isEqualTo("NaN");
        assertThat(Significant.text(Double.NEGATIVE_INFINITY, 3)).isEqualTo("-∞");
    }
}
