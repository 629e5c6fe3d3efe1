package microtome.model.corpus.document;

import java.util.Iterator;
import java.util.NoSuchElementException;

/** One way through a corpus, document by document; close it when done. */
public interface DocumentCursor extends Iterator<Document>, AutoCloseable {
    @Override
    default void close() {}

    /** Of documents that nobody has to close. */
    static DocumentCursor of(Iterator<Document> documents) {
        return new DocumentCursor() {
            @Override
            public boolean hasNext() {
                return documents.hasNext();
            }

            @Override
            public Document next() {
                return documents.next();
            }
        };
    }

    /** Gives the next document, or null at the end. */
    interface Supply {
        /** The next document, or null. */
        Document next();
    }

    /** Looks one document ahead. */
    static DocumentCursor of(Supply supply, Runnable close) {
        return new DocumentCursor() {
            private Document ahead;

            @Override
            public boolean hasNext() {
                if (ahead == null) {
                    ahead = supply.next();
                }
                return ahead != null;
            }

            @Override
            public Document next() {
                if (!hasNext()) {
                    throw new NoSuchElementException("there are no more documents");
                }
                Document document = ahead;
                ahead = null;
                return document;
            }

            @Override
            public void close() {
                close.run();
            }
        };
    }
}
