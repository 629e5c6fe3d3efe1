package microtome.tensor;

import java.util.Locale;
import java.util.regex.Pattern;

/** Amounts of memory, written and read. */
final class Bytes {
    private static final Pattern AMOUNT = Pattern.compile("(\\d+)\\s*([kmgt]?)(?:i?b)?");
    private static final String UNITS = "kmgt";

    private Bytes() {}

    /** As {@code 1536 bytes (1.5 KiB)}. */
    static String text(long bytes) {
        if (bytes < 1024) {
            return bytes + " bytes";
        }
        double amount = bytes;
        int unit = -1;
        while (amount >= 1024 && unit < UNITS.length() - 1) {
            amount /= 1024;
            unit++;
        }
        var letter = Character.toUpperCase(UNITS.charAt(unit));
        return String.format(Locale.ROOT, "%d bytes (%.1f %siB)", bytes, amount, letter);
    }

    /** Reads {@code 8g}, {@code 512 MB}, {@code 1000000}; units count in powers of 1024. */
    static long of(String setting, String text) {
        var matcher = AMOUNT.matcher(text.strip().toLowerCase(Locale.ROOT));
        if (matcher.matches()) {
            try {
                int power = matcher.group(2).isEmpty() ? 0 : 1 + UNITS.indexOf(matcher.group(2));
                return Math.multiplyExact(Long.parseLong(matcher.group(1)), 1L << (10 * power));
            } catch (ArithmeticException | NumberFormatException tooMuch) {
                // The message below says what is allowed.
            }
        }
        throw new IllegalArgumentException(
                "%s is '%s'; it must be a number of bytes such as 8g, 512m or 1000000000".formatted(setting, text));
    }
}
