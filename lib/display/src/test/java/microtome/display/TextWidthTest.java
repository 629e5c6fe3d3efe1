package microtome.display;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class TextWidthTest {
    @Test
    void countsTerminalColumns() {
        assertThat(TextWidth.of("abc")).isEqualTo(3);
        assertThat(TextWidth.of("東京")).isEqualTo(4);
        assertThat(TextWidth.of("한글")).isEqualTo(4);
        assertThat(TextWidth.of("e\u0301")).isEqualTo(1);
        assertThat(TextWidth.of("🙂")).isEqualTo(2);
        assertThat(TextWidth.of("␣⏎█─")).isEqualTo(4);
    }

    @Test
    void neverCutsACharacterInTwo() {
        assertThat(TextWidth.cut("🙂🙂🙂", 4)).isEqualTo("🙂…");
    }

    @Test
    void estimatesNoTextMuchNarrowerThanItIs() {
        org.junit.jupiter.api.Assumptions.assumeTrue(Lettering.isAvailable(), "no fonts on this machine");
        for (var text : new String[] {"République", "30", "probability", "␣capital", "query", "WWW", "illi", "-0.25"}) {
            var estimated = TextWidth.pixels(text, 11);
            assertThat(Lettering.width(text, 11, false)).isLessThan(estimated * 1.12 + 1);
        }
    }
}
