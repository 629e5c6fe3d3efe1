package microtome.model.format;

import java.util.List;

/** A reader under attack. */
public interface FuzzTarget {

    /** Good files, small, which the damaged ones are made from. */
    List<byte[]> seeds();

    /** What the format is made of: keywords, signatures, names of types. */
    List<String> words();

    /** A damaged file; by default one of the seeds with a few changes. */
    default byte[] next(Mutator mutator) {
        return mutator.damaged(seeds());
    }

    /**
     * Reads a file, which must take time and memory in proportion to its size only.
     *
     * @return what reads every value of an accepted file
     * @throws BadWeightFile for a file that is refused; nothing else may be thrown
     */
    Runnable open(byte[] content);
}
