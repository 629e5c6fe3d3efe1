package microtome.display;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** From numbers to colours, from a few published control points with straight lines between them. */
public enum ColorScale {
    /** Dark violet to yellow with even steps of lightness, for amounts (van der Walt and Smith 2015, CC0). */
    VIRIDIS(false, "#440154 #482475 #414487 #355f8d #2a788e #21918c #22a884 #44bf70 #7ad151 #bddf26 #fde725"),

    /** Almost white to dark blue, for shares of which most are small, such as attention (ColorBrewer 9-class Blues). */
    BLUES(false, "#f7fbff #deebf7 #c6dbef #9ecae1 #6baed6 #4292c6 #2171b5 #08519c #08306b"),

    /** Blue below zero, near white at zero, red above, for signed values (ColorBrewer 11-class RdBu, reversed). */
    BLUE_RED(true, "#053061 #2166ac #4393c3 #92c5de #d1e5f0 #f7f7f7 #fddbc7 #f4a582 #d6604d #b2182b #67001f");

    private final boolean centered;
    private final List<Rgb> points;

    ColorScale(boolean centered, String points) {
        this.centered = centered;
        this.points = Arrays.stream(points.split(" ")).map(Rgb::parse).toList();
    }

    /** True if the middle of the scale stands for zero, so that a range must reach equally far on both sides. */
    public boolean isCentered() {
        return centered;
    }

    /** The colour as {@code #rrggbb} at {@code share}, 0 at the low end and 1 at the high end; beyond them it is clipped. */
    public String css(double share) {
        return at(share).css();
    }

    /** Ink or paper colour as {@code #rrggbb}, whichever reads better on the colour at {@code share}. */
    public String textCss(double share) {
        return at(share).contrast().css();
    }

    Rgb at(double share) {
        var place = Math.clamp(share, 0.0, 1.0) * (points.size() - 1);
        var index = Math.min((int) place, points.size() - 2);
        return points.get(index).mix(points.get(index + 1), place - index);
    }

    /** The scale as Plotly wants it: pairs of share and colour. */
    List<Object> plotly() {
        var pairs = new ArrayList<Object>();
        for (int i = 0; i < points.size(); i++) {
            var share = (double) i / (points.size() - 1);
            pairs.add(List.of(Significant.json(share), points.get(i).css()));
        }
        return pairs;
    }
}
