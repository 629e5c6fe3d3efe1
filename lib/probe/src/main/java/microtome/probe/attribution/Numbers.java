package microtome.probe.attribution;

import java.util.Locale;

/** Numbers in running text, with a point in every country. */
final class Numbers {
    private Numbers() {}

    static String plain(double number) {
        return String.format(Locale.ROOT, "%.4f", number);
    }

    static String signed(double number) {
        return String.format(Locale.ROOT, "%+.4f", number);
    }

    static String percent(double share) {
        return String.format(Locale.ROOT, "%.2g %%", 100 * share);
    }
}
