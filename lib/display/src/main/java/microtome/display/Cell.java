package microtome.display;

/**
 * A value of a {@link Table} with what goes beside it.
 *
 * @param value what the column formats; null shows nothing
 * @param background colour as {@code #rrggbb} or null
 * @param foreground colour of the text as {@code #rrggbb} or null
 * @param tooltip text shown when the pointer rests on the cell, or null
 * @param reason why the value is missing, shown as a footnote, or null
 */
public record Cell(Object value, String background, String foreground, String tooltip, String reason) {
    /** Checks the colours, which go into HTML as they are. */
    public Cell {
        checkColor(background);
        checkColor(foreground);
    }

    /** The value alone; a {@code Cell} stays as it is. */
    public static Cell of(Object value) {
        return value instanceof Cell cell ? cell : new Cell(value, null, null, null, null);
    }

    /** NaN, with a footnote that says why. */
    public static Cell missing(String reason) {
        return new Cell(Double.NaN, null, null, null, reason);
    }

    /** This cell on the colour of {@code scale} at {@code share}, 0..1, its text in ink or paper; NaN leaves it plain. */
    public Cell shaded(ColorScale scale, double share) {
        return Double.isNaN(share) ? this : new Cell(value, scale.css(share), scale.textCss(share), tooltip, reason);
    }

    /** This cell with a text that shows when the pointer rests on it. */
    public Cell tooltip(String text) {
        return new Cell(value, background, foreground, text, reason);
    }

    boolean isNaN() {
        return value instanceof Double number && number.isNaN() || value instanceof Float single && single.isNaN();
    }

    private static void checkColor(String color) {
        if (color != null && !color.matches("#[0-9a-fA-F]{6}")) {
            throw new IllegalArgumentException("colour \"%s\": need #rrggbb, for example #d1e5f0".formatted(color));
        }
    }
}
