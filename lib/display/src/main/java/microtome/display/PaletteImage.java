package microtome.display;

import java.awt.image.BufferedImage;
import java.awt.image.DataBuffer;
import java.awt.image.IndexColorModel;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;

/**
 * An image reduced to at most 256 of its colours. A picture in a notebook is then about a third as large, and since
 * charts are flat areas with smooth edges, the eye sees no difference.
 */
final class PaletteImage {
    private static final int MOST = 256;

    private final int[] colors; // rising
    private final int[] counts; // pixels of each colour
    private final long[] errors; // of each colour: its squared distance to the palette so far, times its pixels
    private final int[] nearest;
    private final int[] palette;

    /** Takes the commonest colour, then again and again the one that the palette so far renders worst. */
    private PaletteImage(Map<Integer, Integer> pixels) {
        colors = pixels.keySet().stream().mapToInt(Integer::intValue).sorted().toArray();
        counts = Arrays.stream(colors).map(pixels::get).toArray();
        errors = new long[colors.length];
        nearest = new int[colors.length];
        palette = new int[Math.min(MOST, colors.length)];
        Arrays.setAll(errors, index -> counts[index]);
        for (int size = 0; size < palette.length; size++) {
            var worst = 0;
            for (int index = 1; index < errors.length; index++) {
                worst = errors[index] > errors[worst] ? index : worst;
            }
            add(size, colors[worst]);
        }
    }

    static BufferedImage of(BufferedImage image) {
        var width = image.getWidth();
        var pixels = image.getRGB(0, 0, width, image.getHeight(), null, 0, width);
        var counts = new HashMap<Integer, Integer>();
        for (var pixel : pixels) {
            counts.merge(pixel & 0xffffff, 1, Integer::sum);
        }
        var palette = new PaletteImage(counts);
        var model = new IndexColorModel(8, palette.palette.length, palette.palette, 0, false, -1, DataBuffer.TYPE_BYTE);
        var reduced = new BufferedImage(width, image.getHeight(), BufferedImage.TYPE_BYTE_INDEXED, model);
        var raster = reduced.getRaster();
        for (int index = 0; index < pixels.length; index++) {
            var place = Arrays.binarySearch(palette.colors, pixels[index] & 0xffffff);
            raster.setSample(index % width, index / width, 0, palette.nearest[place]);
        }
        return reduced;
    }

    private void add(int place, int color) {
        palette[place] = color;
        for (int index = 0; index < colors.length; index++) {
            var error = distance(colors[index], color) * counts[index];
            if (place == 0 || error < errors[index]) {
                errors[index] = error;
                nearest[index] = place;
            }
        }
    }

    private static long distance(int one, int two) {
        var red = (one >> 16) - (two >> 16);
        var green = (one >> 8 & 0xff) - (two >> 8 & 0xff);
        var blue = (one & 0xff) - (two & 0xff);
        return red * red + green * green + blue * blue;
    }
}
