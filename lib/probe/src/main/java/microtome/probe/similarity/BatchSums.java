package microtome.probe.similarity;

import java.util.List;

/** Something that is added up over batches of rows, of which no row is kept. */
interface BatchSums {
    /** Adds a batch: one matrix per layer, all with the same rows. */
    void add(List<Representation> batch);

    /** What all batches together say; only after at least one. */
    Alignments alignments();

    /** Single rows that decide the result. */
    MassiveRows massive();

    /** Batches that were added. */
    long batches();
}
