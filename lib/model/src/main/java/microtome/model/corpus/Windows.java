package microtome.model.corpus;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;

/**
 * Looks ahead in a corpus as far as a window reaches, sorts what it finds by length and makes batches of neighbours. The
 * batches of a corpus depend on nothing but the corpus and the options.
 */
final class Windows implements Iterator<Window> {
    private final Chunks chunks;
    private final CorpusOptions options;

    Windows(Chunks chunks, CorpusOptions options) {
        this.chunks = chunks;
        this.options = options;
    }

    @Override
    public boolean hasNext() {
        return chunks.hasNext();
    }

    @Override
    public Window next() {
        if (!hasNext()) {
            throw new NoSuchElementException("the corpus has no more documents");
        }
        var ahead = new ArrayList<Chunk>();
        for (long tokens = 0; tokens < options.batching().windowTokens() && chunks.hasNext(); ) {
            Chunk chunk = chunks.next();
            tokens += chunk.length();
            ahead.add(chunk);
        }
        ahead.sort(Comparator.comparingInt(Chunk::length).reversed()); // equal ones keep their order
        return new Window(batches(ahead), chunks.fingerprint(), chunks.taken());
    }

    private List<Batch> batches(List<Chunk> longestFirst) {
        var batches = new ArrayList<Batch>();
        int from = 0;
        while (from < longestFirst.size()) {
            int to = end(longestFirst, from);
            batches.add(new Batch(
                    longestFirst.subList(from, to), longestFirst.get(from).length(), options.skipFirst()));
            from = to;
        }
        return batches;
    }

    /** As many sequences as a batch may hold, at least one. */
    private int end(List<Chunk> longestFirst, int from) {
        Batching batching = options.batching();
        int length = longestFirst.get(from).length();
        long padding = 0;
        int to = from + 1;
        while (to < longestFirst.size()) {
            int next = longestFirst.get(to).length();
            long filled = (long) (to - from) * length;
            padding += length - next;
            boolean fits = filled + length <= batching.tokens() && padding <= batching.padding() * (filled + length);
            if (!fits || next < length && filled >= batching.paddedBelow()) {
                break;
            }
            to++;
        }
        return to;
    }
}
