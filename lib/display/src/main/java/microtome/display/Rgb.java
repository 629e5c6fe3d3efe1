package microtome.display;

/** A colour, each part 0..255. */
record Rgb(int red, int green, int blue) {
    static final Rgb PAPER = parse("#ffffff");
    static final Rgb INK = parse("#1f2328");
    static final Rgb MUTED = parse("#59636e");
    static final Rgb GRID = parse("#e4e7eb");
    static final Rgb AXIS = parse("#8c959f");

    /** Behind the cells of a heat map, so that a missing cell differs from a white one. */
    static final Rgb GAP = parse("#e9ebee");

    static Rgb parse(String hex) {
        var value = Integer.parseInt(hex.substring(1), 16);
        return new Rgb(value >> 16, value >> 8 & 0xff, value & 0xff);
    }

    String css() {
        return "#%02x%02x%02x".formatted(red, green, blue);
    }

    String css(double opacity) {
        return "rgba(%d,%d,%d,%s)".formatted(red, green, blue, Significant.text(opacity, 2));
    }

    int packed() {
        return 0xff000000 | red << 16 | green << 8 | blue;
    }

    /** Ink or paper, whichever reads better on this colour. */
    Rgb contrast() {
        var light = luminance() + 0.05;
        return 1.05 / light >= light / (INK.luminance() + 0.05) ? PAPER : INK;
    }

    /** Relative luminance of sRGB, 0..1 (WCAG 2). */
    double luminance() {
        return 0.2126 * linear(red) + 0.7152 * linear(green) + 0.0722 * linear(blue);
    }

    Rgb mix(Rgb other, double share) {
        return new Rgb(mix(red, other.red, share), mix(green, other.green, share), mix(blue, other.blue, share));
    }

    private static int mix(int from, int to, double share) {
        return (int) Math.round(from + (to - from) * share);
    }

    private static double linear(int part) {
        var value = part / 255.0;
        return value <= 0.04045 ? value / 12.92 : Math.pow((value + 0.055) / 1.055, 2.4);
    }
}
