package microtome.display;

import static org.assertj.core.api.Assertions.assertThat;

import java.awt.image.BufferedImage;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class PainterTest {
    static Stream<String> charts() {
        return Demo.charts().keySet().stream();
    }

    @ParameterizedTest
    @MethodSource("charts")
    void theSameChartGivesTheSameBytes(String name) {
        assertThat(Demo.charts().get(name).figure().png())
                .isEqualTo(Demo.charts().get(name).figure().png());
    }

    @Test
    void paintsEachCellInTheColourOfItsValue() {
        var map = HeatMap.of(new double[][] {{0, 0.5, 1}, {Double.NaN, 7, -7}}).range(0, 1);
        var image = image(map);
        var cells = HeatMapGeometry.of(map.asGrid()).box(0);
        assertThat(pixel(image, cells, 0, 0)).isEqualTo(ColorScale.VIRIDIS.at(0));
        assertThat(pixel(image, cells, 0, 1)).isEqualTo(ColorScale.VIRIDIS.at(0.5));
        assertThat(pixel(image, cells, 0, 2)).isEqualTo(ColorScale.VIRIDIS.at(1));
        assertThat(pixel(image, cells, 1, 0)).isEqualTo(Rgb.GAP);
        assertThat(pixel(image, cells, 1, 1)).isEqualTo(ColorScale.VIRIDIS.at(1));
        assertThat(pixel(image, cells, 1, 2)).isEqualTo(ColorScale.VIRIDIS.at(0));
    }

    @Test
    void putsTheFirstRowAtTheBottomWhenAsked() {
        var map = HeatMap.of(new double[][] {{0, 0, 0}, {1, 1, 1}}).firstRowAtBottom();
        var cells = HeatMapGeometry.of(map.asGrid()).box(0);
        assertThat(pixel(image(map), cells, 0, 0)).isEqualTo(ColorScale.VIRIDIS.at(1));
    }

    @Test
    void marksClippedCellsAndNoOthers() {
        var plain = HeatMap.of(new double[][] {{0, 1}}).range(0, 1);
        var clipped = HeatMap.of(new double[][] {{0, 2}}).range(0, 1);
        var infinite =
                HeatMap.of(new double[][] {{0, Double.POSITIVE_INFINITY}}).range(0, 1);
        assertThat(clipped.figure().png()).isNotEqualTo(plain.figure().png());
        assertThat(infinite.figure().png()).isEqualTo(clipped.figure().png());
    }

    @Test
    void paintsMoreCellsThanItHasPixels() {
        var values = new double[900][900];
        for (int row = 0; row < 900; row++) {
            for (int column = 0; column < 900; column++) {
                values[row][column] = row < 450 == column < 450 ? 1 : 0;
            }
        }
        var map = HeatMap.of(values).square();
        var image = image(map);
        var box = HeatMapGeometry.of(map.asGrid()).box(0);
        assertThat(box.width()).isLessThan(600);
        assertThat(rgb(image, box.x() + box.width() / 4, box.y() + box.height() / 4))
                .isEqualTo(ColorScale.VIRIDIS.at(1));
        assertThat(rgb(image, box.x() + box.width() / 4, box.y() + box.height() * 3 / 4))
                .isEqualTo(ColorScale.VIRIDIS.at(0));
    }

    @Test
    void paintsALineWhereItsValuesAre() {
        var chart = LineChart.over(List.of("a", "b", "c"))
                .line("n", 1, 1, 1)
                .range(0, 2)
                .markers(false);
        var box = LinePlot.area(chart).box();
        assertThat(rgb(image(chart), box.centerX(), box.centerY())).isEqualTo(Palette.color(0, 1));
    }

    @Test
    void paintsBarsFromZeroToTheirValues() {
        var chart = BarChart.over(List.of("a", "b")).bars("n", 4, -4);
        var box = BarPlot.area(chart).box();
        var image = image(chart);
        assertThat(rgb(image, box.x() + box.width() / 4, box.y() + box.height() * 0.3))
                .isEqualTo(Palette.color(0, 1));
        assertThat(rgb(image, box.x() + box.width() / 4, box.y() + box.height() * 0.7))
                .isEqualTo(Rgb.PAPER);
        assertThat(rgb(image, box.x() + box.width() * 3 / 4, box.y() + box.height() * 0.7))
                .isEqualTo(Palette.color(0, 1));
    }

    @Test
    void reducesColoursWithoutAVisibleDifference() {
        var image = new BufferedImage(600, 300, BufferedImage.TYPE_INT_RGB);
        for (int x = 0; x < 600; x++) {
            for (int y = 0; y < 300; y++) {
                image.setRGB(
                        x, y, ColorScale.BLUE_RED.at((x + y / 1000.0) / 600).packed());
            }
        }
        var reduced = PaletteImage.of(image);
        for (int x = 0; x < 600; x++) {
            var one = unpack(image.getRGB(x, 7));
            var two = unpack(reduced.getRGB(x, 7));
            assertThat(Math.abs(one.red() - two.red())).isLessThanOrEqualTo(4);
            assertThat(Math.abs(one.green() - two.green())).isLessThanOrEqualTo(4);
            assertThat(Math.abs(one.blue() - two.blue())).isLessThanOrEqualTo(4);
        }
    }

    @Test
    @EnabledOnOs(value = OS.LINUX, disabledReason = "only there can fonts be taken away from one process")
    void paintsWithoutTextWhereThereAreNoFonts(@TempDir Path folder) throws IOException, InterruptedException {
        var noFonts = Files.writeString(
                folder.resolve("fonts.conf"),
                "<?xml version=\"1.0\"?><!DOCTYPE fontconfig SYSTEM \"fonts.dtd\"><fontconfig></fontconfig>");
        var java = Path.of(System.getProperty("java.home"), "bin", "java").toString();
        var builder = new ProcessBuilder(
                java,
                "-Duser.home=" + folder, // away from the list of fonts that the JDK keeps there
                "-cp",
                System.getProperty("java.class.path"),
                Demo.class.getName(),
                folder.resolve("out").toString());
        builder.environment().put("FONTCONFIG_FILE", noFonts.toString());
        builder.redirectErrorStream(true).redirectOutput(folder.resolve("log").toFile());
        var process = builder.start();
        try {
            assertThat(process.waitFor(120, TimeUnit.SECONDS)).isTrue();
        } finally {
            process.destroyForcibly();
        }
        var log = Files.readString(folder.resolve("log"));
        assertThat(process.exitValue()).as(log).isZero();
        assertThat(log).contains("text painted: false");
        for (var name : Demo.charts().keySet()) {
            assertThat(ImageIO.read(folder.resolve("out").resolve(name + ".png").toFile()))
                    .isNotNull();
        }
    }

    private static BufferedImage image(Chart chart) {
        try {
            return ImageIO.read(new ByteArrayInputStream(chart.figure().png()));
        } catch (IOException wrong) {
            throw new UncheckedIOException(wrong);
        }
    }

    /** The colour in the middle of a cell of a map of two rows and three columns. */
    private static Rgb pixel(BufferedImage image, Box cells, int row, int column) {
        return rgb(image, cells.x() + (column + 0.5) * cells.width() / 3, cells.y() + (row + 0.5) * cells.height() / 2);
    }

    private static Rgb rgb(BufferedImage image, double x, double y) {
        return unpack(image.getRGB((int) (x * Canvas.RESOLUTION), (int) (y * Canvas.RESOLUTION)));
    }

    private static Rgb unpack(int color) {
        return new Rgb(color >> 16 & 0xff, color >> 8 & 0xff, color & 0xff);
    }
}
