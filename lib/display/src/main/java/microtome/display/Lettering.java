package microtome.display;

import java.awt.Font;
import java.awt.font.FontRenderContext;

/** Fonts, where the machine has any. A JDK without fonts or without its font library throws errors; then no text is painted. */
final class Lettering {
    private static final FontRenderContext CONTEXT = new FontRenderContext(null, true, true);
    private static final boolean AVAILABLE = probe();

    private Lettering() {}

    static boolean isAvailable() {
        return AVAILABLE;
    }

    static Font font(double size, boolean bold) {
        return new Font(Font.SANS_SERIF, bold ? Font.BOLD : Font.PLAIN, 1).deriveFont((float) size);
    }

    static double width(String text, double size, boolean bold) {
        return AVAILABLE ? font(size, bold).getStringBounds(text, CONTEXT).getWidth() : TextWidth.pixels(text, size);
    }

    private static boolean probe() {
        try {
            return font(12, false).getStringBounds("text", CONTEXT).getWidth() > 0;
        } catch (RuntimeException | InternalError | LinkageError noFonts) {
            return false;
        }
    }
}
