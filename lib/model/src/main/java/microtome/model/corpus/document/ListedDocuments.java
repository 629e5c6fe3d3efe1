package microtome.model.corpus.document;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.stream.IntStream;
import microtome.model.corpus.document.Document.Content;
import microtome.model.token.TokenSequence;

/** Documents in memory. */
record ListedDocuments(List<Content> contents) implements DocumentSource {
    ListedDocuments {
        contents = List.copyOf(contents);
    }

    @Override
    public DocumentCursor open() {
        return DocumentCursor.of(IntStream.range(0, contents.size())
                .mapToObj(number -> new Document(number, "document " + number, contents.get(number)))
                .iterator());
    }

    @Override
    public OptionalLong count() {
        return OptionalLong.of(contents.size());
    }

    @Override
    public Optional<String> fingerprint() {
        var hash = new Fingerprint();
        for (Content content : contents) {
            switch (content) {
                case Content.Text(String text) -> hash.add(text.getBytes(StandardCharsets.UTF_8));
                case Content.Tokens(TokenSequence tokens) -> hash.add(tokens.ids());
            }
        }
        return Optional.of(hash.value());
    }
}
