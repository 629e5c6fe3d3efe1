package microtome.display;

import java.util.Locale;

/** Numbers of bytes for people, in the decimal units that disks and networks are sold in. */
public final class Bytes {
    private Bytes() {}

    /** Such as {@code 98.4 MB}; whole bytes below 1 kB. */
    public static String text(long bytes) {
        var unit = Unit.of(bytes);
        return "%s %s".formatted(unit.number(bytes), unit.name);
    }

    /** Such as {@code 12.3/98.4 MB}, both in the unit of the larger. */
    static String text(long done, long total) {
        var unit = Unit.of(Math.max(done, total));
        return "%s/%s %s".formatted(unit.number(done), unit.number(total), unit.name);
    }

    private record Unit(String name, double size) {
        static Unit of(long bytes) {
            if (bytes < 1_000) {
                return new Unit("B", 1);
            }
            if (bytes < 1_000_000) {
                return new Unit("kB", 1e3);
            }
            return bytes < 10_000_000_000L ? new Unit("MB", 1e6) : new Unit("GB", 1e9);
        }

        String number(long bytes) {
            return size == 1 ? Long.toString(bytes) : String.format(Locale.ROOT, "%.1f", bytes / size);
        }
    }
}
