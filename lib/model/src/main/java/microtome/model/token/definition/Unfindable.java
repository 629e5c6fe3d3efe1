package microtome.model.token.definition;

import java.security.SecureRandom;
import java.util.HexFormat;

/** Spellings that no text has: by chance, and another one in every process. */
final class Unfindable {
    private static final String MARK = mark();

    private Unfindable() {}

    private static String mark() {
        byte[] chance = new byte[Long.BYTES];
        new SecureRandom().nextBytes(chance);
        return "\ufdd0" + HexFormat.of().formatHex(chance) + "\ufdd1";
    }

    static String spelling(int id) {
        return MARK + id;
    }
}
