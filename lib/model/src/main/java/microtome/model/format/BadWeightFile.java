package microtome.model.format;

import java.nio.file.Path;
import java.util.HexFormat;

/**
 * A model file that cannot be used: truncated, damaged, hostile, or of a kind that is not read. The message says which
 * file, where in it, what was found, what is allowed, and what to do.
 */
public class BadWeightFile extends RuntimeException {
    private static final long serialVersionUID = 1L;

    /** The way out of a damaged file. */
    static final String DOWNLOAD_AGAIN = "the file is damaged or incomplete; download it again";

    private static final HexFormat HEX = HexFormat.of();
    private static final int MOST_SHOWN = 2000;

    private final transient Path path;
    private final String where;

    /** What is wrong with a file: the place in it, what was found there, what is allowed, and the way out. */
    public BadWeightFile(Path path, String where, String found, String allowed, String fix) {
        super("%s: %s: %s; allowed: %s; fix: %s".formatted(path, shown(where), shown(found), allowed, fix));
        this.path = path;
        this.where = where;
    }

    /** What a file says of itself, as text for a terminal: no control characters, and no more than fits a message. */
    private static String shown(String text) {
        StringBuilder shown = new StringBuilder();
        text.codePoints().limit(MOST_SHOWN).forEach(symbol -> {
            if (Character.isISOControl(symbol) || Character.getType(symbol) == Character.FORMAT) {
                shown.append("\\u").append(HEX.toHexDigits((char) symbol));
            } else {
                shown.appendCodePoint(symbol);
            }
        });
        return text.length() > MOST_SHOWN ? shown.append('…').toString() : shown.toString();
    }

    /** The file. */
    public Path path() {
        return path;
    }

    /** The byte offset, key or tensor that is wrong. */
    public String where() {
        return where;
    }

    /** The same error with the exception that revealed it. */
    BadWeightFile because(Throwable cause) {
        initCause(cause);
        return this;
    }
}
