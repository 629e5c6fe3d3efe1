package microtome.model.generate;

import java.util.Locale;

/** Why a sequence went no further. */
public enum Ending {
    /** The model wrote a token that ends a text or a turn; it is the last token and not part of the text. */
    END_OF_TEXT,
    /** The text came to a stop string; it is cut before it. */
    STOP_STRING,
    /** All tokens that were asked for are written. */
    LENGTH,
    /** The model's context is full. */
    CONTEXT,
    /** Somebody stopped it; what was written before is kept. */
    INTERRUPTED;

    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT).replace('_', ' ');
    }
}
