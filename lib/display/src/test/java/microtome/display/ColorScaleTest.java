package microtome.display;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class ColorScaleTest {
    @Test
    void viridisRisesInEvenStepsOfLightness() {
        var steps = new double[10];
        for (int i = 0; i < 10; i++) {
            steps[i] = lightness(ColorScale.VIRIDIS.at((i + 1) / 10.0)) - lightness(ColorScale.VIRIDIS.at(i / 10.0));
        }
        var mean = (lightness(ColorScale.VIRIDIS.at(1)) - lightness(ColorScale.VIRIDIS.at(0))) / 10;
        for (var step : steps) {
            assertThat(step).isBetween(mean * 0.6, mean * 1.4);
        }
    }

    @Test
    void bluesDarkenAllTheWay() {
        for (int i = 0; i < 100; i++) {
            assertThat(lightness(ColorScale.BLUES.at((i + 1) / 100.0)))
                    .isLessThan(lightness(ColorScale.BLUES.at(i / 100.0)));
        }
    }

    @Test
    void zeroIsTheLightestColourOfTheCentredScale() {
        var scale = ColorScale.BLUE_RED;
        for (int i = 1; i <= 50; i++) {
            assertThat(lightness(scale.at(0.5 + i / 100.0))).isLessThan(lightness(scale.at(0.5 + (i - 1) / 100.0)));
            assertThat(lightness(scale.at(0.5 - i / 100.0))).isLessThan(lightness(scale.at(0.5 - (i - 1) / 100.0)));
        }
        assertThat(scale.isCentered()).isTrue();
        assertThat(scale.css(0.5)).isEqualTo("#f7f7f7");
    }

    @ParameterizedTest
    @EnumSource
    void clipsBeyondItsEnds(ColorScale scale) {
        assertThat(scale.css(-3)).isEqualTo(scale.css(0));
        assertThat(scale.css(Double.POSITIVE_INFINITY)).isEqualTo(scale.css(1));
    }

    @ParameterizedTest
    @EnumSource
    void textReadsOnEveryColour(ColorScale scale) {
        for (int i = 0; i <= 100; i++) {
            var background = scale.at(i / 100.0);
            var text = background.contrast();
            var lighter = Math.max(background.luminance(), text.luminance()) + 0.05;
            var darker = Math.min(background.luminance(), text.luminance()) + 0.05;
            assertThat(lighter / darker).isGreaterThan(3.0); // WCAG 2, large text
        }
    }

    /** CIE L*, 0 black to 100 white. */
    private static double lightness(Rgb color) {
        return 116 * Math.cbrt(color.luminance()) - 16;
    }
}
