package microtome.display;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

class CardTest {
    @Test
    void alignsNamesAndValues() {
        var card = Card.of("SmolLM2").row("layers", 30).row("parity", 1.23456e-5, "largest error, float32");
        assertThat(card).hasToString("""
                SmolLM2
                ───────
                layers  30
                parity  1.235e-5  (largest error, float32)""");
    }

    @Test
    void escapesItsHtml() {
        var html = (String) Card.of("<m>")
                .row("a&b", "<v>", "\"n\"")
                .row("c", 1)
                .mimeBundle()
                .get(MimeTypes.HTML);
        assertThat(html).isEqualTo("""
                <table>
                <caption><b>&lt;m&gt;</b></caption>
                <tbody>
                <tr><th align="left" style="text-align:left">a&amp;b</th><td align="left" style="text-align:left">&lt;v&gt; <i>(&quot;n&quot;)</i></td></tr>
                <tr><th align="left" style="text-align:left">c</th><td align="left" style="text-align:left">1</td></tr>
                </tbody>
                </table>""");
    }

    @Test
    void saysWhichValueIsNull() {
        assertThatThrownBy(() -> Card.of("m").row("hash", null)).hasMessage("value of row hash");
    }

    @Test
    void explanationsCarryDefinitionSourceAndSeed() {
        var explanation = Explanation.of("curvature", "angle(v_l, v_{l+1}) & <mean>")
                .n(29)
                .seed(42)
                .fact("model", "abc")
                .paper("https://arxiv.org/abs/2303.08112?a=1&b=2")
                .note("NaN where a step has length 0");
        assertThat(explanation).hasToString("""
                curvature: angle(v_l, v_{l+1}) & <mean>
                  n = 29
                  seed = 42
                  model = abc
                  see https://arxiv.org/abs/2303.08112?a=1&b=2
                  NaN where a step has length 0""");
        assertThat((String) explanation.mimeBundle().get(MimeTypes.HTML))
                .contains("<code>angle(v_l, v_{l+1}) &amp; &lt;mean&gt;</code>")
                .contains("<a href=\"https://arxiv.org/abs/2303.08112?a=1&amp;b=2\">");
    }

    @Test
    void explanationsLinkOnlyToPages() {
        assertThatThrownBy(() -> Explanation.of("x", "y").paper("javascript:alert(1)"))
                .hasMessage("x: paper \"javascript:alert(1)\" is not a link; use for example"
                        + " https://arxiv.org/abs/2303.08112");
    }
}
