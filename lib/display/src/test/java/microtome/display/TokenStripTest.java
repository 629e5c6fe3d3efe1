package microtome.display;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import microtome.display.TokenStrip.Token;
import org.junit.jupiter.api.Test;

class TokenStripTest {
    private final TokenStrip strip = TokenStrip.of(List.of(
            Token.of(1, "<s>").addedBy("add_bos_token"),
            Token.of(504, "The"),
            Token.of(3575, " capital"),
            Token.of(198, "\n")));

    @Test
    void showsTokensIdsAndRulesAsText() {
        assertThat(strip).hasToString("""
                [0]<s> [1]The [2]␣capital [3]⏎
                ids: 1 504 3575 198
                added by add_bos_token: [0]""");
    }

    @Test
    void showsTokensIdsAndRulesAsHtml() {
        var html = html(strip);
        assertThat(html)
                .contains("title=\"position 0, id 1, added by: add_bos_token\"")
                .contains(">&lt;s&gt;</span>")
                .contains(">␣capital</span>")
                .contains("<div>added by add_bos_token: [0]</div>")
                .contains("⏎</span><br>");
        assertThat(html.split("dashed", -1)).hasSize(2);
    }

    @Test
    void colorsTokensByValue() {
        var valued = strip.values("surprise", Double.NaN, 0.25, 1, 7.125);
        assertThat(valued.toString()).endsWith("surprise: NaN 0.25 1 7.125");
        assertThat(html(valued))
                .contains("id 198, surprise: 7.125\" style=\"background-color:" + ColorScale.BLUES.css(1))
                .contains("id 504, surprise: 0.25\" style=\"background-color:" + ColorScale.BLUES.css(0));
        assertThat(html(strip.values("effect", -1, 0, 1, 2).scale(ColorScale.BLUE_RED)))
                .contains("effect: 0\" style=\"background-color:" + ColorScale.BLUE_RED.css(0.5));
        assertThatThrownBy(() -> strip.values("x", 1))
                .hasMessage("1 values for 4 tokens; give one for each, NaN for none");
    }

    @Test
    void escapesWhateverATokenOrRuleIs() {
        var nasty = TokenStrip.of(List.of(Token.of(7, "\"><script>").addedBy("\" onmouseover=\"x")));
        assertThat(html(nasty)).doesNotContain("<script>", "\" onmouseover");
    }

    @Test
    void mayBeEmpty() {
        assertThat(TokenStrip.of(List.of())).hasToString("no tokens");
        assertThat(html(TokenStrip.of(List.of()))).contains("no tokens");
    }

    private static String html(TokenStrip strip) {
        return (String) strip.mimeBundle().get(MimeTypes.HTML);
    }
}
