package microtome.display;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FigureTest {
    private static final String NASTY = "</script><script>alert(\"1\")</script> <!-- & 'quoted' %s %1$s @JSON@";

    private final Figure figure =
            HeatMap.of(new double[][] {{-0.98, 0.5}, {0, 1}}).figure();

    @Test
    void hasATreeHtmlAndALine() {
        var bundle = figure.mimeBundle();
        assertThat(bundle).containsOnlyKeys(MimeTypes.PLOTLY, MimeTypes.HTML, MimeTypes.TEXT);
        assertThat(bundle.get(MimeTypes.PLOTLY)).isInstanceOf(Map.class);
        assertThat(bundle.get(MimeTypes.TEXT)).isEqualTo("Figure[heat map 2 x 2, -0.98..1]");
        assertThat(figure).hasToString("Figure[heat map 2 x 2, -0.98..1]");
    }

    @Test
    void holdsThePictureInItsHtml() throws IOException {
        var matcher = Pattern.compile("src=\"data:image/png;base64,([^\"]+)\"").matcher(html(figure));
        assertThat(matcher.find()).isTrue();
        var image = ImageIO.read(new ByteArrayInputStream(Base64.getDecoder().decode(matcher.group(1))));
        assertThat(image.getWidth()).isEqualTo(2 * figure.width());
        assertThat(image.getHeight()).isEqualTo(2 * figure.height());
    }

    @Test
    void waitsForPlotlyOnAPageWideQueueAndLoadsNothing() {
        assertThat(html(figure))
                .contains("window.microtomeFigures.push(draw);", "window.microtomeDraw();", "window.Plotly.newPlot")
                .doesNotContain("http:", "https:", "src=\"//", "require(");
    }

    @Test
    void takesAFreshIdEachTime() {
        var ids = new HashSet<String>();
        for (int i = 0; i < 20; i++) {
            var matcher = Pattern.compile("<div id=\"([^\"]+)\"").matcher(html(figure));
            assertThat(matcher.find()).isTrue();
            ids.add(matcher.group(1));
        }
        assertThat(ids).hasSize(20);
    }

    @Test
    void noTextCanLeaveItsPlace() {
        var nasty = HeatMap.of(new double[][] {{1, 2}})
                .title(NASTY)
                .axisTitles(NASTY, NASTY)
                .valueTitle(NASTY)
                .rowLabels(List.of(NASTY))
                .columnLabels(List.of(NASTY, NASTY))
                .text(new String[][] {{NASTY, NASTY}})
                .hover(new String[][] {{NASTY, NASTY}})
                .figure();
        var html = html(nasty);
        assertThat(html.split("</script>", -1)).hasSize(2); // one script, ended once
        assertThat(html).doesNotContain("<!--", "<script>alert");
        assertThat(scriptTree(html)).isEqualTo(Json.read(Json.write(nasty.tree())));
    }

    @Test
    void plotlyReadsNoMarkupInTokens() {
        var map = HeatMap.of(new double[][] {{1}}).columnLabels(List.of("<s>&")).figure();
        assertThat(Json.write(map.tree())).contains("&lt;s&gt;&amp;").doesNotContain("<s>");
    }

    @Test
    void describesItselfSafelyWithoutAPicture() {
        var bare = Figure.of(NASTY, List.of(Map.of("type", "surface", "z", List.of(List.of(1, 2)))));
        assertThat(bare.png()).isNull();
        assertThat(html(bare)).contains("this figure has no static picture", "&lt;/script&gt;");
        assertThat(html(bare).split("</script>", -1)).hasSize(2);
    }

    @Test
    void setsLayoutByPathWithoutTouchingTheOriginal() {
        var changed = figure.layout("yaxis.title.text", "layer")
                .layout("title", "plain")
                .layout("new.deep.one", 1);
        assertThat(layout(changed)).containsEntry("title", Map.of("text", "plain"));
        assertThat(layout(changed)).containsEntry("new", Map.of("deep", Map.of("one", 1)));
        assertThat(Json.write(layout(changed).get("yaxis"))).contains("\"title\":{\"text\":\"layer\"}", "category");
        assertThat(layout(figure)).doesNotContainKeys("title", "new");
    }

    @Test
    void explainsPathsThatCannotBe() {
        assertThatThrownBy(() -> figure.layout("xaxis.titlefont", Map.of()))
                .hasMessage("layout path \"xaxis.titlefont\": Plotly dropped titlefont; use xaxis.title.font");
        assertThatThrownBy(() -> figure.layout("width.text", 1))
                .hasMessageMatching(
                        "layout path \"width.text\": width holds \\d+, which has no parts; set width itself");
        for (var path : List.of("", " ", ".x", "x.", "x..y")) {
            assertThatThrownBy(() -> figure.layout(path, 1)).hasMessageContaining("need names with dots between");
        }
    }

    @Test
    void takesMoreTraces() {
        var more = figure.trace(Map.of("type", "scatter", "y", List.of(1)));
        assertThat((List<?>) more.tree().get("data")).hasSize(2);
        assertThat((List<?>) figure.tree().get("data")).hasSize(1);
    }

    @Test
    void addsAPngOnlyWhenAsked() {
        assertThat(figure.withPng().mimeBundle().get(MimeTypes.PNG))
                .isEqualTo(Base64.getEncoder().encodeToString(figure.png()));
    }

    @Test
    void savesPagesPicturesAndData(@TempDir Path folder) throws IOException {
        var plotly = Files.writeString(folder.resolve("plotly.js"), "var end = '</script>';window.Plotly={};");
        figure.saveHtml(folder.resolve("bare.html"));
        figure.saveHtml(folder.resolve("full.html"), plotly);
        figure.savePng(folder.resolve("figure.png"));
        figure.saveJson(folder.resolve("figure.json"));
        assertThat(Files.readString(folder.resolve("bare.html")))
                .startsWith("<!DOCTYPE html>")
                .contains("</html>");
        var full = Files.readString(folder.resolve("full.html"));
        assertThat(full).contains("var end = '<\\/script>';");
        assertThat(full.indexOf("window.Plotly={}")).isLessThan(full.indexOf("microtomeFigures"));
        assertThat(Files.readAllBytes(folder.resolve("figure.png"))).isEqualTo(figure.png());
        assertThat(Json.read(Files.readString(folder.resolve("figure.json"))))
                .isEqualTo(Json.read(Json.write(figure.tree())));
    }

    @Test
    void saysWhenThereIsNoPictureToSave(@TempDir Path folder) {
        var bare = Figure.of("surface 2 x 2", List.of());
        assertThatThrownBy(() -> bare.savePng(folder.resolve("x.png")))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageStartingWith("Figure[surface 2 x 2] has no static picture");
    }

    private static String html(Figure figure) {
        return (String) figure.mimeBundle().get(MimeTypes.HTML);
    }

    private static Object scriptTree(String html) {
        var start = html.indexOf("var figure = ") + "var figure = ".length();
        return Json.read(html.substring(start, html.indexOf(";\n", start)));
    }

    @SuppressWarnings("unchecked")
    private static Map<String, Object> layout(Figure figure) {
        return (Map<String, Object>) figure.tree().get("layout");
    }
}
