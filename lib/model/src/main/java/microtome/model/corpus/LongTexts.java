package microtome.model.corpus;

/** What becomes of a document that is longer than the longest sequence. */
public enum LongTexts {
    /**
     * It is cut into pieces without overlap, and every piece is read on its own. Tokens that the tokenizer puts in front
     * of a text, such as the beginning of the sequence, stand in front of every piece; of the repeated ones no row is
     * given on. Tokens that it puts behind a text stand behind the last piece.
     */
    CHUNKED,
    /** Only its beginning is read. */
    CUT
}
