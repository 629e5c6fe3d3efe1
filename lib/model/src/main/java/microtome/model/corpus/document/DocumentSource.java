package microtome.model.corpus.document;

import java.util.Optional;
import java.util.OptionalLong;

/** Where documents come from. */
interface DocumentSource {
    DocumentCursor open();

    /** How many there are, where that is known or cheap to find out. */
    OptionalLong count();

    /** A hash of everything in it; empty where it can only be read once. */
    Optional<String> fingerprint();
}
