package microtome.model.corpus;

import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Deque;
import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;
import microtome.display.Progress;
import microtome.model.LanguageModel;
import microtome.model.corpus.document.Document;
import microtome.model.corpus.document.DocumentCursor;
import microtome.model.corpus.document.Fingerprint;
import microtome.model.token.Token;
import microtome.model.token.TokenSequence;

/** Tokenises documents as they come and cuts them to length. Empty ones are skipped and counted. */
final class Chunks implements Iterator<Chunk> {
    private final LanguageModel model;
    private final CorpusOptions options;
    private final DocumentCursor documents;
    private final Deque<Chunk> ready = new ArrayDeque<>();
    private final Fingerprint read = new Fingerprint();
    private long empty;
    private long taken;

    /**
     * @param options for the model's context
     */
    Chunks(LanguageModel model, CorpusOptions options, DocumentCursor documents) {
        this.model = model;
        this.options = options;
        this.documents = documents;
    }

    /** Documents so far that have nothing to read. */
    long empty() {
        return empty;
    }

    /** Documents so far, empty ones included. */
    long taken() {
        return taken;
    }

    /** A hash of all that was read so far. */
    String fingerprint() {
        return read.value();
    }

    @Override
    public boolean hasNext() {
        while (ready.isEmpty() && documents.hasNext()) {
            Progress.stopIfInterrupted("corpus");
            take(documents.next());
        }
        return !ready.isEmpty();
    }

    @Override
    public Chunk next() {
        if (!hasNext()) {
            throw new NoSuchElementException("the corpus has no more documents");
        }
        return ready.remove();
    }

    private void take(Document document) {
        taken++;
        if (document.isEmpty()) {
            empty++;
            return;
        }
        TokenSequence tokens = tokens(document);
        int[] ids = tokens.ids();
        requireKnown(document, ids);
        read.add(document.number());
        read.add(ids);
        int frame = added(tokens.tokens());
        if (frame >= options.length() && ids.length > options.length()) {
            throw new IllegalArgumentException(
                    "length %d: the tokenizer puts %d tokens in front of every text, so nothing of a text would be left; need a length of at least %d"
                            .formatted(options.length(), frame, frame + 1));
        }
        cut(document.number(), ids, frame);
    }

    private TokenSequence tokens(Document document) {
        return switch (document.content()) {
            case Document.Content.Tokens(TokenSequence tokens) -> tokens;
            case Document.Content.Text(String text) -> {
                try {
                    yield model.tokenizer().encode(text);
                } catch (IllegalArgumentException refused) {
                    throw new IllegalArgumentException(
                            "%s: %s".formatted(document.source(), refused.getMessage()), refused);
                }
            }
        };
    }

    private void requireKnown(Document document, int[] ids) {
        int vocabulary = model.config().vocabulary();
        for (int position = 0; position < ids.length; position++) {
            if (ids[position] < 0 || ids[position] >= vocabulary) {
                throw new IllegalArgumentException("%s: token id %d at position %d; this model has ids 0..%d"
                        .formatted(document.source(), ids[position], position, vocabulary - 1));
            }
        }
    }

    /** Tokens at the beginning that a rule put there. */
    private static int added(List<Token> tokens) {
        int count = 0;
        while (count < tokens.size() && tokens.get(count).isAdded()) {
            count++;
        }
        return count == tokens.size() ? 0 : count;
    }

    private void cut(long document, int[] ids, int frame) {
        int length = options.length();
        if (ids.length <= length) {
            ready.add(new Chunk(document, ids, 0, 0, 1));
            return;
        }
        int step = length - frame;
        boolean whole = options.longTexts() == LongTexts.CHUNKED;
        int pieces = whole ? Math.ceilDiv(ids.length - frame, step) : 1;
        ready.add(new Chunk(document, Arrays.copyOf(ids, length), 0, 0, pieces));
        for (int piece = 1; piece < pieces; piece++) {
            int from = frame + piece * step;
            int to = Math.min(ids.length, from + step);
            int[] part = Arrays.copyOf(ids, frame + to - from);
            System.arraycopy(ids, from, part, frame, to - from);
            ready.add(new Chunk(document, part, frame, from, pieces));
        }
    }
}
