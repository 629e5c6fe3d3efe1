package microtome.model.token;

/** What becomes of the text of a special token, such as {@code <|im_end|>}, inside a given text. */
public enum SpecialTokens {
    /** It is text like any other, so that a quoted document cannot end a turn. */
    TEXT,
    /** It becomes the special token. */
    PARSE
}
