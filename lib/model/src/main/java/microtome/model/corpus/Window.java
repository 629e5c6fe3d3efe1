package microtome.model.corpus;

import java.util.List;

/**
 * Sequences that were looked at together, as batches.
 *
 * @param fingerprint of all documents up to the end of the window
 * @param taken documents up to there, empty ones included
 */
record Window(List<Batch> batches, String fingerprint, long taken) {
    Window {
        batches = List.copyOf(batches);
    }
}
