package microtome.probe.depth.reading;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.NoSuchElementException;
import java.util.function.LongPredicate;
import microtome.display.Progress;
import microtome.model.LanguageModel;
import microtome.model.corpus.document.Document;
import microtome.model.corpus.document.DocumentCursor;
import microtome.model.corpus.document.Documents;
import microtome.model.token.TokenSequence;

/**
 * One way through a corpus: documents become pieces, and pieces of one length come in batches. What is skipped counts
 * towards the tokens that are read, so that every way through a corpus ends at the same document.
 */
public final class Texts implements Iterator<TextBatch>, AutoCloseable {
    private static final int BATCH = 1024;

    private final LanguageModel model;
    private final ReadOptions options;
    private final LongPredicate wanted;
    private final DocumentCursor documents;
    private final int length;
    private final Map<Integer, List<TextBatch.Piece>> waiting = new LinkedHashMap<>();
    private final List<TextBatch> ready = new ArrayList<>();
    private long rows;
    private long read;
    private long lonely;

    /**
     * Begins at the first document.
     *
     * @param model whose tokenizer reads texts
     * @param wanted the numbers of documents that are given on
     */
    public Texts(LanguageModel model, Documents documents, ReadOptions options, LongPredicate wanted) {
        this.model = model;
        this.options = options;
        this.wanted = wanted;
        this.documents = documents.open();
        this.length = Math.min(options.length(), model.config().context());
    }

    @Override
    public boolean hasNext() {
        while (ready.isEmpty() && rows < options.tokens() && documents.hasNext()) {
            Progress.stopIfInterrupted("corpus");
            take(documents.next());
        }
        if (ready.isEmpty() && !waiting.isEmpty()) {
            waiting.keySet().stream().toList().forEach(this::flush);
        }
        return !ready.isEmpty();
    }

    @Override
    public TextBatch next() {
        if (!hasNext()) {
            throw new NoSuchElementException("the corpus has no more pieces");
        }
        return ready.removeFirst();
    }

    /** Documents so far that have something to read. */
    public long documents() {
        return read;
    }

    /** Pieces so far that were too short to leave out their first positions. */
    public long lonely() {
        return lonely;
    }

    @Override
    public void close() {
        documents.close();
    }

    private void take(Document document) {
        if (document.isEmpty()) {
            return;
        }
        read++;
        int[] ids = tokens(document).ids();
        for (int from = 0; from < ids.length && rows < options.tokens(); from += length) {
            int[] piece = Arrays.copyOfRange(ids, from, Math.min(ids.length, from + length));
            lonely += piece.length <= options.skipFirst() ? 1 : 0;
            rows += piece.length - first(piece.length);
            if (wanted.test(document.number())) {
                waiting.computeIfAbsent(piece.length, _ -> new ArrayList<>())
                        .add(new TextBatch.Piece(document.number(), TokenSequence.ofIds(piece)));
                if (waiting.get(piece.length).size() * piece.length >= BATCH) {
                    flush(piece.length);
                }
            }
        }
    }

    private int first(int pieceLength) {
        return Math.min(options.skipFirst(), pieceLength - 1);
    }

    private void flush(int pieceLength) {
        ready.add(new TextBatch(waiting.remove(pieceLength), first(pieceLength)));
    }

    private TokenSequence tokens(Document document) {
        return switch (document.content()) {
            case Document.Content.Tokens(TokenSequence tokens) -> tokens;
            case Document.Content.Text(String text) -> model.tokenizer().encode(text);
        };
    }
}
