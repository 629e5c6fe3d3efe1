package microtome.model;

/** What an open {@link microtome.tensor.Tape} keeps of a pass, so that gradients can flow back through it. */
public enum Recording {
    /** Every value that a gradient reads. */
    EVERY_VALUE,
    /**
     * The stream between blocks only: a block is computed once more when gradients flow through it. A block inside which
     * the tap listens is recorded whole, so that gradients of what was seen there can be taken.
     *
     * @see <a href="https://arxiv.org/abs/1604.06174">Chen et al. 2016</a>
     */
    STREAM
}
