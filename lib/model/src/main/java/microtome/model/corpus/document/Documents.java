package microtome.model.corpus.document;

import java.nio.file.Path;
import java.util.Collection;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.stream.Stream;
import microtome.model.corpus.document.Document.Content;
import microtome.model.token.TokenSequence;

/**
 * The documents of a corpus, read when they are needed and never all at once. Texts are tokenised by the model that they
 * will run through; tokens are taken as they are.
 */
public final class Documents {
    private final String description;
    private final DocumentSource source;

    private Documents(String description, DocumentSource source) {
        this.description = description;
        this.source = source;
    }

    /** One document per text. */
    public static Documents of(String... texts) {
        return of(List.of(texts));
    }

    /** One document per text. */
    public static Documents of(List<String> texts) {
        return listed("texts", texts.stream().<Content>map(Content.Text::new).toList());
    }

    /** One document per sequence of tokens, which are not changed; a tokenizer is not needed. */
    public static Documents ofTokens(List<TokenSequence> sequences) {
        return listed(
                "sequences",
                sequences.stream().<Content>map(Content.Tokens::new).toList());
    }

    private static Documents listed(String what, List<Content> contents) {
        return new Documents("%,d %s".formatted(contents.size(), what), new ListedDocuments(contents));
    }

    /** One document per line of a UTF-8 file. */
    public static Documents lines(Path file) {
        return new Documents("lines of " + file, new FileDocuments(List.of(file), TextFile.LINES));
    }

    /** One document per UTF-8 file, in this order. */
    public static Documents files(Collection<Path> files) {
        String shown = files.size() == 1 ? files.iterator().next().toString() : "%,d files".formatted(files.size());
        return new Documents(shown, new FileDocuments(List.copyOf(files), TextFile.WHOLE));
    }

    /**
     * One document per line of a JSON Lines file: the text in one field of each object.
     *
     * @param field its name, such as {@code text}
     */
    public static Documents jsonLines(Path file, String field) {
        Objects.requireNonNull(field, "field");
        return new Documents(
                "field '%s' of the lines of %s".formatted(field, file),
                new FileDocuments(List.of(file), TextFile.jsonLines(field)));
    }

    /**
     * Texts from elsewhere, such as a database, that can be asked for again.
     *
     * @param name of the source, for messages
     */
    public static Documents stream(String name, Supplier<Iterator<String>> texts) {
        return streamed(name, texts, Content.Text::new);
    }

    /** Token sequences from elsewhere that can be asked for again. */
    public static Documents streamOfTokens(String name, Supplier<Iterator<TokenSequence>> sequences) {
        return streamed(name, sequences, Content.Tokens::new);
    }

    /** Texts that can be read once only; a second way through them is an error. */
    public static Documents once(String name, Iterator<String> texts) {
        return stream(name, new Once<>(name, texts));
    }

    /** Texts of a stream, which can be read once only. */
    public static Documents once(String name, Stream<String> texts) {
        return once(name, texts.iterator());
    }

    private static <T> Documents streamed(String name, Supplier<Iterator<T>> items, Function<T, Content> content) {
        return new Documents(name, new StreamedDocuments<>(name, items, content));
    }

    /** Begins a way through all documents. */
    public DocumentCursor open() {
        return source.open();
    }

    /** How many documents there are, empty ones included, where that is known; lines of a file are counted for it. */
    public OptionalLong count() {
        return source.count();
    }

    /** SHA-256 of all that is in it, read for it; empty for a stream. */
    public Optional<String> fingerprint() {
        return source.fingerprint();
    }

    /**
     * Some documents by number, for looking at what a fold found; reads the corpus up to the last of them.
     *
     * @throws IllegalArgumentException when there are fewer documents
     */
    public Map<Long, Document> find(Collection<Long> numbers) {
        var wanted = new TreeSet<>(numbers);
        var found = new TreeMap<Long, Document>();
        try (DocumentCursor cursor = open()) {
            while (found.size() < wanted.size() && cursor.hasNext()) {
                Document document = cursor.next();
                if (wanted.contains(document.number())) {
                    found.put(document.number(), document);
                }
            }
        }
        wanted.removeAll(found.keySet());
        if (!wanted.isEmpty()) {
            throw new IllegalArgumentException("%s: there is no document %d".formatted(this, wanted.first()));
        }
        return found;
    }

    @Override
    public String toString() {
        return description;
    }

    /** An iterator that is given out once. */
    private static final class Once<T> implements Supplier<Iterator<T>> {
        private final String name;
        private Iterator<T> items;

        Once(String name, Iterator<T> items) {
            this.name = name;
            this.items = items;
        }

        @Override
        public Iterator<T> get() {
            Iterator<T> given = items;
            if (given == null) {
                throw new IllegalStateException(
                        "%s was read already and cannot be read again; give a supplier: Documents.stream(name, () -> iterator)"
                                .formatted(name));
            }
            items = null;
            return given;
        }
    }
}
