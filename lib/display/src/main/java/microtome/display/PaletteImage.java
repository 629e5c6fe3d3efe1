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
        var height = image.getHeight();
        var pixels = image.getRGB(0, 0, width, height, null, 0, width);
        var palette = new PaletteImage(counts(pixels));
        var indices = palette.indices(pixels);
        var model = new IndexColorModel(8, palette.palette.length, palette.palette, 0, false, -1, DataBuffer.TYPE_BYTE);
        var reduced = new BufferedImage(width, height, BufferedImage.TYPE_BYTE_INDEXED, model);
        reduced.getRaster().setDataElements(0, 0, width, height, indices);
        return reduced;
    }

    /** Pixels of each colour, counted by runs since neighbours are mostly alike. */
    private static Map<Integer, Integer> counts(int[] pixels) {
        var counts = new HashMap<Integer, Integer>();
        for (int start = 0, end; start < pixels.length; start = end) {
            end = start + 1;
            while (end < pixels.length && pixels[end] == pixels[start]) {
                end++;
            }
            counts.merge(pixels[start], end - start, Integer::sum);
        }
        return counts;
    }

    private byte[] indices(int[] pixels) {
        var indices = new byte[pixels.length];
        for (int index = 0; index < pixels.length; index++) {
            indices[index] = index > 0 && pixels[index] == pixels[index - 1]
                    ? indices[index - 1]
                    : (byte) nearest[Arrays.binarySearch(colors, pixels[index])];
        }
        return indices;
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
        var red = (one >> 16 & 0xff) - (two >> 16 & 0xff);
        var green = (one >> 8 & 0xff) - (two >> 8 & 0xff);
        var blue = (one & 0xff) - (two & 0xff);
        return red * red + green * green + blue * blue;
    }
}
