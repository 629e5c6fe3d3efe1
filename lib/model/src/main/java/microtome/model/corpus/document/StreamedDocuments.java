package microtome.model.corpus.document;

import java.util.Iterator;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.Function;
import java.util.function.Supplier;
import microtome.model.corpus.document.Document.Content;

/** Documents from an iterator, of which nothing is known before they come. */
record StreamedDocuments<T>(String name, Supplier<Iterator<T>> items, Function<T, Content> content)
        implements DocumentSource {

    @Override
    public DocumentCursor open() {
        Iterator<T> opened = items.get();
        return DocumentCursor.of(new Iterator<>() {
            private long number;

            @Override
            public boolean hasNext() {
                return opened.hasNext();
            }

            @Override
            public Document next() {
                String source = "%s, document %d".formatted(name, number);
                return new Document(number++, source, content.apply(opened.next()));
            }
        });
    }

    @Override
    public OptionalLong count() {
        return OptionalLong.empty();
    }

    @Override
    public Optional<String> fingerprint() {
        return Optional.empty();
    }
}
