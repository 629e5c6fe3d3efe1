package microtome.probe.geometry;

/**
 * How a path ends. The list of hidden states that the Python library transformers returns ends with the final norm in
 * place of the last depth, and most papers follow it; the jump that they show at the last layer is that norm.
 */
public enum Ending {
    /** With the stream after the last block, before the final norm. */
    STREAM,
    /** With the final norm in place of the stream after the last block. */
    FINAL_NORM_INSTEAD,
    /** With the stream after the last block, then the final norm as one more point. */
    FINAL_NORM_ADDED
}
