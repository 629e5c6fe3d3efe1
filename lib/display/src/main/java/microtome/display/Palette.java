package microtome.display;

import java.util.Arrays;
import java.util.List;

/** Colours of series: eight that colour-blind readers can tell apart (Okabe and Ito 2008), or a ramp for many in order. */
final class Palette {
    private static final List<Rgb> DISTINCT = Arrays.stream(
                    "#0072b2 #d55e00 #009e73 #cc79a7 #e69f00 #56b4e9 #1f2328 #8c6d31".split(" "))
            .map(Rgb::parse)
            .toList();

    private Palette() {}

    static Rgb color(int index, int count) {
        return count <= DISTINCT.size()
                ? DISTINCT.get(index)
                : ColorScale.VIRIDIS.at(0.92 * index / (count - 1)); // the last tenth is too light for thin lines
    }
}
