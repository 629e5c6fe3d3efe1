package microtome.model.corpus;

import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import java.util.OptionalLong;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.Consumer;
import microtome.display.InterruptedWorkException;
import microtome.display.Progress;
import microtome.model.Harvest;
import microtome.model.LanguageModel;
import microtome.model.Site;
import microtome.model.corpus.document.DocumentCursor;
import microtome.model.corpus.document.Documents;
import microtome.tensor.Engine;
import microtome.tensor.WaitInterruptedException;

/**
 * One way of a corpus through a model: windows, batches, progress and the place where it can be stopped. An interrupt stops
 * a pass; what is done with the values of a finished pass happens on a thread that no interrupt reaches.
 */
final class Streaming implements AutoCloseable {
    /** Uses the values of one batch before they are freed. */
    interface Reader {
        void read(Batch batch, Harvest values);
    }

    private final LanguageModel model;
    private final Collection<Site> sites;
    private final Documents documents;
    private final OptionalLong all;
    private final DocumentCursor cursor;
    private final Chunks chunks;
    private final Windows windows;
    private final Progress progress;
    private final ExecutorService undisturbed;
    private final Map<Long, Integer> piecesLeft = new HashMap<>();
    private final long started = System.nanoTime();
    private long finished;
    private long tokens;
    private long rows;
    private long padding;
    private long batches;
    private long ran;
    private long shown;

    Streaming(LanguageModel model, Documents documents, CorpusOptions options, Collection<Site> sites) {
        this.model = model;
        this.sites = sites;
        this.documents = documents;
        this.all = documents.count();
        this.cursor = documents.open();
        this.chunks = new Chunks(model, options, cursor);
        this.windows = new Windows(chunks, options);
        this.progress = all.isPresent() ? Progress.of("harvest", all.getAsLong()) : Progress.of("harvest");
        this.undisturbed = Executors.newSingleThreadExecutor(
                Thread.ofPlatform().daemon().name("microtome-harvest").factory());
    }

    /** Gives all windows to a reader, until the end or an interrupt, which is used up. */
    Coverage read(Consumer<Window> reader) {
        boolean complete = true;
        try {
            while (windows.hasNext()) {
                reader.accept(windows.next());
            }
        } catch (InterruptedWorkException | WaitInterruptedException stopped) {
            Thread.interrupted(); // the caller gets what there is, and nothing after it shall stop
            complete = false;
        }
        if (complete && chunks.taken() == chunks.empty()) {
            throw new IllegalArgumentException(
                    chunks.taken() == 0
                            ? "%s: the corpus is empty; give at least one text".formatted(documents)
                            : "%s: all %d documents are empty; give at least one text"
                                    .formatted(documents, chunks.taken()));
        }
        return coverage(complete);
    }

    /** Runs a batch; then its values are read undisturbed. */
    void run(Batch batch, Reader reader) {
        Engine engine = model.engine();
        if (batch.rows() > 0) {
            try (var scope = engine.openScope()) {
                var harvest = new Harvest(scope, sites);
                model.run(batch.sequences(), harvest);
                engine.synchronize();
                undisturbed(() -> reader.read(batch, harvest));
            }
        }
        ran += batch.tokens();
    }

    /** Does something that is done as a whole. */
    void undisturbed(Runnable work) {
        try {
            CompletableFuture.runAsync(work, undisturbed).join();
        } catch (CompletionException failed) {
            switch (failed.getCause()) {
                case RuntimeException cause -> throw cause;
                case Error cause -> throw cause;
                default -> throw failed;
            }
        }
    }

    /** Counts a batch whose values are where they shall be. */
    void count(Batch batch) {
        for (Chunk chunk : batch.chunks()) {
            boolean last = chunk.pieces() == 1
                    || piecesLeft.merge(chunk.document(), chunk.pieces() - 1, (left, _) -> left - 1) == 0;
            if (last) {
                piecesLeft.remove(chunk.document());
                finished++;
            }
        }
        tokens += batch.tokens();
        rows += batch.rows();
        padding += batch.padding();
        batches++;
    }

    /** Documents that were read to their end, of the batches counted so far. */
    long finished() {
        return finished;
    }

    /** Shows how far it has come, and stops here if asked to. */
    void show() {
        long done = finished + chunks.empty();
        progress.note("%,.0f tokens/s".formatted(ran / seconds()));
        progress.step(done - shown);
        shown = done;
    }

    private Coverage coverage(boolean complete) {
        return new Coverage(
                finished,
                complete ? OptionalLong.of(chunks.taken()) : all,
                chunks.empty(),
                tokens,
                rows,
                padding,
                batches,
                seconds(),
                complete);
    }

    private double seconds() {
        return (System.nanoTime() - started) / 1e9;
    }

    @Override
    public void close() {
        progress.close();
        undisturbed.close();
        cursor.close();
    }
}
