package microtome.model.store.hub;

import java.io.IOException;
import java.io.UncheckedIOException;

/** A model of the hub that could not be had: what was asked, what the answer was, and what to do. */
public class HubProblem extends UncheckedIOException {
    private static final long serialVersionUID = 1L;

    HubProblem(String message) {
        this(message, new IOException(message));
    }

    HubProblem(String message, IOException cause) {
        super(message, cause);
    }

    /** Nobody answered, or only errors of the server: what is in the cache may still serve. */
    static final class Unreachable extends HubProblem {
        private static final long serialVersionUID = 1L;

        Unreachable(String message, IOException cause) {
            super(message, cause);
        }
    }

    /** The hub now has another file under the name that was being downloaded. */
    static final class FileChanged extends HubProblem {
        private static final long serialVersionUID = 1L;

        FileChanged(String message) {
            super(message);
        }
    }
}
