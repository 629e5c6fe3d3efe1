package microtome.display;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TableTest {
    private final Table table = Table.of(
                    Column.text("layer"),
                    Column.token("token"),
                    Column.number("probability", "%.3f"),
                    Column.of("rank"))
            .row("emb", " Paris", 0.12345, 1)
            .row("30", "東\n", 0.5, 12000);

    @Test
    void alignsItsText() {
        assertThat(table.caption("Logit lens")).hasToString("""
                Logit lens
                layer  token   probability   rank
                ─────  ──────  ───────────  ─────
                emb    ␣Paris        0.123      1
                30     東⏎           0.500  12000""");
    }

    @Test
    void escapesItsHtml() {
        var html = html(Table.of("<a>").caption("x & y").row("</td><script>\"'").note("<b>"));
        assertThat(html).isEqualTo("""
                <table>
                <caption>x &amp; y</caption>
                <thead><tr><th align="left" style="text-align:left">&lt;a&gt;</th></tr></thead>
                <tbody>
                <tr><td align="left" style="text-align:left">&lt;/td&gt;&lt;script&gt;&quot;&#39;</td></tr>
                </tbody>
                </table>
                <p>&lt;b&gt;</p>""");
    }

    @Test
    void shadesOnlyTheCellsThatAskForIt() {
        assertThat(html(table)).doesNotContain("background-color");
        var shaded =
                table.row("31", "x", Cell.of(0.9).shaded(ColorScale.VIRIDIS, 0).tooltip("0.9 \"exactly\""), 1);
        assertThat(html(shaded))
                .containsOnlyOnce("background-color")
                .contains("<td align=\"right\" style=\"text-align:right;background-color:#440154;color:#ffffff\""
                        + " title=\"0.9 &quot;exactly&quot;\">0.900</td>");
        assertThat(Cell.of(1).shaded(ColorScale.VIRIDIS, Double.NaN).background())
                .isNull();
        assertThatThrownBy(() -> new Cell(1, "red;x:url(y)", null, null, null))
                .hasMessage("colour \"red;x:url(y)\": need #rrggbb, for example #d1e5f0");
    }

    @Test
    void saysWhyAValueIsMissing() {
        var missing = table.row("1", "a", Cell.missing("one token only"), Double.NaN)
                .row("2", "b", Cell.missing("zero length"), Cell.missing("one token only"));
        assertThat(missing.toString())
                .contains("NaN [1]", "NaN [2]  NaN [1]")
                .endsWith("[1] one token only\n[2] zero length");
        assertThat(html(missing)).endsWith("<p>[1] one token only</p>\n<p>[2] zero length</p>");
    }

    @Test
    void showsNothingForNull() {
        assertThat(html(Table.of("a").row((Object) null)))
                .contains("<td align=\"left\" style=\"text-align:left\"></td>");
    }

    @Test
    void formatsNumbersOfAnyKind() {
        var whole = Table.of(Column.number("n", "%d")).row(3.0).row(4).row(5L).row(2.5);
        assertThat(whole.toString()).endsWith("  3\n  4\n  5\n2.5");
        assertThat(Table.of(Column.number("n", "%.1f")).row(3).toString()).endsWith("3.0");
        assertThat(Table.of(Column.number("n")).row(0.123456).row(1_000_000).toString())
                .endsWith(" 0.1235\n1000000");
        assertThatThrownBy(() -> Column.number("n", "%s%s"))
                .hasMessage("column n: \"%s%s\" does not format a number; use for example %.3f or %d");
        assertThatThrownBy(() -> Column.number("n", "none")).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void writesValuesInFullAsCsv(@TempDir Path folder) throws IOException {
        var file = folder.resolve("table.csv");
        table.row("a,b", "\"", Double.NaN, null).saveCsv(file);
        assertThat(Files.readString(file))
                .isEqualTo("layer,token,probability,rank\r\nemb, Paris,0.12345,1\r\n30,\"東\n\",0.5,12000\r\n"
                        + "\"a,b\",\"\"\"\",NaN,\r\n");
    }

    @Test
    void mayBeEmptyButNotWithoutColumns() {
        assertThat(Table.of("only")).hasToString("only\n────");
        assertThatThrownBy(() -> Table.of(new Column[0])).hasMessage("a table needs at least one column");
        assertThatThrownBy(() -> Table.of("a", "b").row(1))
                .hasMessage("row 0 has 1 values; the table has 2 columns: [a, b]");
    }

    @Test
    void isTheSameInItsBundle() {
        assertThat(table.mimeBundle()).containsOnlyKeys(MimeTypes.HTML, MimeTypes.TEXT);
        assertThat(table.mimeBundle().get(MimeTypes.TEXT)).isEqualTo(table.toString());
        assertThat(table.rows())
                .hasSize(2)
                .first(org.assertj.core.api.InstanceOfAssertFactories.LIST)
                .hasSize(4);
        assertThatThrownBy(() -> table.rows().add(List.of())).isInstanceOf(UnsupportedOperationException.class);
    }

    private static String html(Table table) {
        return (String) table.mimeBundle().get(MimeTypes.HTML);
    }
}
